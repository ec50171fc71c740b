/**
 * Draws a chart. Bars are boxes of the page and only a pie needs a drawing, so there is no chart library: names wrap,
 * mirror and are read aloud as any other text, which labels on a canvas or in a generated SVG do not.
 */
import * as React from 'react';
import type { ChartModel, ViewModel } from '../model';
import { chartDefinition, type ChartDefinition } from './chart-definition';
import { columnsOf, groupsOf, type Group } from './chart-groups';
import type { Host } from './host';
import { queryText, viewQuery } from './view-query';
import type { Json } from './values';

export interface Counted {
  readonly definition: ChartDefinition;
  readonly groups: readonly Group[];
}

/** Counts the rows of the view, all of them: a chart knows no pages. */
export async function loadChart(host: Host, view: ViewModel, chart: ChartModel): Promise<Counted> {
  const { api, metadata, user, formats } = host.services;
  const definition = chartDefinition(chart);
  const table = await metadata.table(view.table);
  const query = await viewQuery(view.fetchXml, metadata, { now: new Date(), userId: user.id });
  const select = [...new Set([table.idColumn, ...columnsOf(definition, table.columns)])];
  const rows: Json[] = [];
  let next = queryText({ ...query, select, orderby: '', expand: '' });
  while (next !== '') {
    const page = await api.retrieveMultiple('form', view.table, next);
    rows.push(...page.entities);
    next = page.nextLink;
  }
  return { definition, groups: groupsOf(definition, table.columns, rows, { formats, blank: host.words('blank') }) };
}

export function Chart({ definition, groups }: Counted): React.ReactElement {
  const { shape, colors, numbersShown } = definition;
  const round = shape === 'pie' || shape === 'doughnut';
  const colorOf = (index: number): string => colors[round ? index % colors.length : 0] ?? '';
  const most = Math.max(...groups.map((each) => each.number));
  const number = (value: number): React.ReactElement => (
    <span className={`chart-number${numbersShown ? '' : ' unseen'}`}>{value}</span>
  );
  if (round) {
    return (
      <div className="chart-round">
        <Pie groups={groups} hole={shape === 'doughnut'} colorOf={colorOf} />
        <ul className="chart-legend">
          {groups.map(({ name, number: value }, index) => (
            <li key={name}>
              <span className="chart-mark" style={{ background: colorOf(index) }} />
              <Name text={name} />
              {number(value)}
            </li>
          ))}
        </ul>
      </div>
    );
  }
  return (
    <ul className={`chart-${shape}s`}>
      {groups.map(({ name, number: value }, index) => (
        <li key={name}>
          <Name text={name} />
          <span className="chart-track">
            <span
              className="chart-fill"
              style={{
                background: colorOf(index),
                [shape === 'bar' ? 'inlineSize' : 'blockSize']: `${(100 * value) / most}%`,
              }}
            />
          </span>
          {number(value)}
        </li>
      ))}
    </ul>
  );
}

/** A long code breaks between its words. */
function Name({ text }: { text: string }): React.ReactElement {
  return (
    <span className="chart-name">
      {text.split(/(?<=_)/).map((part, index) => (
        <React.Fragment key={index}>
          {index > 0 && <wbr />}
          {part}
        </React.Fragment>
      ))}
    </span>
  );
}

/** Slices are thick pieces of one circle line; its length is called 100, so that a part is its share. */
function Pie({
  groups,
  hole,
  colorOf,
}: {
  groups: readonly Group[];
  hole: boolean;
  colorOf: (index: number) => string;
}): React.ReactElement {
  const total = groups.reduce((sum, each) => sum + each.number, 0);
  const gap = groups.length > 1 ? 0.6 : 0;
  const [radius, thickness] = hole ? [38, 24] : [25, 50];
  let before = 0;
  return (
    <svg className="chart-pie" viewBox="0 0 100 100" aria-hidden="true">
      {groups.map(({ name, number }, index) => {
        const share = (100 * number) / total;
        const slice = (
          <circle
            key={name}
            cx="50"
            cy="50"
            r={radius}
            fill="none"
            stroke={colorOf(index)}
            strokeWidth={thickness}
            pathLength={100}
            strokeDasharray={`${Math.max(share - gap, 0.1)} ${100 - Math.max(share - gap, 0.1)}`}
            strokeDashoffset={-before}
            transform="rotate(-90 50 50)"
          />
        );
        before += share;
        return slice;
      })}
    </svg>
  );
}
