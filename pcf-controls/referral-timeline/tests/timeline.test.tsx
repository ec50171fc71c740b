/** @jest-environment jsdom */
import { act, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { contextOf, dataSetOf, renderControl, textsOf } from '../../kit/testing';
import type { DataSetOptions } from '../../kit/testing';
import type { IInputs, IOutputs } from '../ReferralTimeline/generated/ManifestTypes';
import { ReferralTimeline } from '../ReferralTimeline/index';

const columns = {
  occurredOn: 'cosell_occurredon',
  direction: 'cosell_direction',
  outcome: 'cosell_outcome',
  field: 'cosell_field',
  oldValue: 'cosell_oldvalue',
  newValue: 'cosell_newvalue',
  code: 'cosell_code',
  message: 'cosell_message',
  correlationId: 'cosell_correlationid',
};
const labels = {
  outcome: {
    489100000: 'Applied',
    489100001: 'No change',
    489100003: 'Parked',
    489100004: 'Conflict',
    489100006: 'Not sent',
  },
};
const [applied, parked, conflict, notSent] = [489100000, 489100003, 489100004, 489100006];
const [toPartnerCenter, toCrm, nowhere] = [489100000, 489100001, 489100002];

const rows: DataSetOptions['rows'] = [
  {
    id: 'e1',
    occurredOn: new Date('2026-11-20T09:15:00Z'),
    direction: nowhere,
    outcome: applied,
    code: 'SHARED',
    correlationId: 'c-1',
  },
  {
    id: 'e2',
    occurredOn: new Date('2026-11-21T14:30:00Z'),
    direction: toPartnerCenter,
    outcome: applied,
    field: 'closeDate',
    oldValue: '2026-12-01',
    newValue: '2027-01-15',
    correlationId: 'c-2',
  },
  {
    id: 'e3',
    occurredOn: new Date('2026-11-21T15:00:00Z'),
    direction: toCrm,
    outcome: conflict,
    field: 'dealValue',
    oldValue: '{"amount":"48000","currency":"EUR"}',
    newValue: '{"amount":"52500.5","currency":"EUR"}',
    code: 'CRM_WINS',
  },
  {
    id: 'e4',
    occurredOn: new Date('2026-11-21T16:00:00Z'),
    direction: toPartnerCenter,
    outcome: parked,
    code: 'VALUE_MISSING,CLOSE_DATE_PAST',
    message: 'Deal value is empty. Close date 2020-01-01 is in the past.',
  },
];

interface ShowOptions extends Partial<DataSetOptions> {
  readonly languageId?: number;
  readonly isRTL?: boolean;
  readonly timeZoneOffset?: number;
}

function show(options: ShowOptions = {}) {
  const { languageId = 1033, isRTL = false, timeZoneOffset = 0, ...given } = options;
  const dataSet = dataSetOf({ columns, rows, labels, ...given });
  const context = () =>
    contextOf({
      parameters: { events: dataSet } as unknown as IInputs,
      texts: textsOf('referral-timeline', languageId),
      languageId,
      isRTL,
      timeZoneOffset,
    });
  const rendered = renderControl<IInputs, IOutputs>(ReferralTimeline, context());
  return { dataSet, again: () => rendered.update(context()), ...rendered };
}

const items = () => screen.getAllByRole('listitem').map((item) => item.textContent ?? '');
const press = (name: RegExp, within_: HTMLElement = document.body) =>
  act(async () => userEvent.click(within(within_).getByRole('button', { name })));

describe('R-086, R-092, M-12: the history of a deal, with its failures', () => {
  test('events stand newest first under the day on which they happened', () => {
    show();
    expect(screen.getAllByRole('heading').map((day) => day.textContent)).toEqual([
      'Saturday, November 21, 2026',
      'Friday, November 20, 2026',
    ]);
    expect(items().map((text) => /Parked|Conflict|Est. close date|shared/.exec(text)?.[0])).toEqual([
      'Parked',
      'Conflict',
      'Est. close date',
      'shared',
    ]);
  });

  test('the day is that of the person, not that of the server', () => {
    show({ timeZoneOffset: 10 * 60 });
    expect(screen.getAllByRole('heading').map((day) => day.textContent)).toEqual([
      'Sunday, November 22, 2026',
      'Friday, November 20, 2026',
    ]);
  });

  test('a change shows its field, its way, and both values as a person writes them', () => {
    show();
    const [, money, date] = items();
    expect(money).toMatch(/^Deal value.*Conflict.*From Partner Center/);
    expect(money).toContain('48,000 EUR → 52,500.5 EUR');
    expect(money).toContain('the value from Dynamics 365 was kept');
    expect(date).toMatch(/To Partner Center/);
    expect(date).toContain('12/1/26 → 1/15/27');
  });

  test('a code without values to fill in is told in the language of the person', () => {
    show({ languageId: 1036, rows: [{ ...rows[3]!, code: 'VALUE_MISSING,CONSENT_MISSING' }] });
    expect(items()[0]).toContain('La valeur de l’affaire est vide');
    expect(items()[0]).toContain('Le consentement du client');
    expect(items()[0]).not.toContain('Deal value is empty');
  });

  test('a code whose text needs values is told in the words of the connector', () => {
    show();
    expect(items()[0]).toContain('Close date 2020-01-01 is in the past.');
    expect(items()[0]).not.toContain('{');
  });

  test('a code and a field that this version does not know are shown as they are', () => {
    show({
      rows: [
        {
          id: 'x',
          occurredOn: new Date(0),
          direction: 5,
          outcome: 489100099,
          field: 'somethingNew',
          code: 'BRAND_NEW',
          newValue: 'v',
        },
      ],
    });
    expect(items()[0]).toContain('somethingNew');
    expect(items()[0]).toContain('BRAND_NEW');
    expect(items()[0]).toContain('(empty) → v');
  });

  test('the filters show changes alone, problems alone, or everything', async () => {
    show({ rows: [...rows, { id: 'e5', occurredOn: new Date(0), outcome: notSent, field: 'name', code: 'NOT_OURS' }] });
    expect(screen.getByRole('status').textContent).toBe('5 events');
    await press(/^Problems$/);
    expect(items()).toHaveLength(3);
    await press(/^Changes$/);
    expect(items()).toHaveLength(3);
    expect(screen.getByRole('button', { name: 'Changes' }).getAttribute('aria-pressed')).toBe('true');
    await press(/^All$/);
    expect(items()).toHaveLength(5);
  });

  test('a filter that matches nothing says so', async () => {
    show({ rows: rows.slice(0, 1) });
    await press(/^Problems$/);
    expect(document.body.textContent).toContain('There is nothing to show here.');
  });

  test('a filter that matches nothing so far says that more may come', async () => {
    show({ rows: [...rows.slice(0, 1), rows[3]!], pageSize: 1 });
    await press(/^Problems$/);
    expect(document.body.textContent).toContain('among the events loaded so far');
  });

  test('more events are loaded page by page until there are no more', async () => {
    const { again } = show({ pageSize: 2 });
    expect(items()).toHaveLength(2);
    await press(/Load more/);
    again();
    expect(items()).toHaveLength(4);
    expect(screen.queryByRole('button', { name: /Load more/ })).toBeNull();
  });

  test('whoever loads more by keyboard goes on at the first event that is new', async () => {
    const { again } = show({ pageSize: 2 });
    screen.getByRole('button', { name: /Load more/ }).focus();
    await press(/Load more/);
    again();
    expect(document.activeElement?.closest('li')?.textContent).toBe(items()[2]);
  });

  test('whoever loads more, and nothing of it passes the filter, goes on at the filters', async () => {
    const { again } = show({ rows: [rows[3]!, ...rows.slice(0, 1)], pageSize: 1 });
    await press(/^Problems$/);
    const shown = items().length;
    await press(/Load more/);
    again();
    expect([items().length, document.activeElement?.closest('[role=group]')]).toEqual([
      shown,
      screen.getByRole('group'),
    ]);
  });

  test('details show the correlation id, and copy it', async () => {
    const copied: string[] = [];
    Object.defineProperty(navigator, 'clipboard', {
      configurable: true,
      value: { writeText: (text: string) => Promise.resolve(void copied.push(text)) },
    });
    show({ rows: rows.slice(1, 2) });
    expect(document.body.textContent).not.toContain('c-2');
    const details = screen.getByRole('button', { name: 'Details' });
    expect(details.getAttribute('aria-expanded')).toBe('false');
    await press(/Details/);
    expect(document.body.textContent).toContain('Correlation ID: c-2');
    await press(/Copy ID/);
    expect(copied).toEqual(['c-2']);
    expect(document.body.textContent).toContain('ID copied');
  });

  test('when copying is not allowed, the person is told to select the id', async () => {
    Object.defineProperty(navigator, 'clipboard', { configurable: true, value: undefined });
    show({ rows: rows.slice(1, 2) });
    await press(/Details/);
    await press(/Copy ID/);
    expect(document.body.textContent).toContain('Select the ID above');
  });

  test('the connector’s own words stand in the details when the row says it in the person’s language', async () => {
    show({ rows: [{ ...rows[3]!, code: 'VALUE_MISSING' }] });
    expect(document.body.textContent).not.toContain('in the past');
    await press(/Details/);
    expect(document.body.textContent).toContain(
      'Message of the connector: Deal value is empty. Close date 2020-01-01 is in the past.',
    );
  });

  test('the event’s own form is opened', async () => {
    const { dataSet } = show({ rows: rows.slice(1, 2) });
    await press(/Details/);
    await press(/Open event/);
    expect(dataSet.done.opened).toEqual([{ id: { guid: 'e2' }, etn: 'cosell_syncevent', name: '' }]);
  });

  test('a long value is cut until the details are opened, and never inside a character', async () => {
    const long = '😀'.repeat(200);
    show({ rows: [{ id: 'l', occurredOn: new Date(0), outcome: applied, field: 'dealNotes', newValue: long }] });
    expect(items()[0]).toContain(`${'😀'.repeat(120)}…`);
    expect(items()[0]).not.toContain('\ufffd');
    await press(/Details/);
    expect(items()[0]).toContain(long);
  });

  test('a masked column says so instead of a value', () => {
    show({
      rows: [{ id: 'm', occurredOn: new Date(0), outcome: applied, field: 'dealNotes', oldValue: null, newValue: 'x' }],
      labels: { ...labels, oldValue: { '': '********' } },
    });
    expect(items()[0]).toContain('You don’t have permission to see this.');
  });

  test('a value that is only asterisks is a value', () => {
    show({
      rows: [{ id: 'm', occurredOn: new Date(0), outcome: applied, field: 'name', oldValue: 'x', newValue: '***' }],
    });
    expect(items()[0]).toContain('x → ***');
  });

  test('while rows are on their way the list says so', () => {
    show({ loading: true });
    expect(document.body.textContent).toContain('Loading the history');
    expect(screen.queryByRole('listitem')).toBeNull();
  });

  test('a deal without events says so', () => {
    show({ rows: [] });
    expect(document.body.textContent).toContain('Nothing has been exchanged with Partner Center yet.');
    expect(screen.queryByRole('group')).toBeNull();
  });

  test('a failure is told without its technical text, and can be tried again', async () => {
    const { dataSet } = show({ error: 'SecLib::AccessCheckEx failed' });
    expect(document.body.textContent).toContain('The history could not be loaded.');
    expect(document.body.textContent).not.toContain('SecLib');
    await press(/Try again/);
    expect(dataSet.done.refreshed).toBe(1);
  });

  test('a view without some of the columns still shows what it has', () => {
    show({ columns: { field: 'cosell_field', newValue: 'cosell_newvalue' } });
    expect(items()).toHaveLength(4);
    expect(screen.getByRole('heading').textContent).toBe('No date');
  });

  test('columns are found by their logical names when a maker mapped none', () => {
    const dataSet = dataSetOf({ columns, rows, labels });
    for (const column of dataSet.columns) column.alias = column.name;
    const context = contextOf({
      parameters: { events: dataSet } as unknown as IInputs,
      texts: textsOf('referral-timeline'),
    });
    renderControl<IInputs, IOutputs>(ReferralTimeline, context);
    expect(items()[2]).toContain('12/1/26 → 1/15/27');
  });

  test('from right to left the arrow points the other way', () => {
    show({ isRTL: true, rows: rows.slice(1, 2) });
    expect(screen.getByRole('img', { name: 'became' }).textContent).toBe('←');
  });

  test('after a refresh a changed event shows its new values, and opened details stay open', async () => {
    const { update } = show({ rows: rows.slice(1, 2) });
    await press(/Details/);
    const refreshed = dataSetOf({ columns, labels, rows: [{ ...rows[1]!, newValue: '2027-02-28' }] });
    update(contextOf({ parameters: { events: refreshed } as unknown as IInputs, texts: textsOf('referral-timeline') }));
    expect(items()[0]).toContain('12/1/26 → 2/28/27');
    expect(screen.getByRole('button', { name: 'Hide details' })).toBeTruthy();
    await press(/Open event/);
    expect(refreshed.done.opened).toHaveLength(1);
  });

  test('taking the control away twice does no harm', () => {
    const { destroy, control } = show();
    destroy();
    expect(() => control.destroy()).not.toThrow();
  });
});
