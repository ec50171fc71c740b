/** A dashboard: its lists and charts, each with its title, in as many columns as there is room for. */
import * as React from 'react';
import { Button } from '@fluentui/react-components';
import type { DashboardModel, SectionModel } from '../model';
import { Tile } from './dashboard-tile';
import { useHost } from './host';
import { RefreshIcon } from './icons';
import { say } from './metadata';

export function DashboardPage({ id }: { id: string }): React.ReactElement {
  const { model, services, switches, words } = useHost();
  const [turn, setTurn] = React.useState(0);
  const dashboard = model.dashboards.find((each) => each.id === id);
  if (!dashboard) return <div className="page-wait">{words('notModelled')}</div>;
  return (
    <div className="board" style={switches.width > 0 ? { maxInlineSize: `${switches.width}px` } : {}}>
      <div className="record-bar">
        <div className="command-bar">
          <Button
            className="command"
            appearance="subtle"
            icon={<RefreshIcon />}
            onClick={() => setTurn((before) => before + 1)}
          >
            {words('refreshAll')}
          </Button>
        </div>
      </div>
      <h1 className="board-title">{say(dashboard.label, services.lang)}</h1>
      {sectionsOf(dashboard).map((section) => (
        <React.Fragment key={section.name}>
          {section.showLabel && <h2 className="card-title">{say(section.label, services.lang)}</h2>}
          <div className={`board-grid board-grid-${section.columns}`}>
            {section.rows.flat().map((cell) => (
              <Tile key={cell.id} cell={cell} turn={turn} />
            ))}
          </div>
        </React.Fragment>
      ))}
    </div>
  );
}

const sectionsOf = ({ tabs }: DashboardModel): SectionModel[] =>
  tabs.filter(({ visible }) => visible).flatMap(({ columns }) => columns.flatMap(({ sections }) => sections));
