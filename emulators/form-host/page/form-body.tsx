/**
 * Tabs, columns, sections and cells of a form. All tabs stay mounted; those that are not shown tell
 * their code components that they are not visible.
 */
import * as React from 'react';
import { Tab, TabList } from '@fluentui/react-components';
import type { CellModel, SectionModel, TabModel } from '../model';
import { Cell } from './cell';
import { placed, isShown } from './form-layout';
import type { FormSession } from './form-session';
import { useHost } from './host';
import { say } from './metadata';

export function FormTabs({ session }: { session: FormSession }): React.ReactElement {
  const { services } = useHost();
  const shown = session.form.tabs.filter((tab) => session.part(tab.name).visible ?? tab.visible);
  return (
    <TabList
      className="form-tabs"
      selectedValue={session.tab}
      onTabSelect={(_, data) => {
        session.tab = String(data.value);
        session.changed();
      }}
    >
      {shown.map((tab) => (
        <Tab key={tab.name} value={tab.name} data-tab={tab.name}>
          {session.part(tab.name).label ?? say(tab.label, services.lang, tab.name)}
        </Tab>
      ))}
    </TabList>
  );
}

export function FormBody({ session }: { session: FormSession }): React.ReactElement {
  const { services } = useHost();
  const opened = React.useRef(new Set<string>());
  opened.current.add(session.tab);
  return (
    <>
      {/* A tab is drawn when it is first opened, and stays. */}
      {session.form.tabs
        .filter((tab) => opened.current.has(tab.name))
        .map((tab) => (
          <div
            key={tab.name}
            className="tab-page"
            role="tabpanel"
            hidden={tab.name !== session.tab}
            data-tab-page={tab.name}
          >
            <h2 className="unseen">{session.part(tab.name).label ?? say(tab.label, services.lang, tab.name)}</h2>
            <TabPage session={session} tab={tab} visible={tab.name === session.tab} />
          </div>
        ))}
    </>
  );
}

function TabPage({
  session,
  tab,
  visible,
}: {
  session: FormSession;
  tab: TabModel;
  visible: boolean;
}): React.ReactElement {
  return (
    <>
      {tab.columns.map((column, index) => (
        <div
          key={index}
          className="tab-column"
          style={{ flexBasis: column.width === '100%' ? '100%' : `calc(${column.width} - 8px)` }}
        >
          {column.sections.map((section) => (
            <Section key={section.name} session={session} tab={tab} section={section} visible={visible} />
          ))}
        </div>
      ))}
    </>
  );
}

function Section({
  session,
  tab,
  section,
  visible,
}: {
  session: FormSession;
  tab: TabModel;
  section: SectionModel;
  visible: boolean;
}): React.ReactElement | null {
  const { services } = useHost();
  const state = session.part(`${tab.name}/${section.name}`);
  const label = state.label ?? say(section.label, services.lang);
  const places = placed(session.form).filter((each) => each.section === section && isShown(session, each));
  if (!(state.visible ?? section.visible) || places.length === 0) return null;
  return (
    <section className="card" aria-label={label} data-section={section.name}>
      {section.showLabel && label !== '' && <h2 className="card-title">{label}</h2>}
      <div className={`card-grid card-grid-${section.columns}`}>
        {places.map((place) => (
          <div key={place.name} className="card-place" style={positionOf(section, place.cell)}>
            <Cell session={session} place={place} visible={visible} />
          </div>
        ))}
      </div>
    </section>
  );
}

/**
 * Rows and columns as the form gives them; in a narrow form everything stands in one column. Empty rows only continue
 * a cell that spans several, whose height here is its content's, so they take no room.
 */
function positionOf(section: SectionModel, cell: CellModel): React.CSSProperties {
  const rows = section.rows.filter((cells) => cells.length > 0);
  const row = rows.findIndex((cells) => cells.includes(cell));
  const before = rows[row]?.slice(0, rows[row]?.indexOf(cell)) ?? [];
  const column = before.reduce((sum, each) => sum + each.colSpan, 1);
  return { gridRowStart: row + 1, gridColumn: `${column} / span ${Math.min(cell.colSpan, section.columns)}` };
}
