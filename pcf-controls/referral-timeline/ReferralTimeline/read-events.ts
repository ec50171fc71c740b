/**
 * Rows of the data set as plain events. Pure; the only file that knows how a data set is read.
 *
 * A maker may have mapped the columns to the property-sets or not, and may have taken a column out of the view: then
 * that part of an event is simply not shown. Choice values are those of the solution's global choices.
 */

/** A text, or that the person may not see it. */
export type Shown = { readonly text: string } | 'masked' | null;

export type Outcome = 'applied' | 'noChange' | 'filtered' | 'parked' | 'conflict' | 'putBack' | 'notSent' | 'other';

export interface TimelineEvent {
  readonly id: string;
  /** When it happened; null when the column is not in the view. */
  readonly when: Date | null;
  readonly direction: 'out' | 'in' | 'none';
  readonly outcome: Outcome;
  /** The environment's label of the outcome. */
  readonly outcomeLabel: string;
  /** Name of the deal's field, such as `closeDate`; empty when the event is about the whole deal. */
  readonly field: string;
  readonly from: Shown;
  readonly to: Shown;
  /** Codes of rules or errors, separated by commas. */
  readonly code: string;
  readonly message: Shown;
  readonly correlationId: string;
}

type DataSet = Pick<ComponentFramework.PropertyTypes.DataSet, 'columns' | 'records' | 'sortedRecordIds'>;
type Row = ComponentFramework.PropertyHelper.DataSetApi.EntityRecord;

const outcomes: readonly Outcome[] = ['applied', 'noChange', 'filtered', 'parked', 'conflict', 'putBack', 'notSent'];
/** First value of the publisher's choices. */
const firstValue = 489100000;

export function readEvents(dataSet: DataSet): TimelineEvent[] {
  /** Name under which the data set knows a column; empty when it is not there. */
  const column = (alias: string): string => {
    const logicalName = `cosell_${alias.toLowerCase()}`;
    return dataSet.columns.find((one) => one.alias === alias || one.name === logicalName)?.name ?? '';
  };
  const names = {
    when: column('occurredOn'),
    direction: column('direction'),
    outcome: column('outcome'),
    field: column('field'),
    from: column('oldValue'),
    to: column('newValue'),
    code: column('code'),
    message: column('message'),
    correlationId: column('correlationId'),
  };
  return dataSet.sortedRecordIds.flatMap((id) => {
    const row = dataSet.records[id];
    if (!row) return [];
    const direction = choice(row, names.direction);
    return {
      id,
      when: dateOf(row, names.when),
      direction: direction === 0 ? 'out' : direction === 1 ? 'in' : 'none',
      outcome: outcomes[choice(row, names.outcome)] ?? 'other',
      outcomeLabel: formatted(row, names.outcome),
      field: formatted(row, names.field),
      from: shown(row, names.from),
      to: shown(row, names.to),
      code: formatted(row, names.code),
      message: shown(row, names.message),
      correlationId: formatted(row, names.correlationId),
    };
  });
}

const formatted = (row: Row, column: string): string => (column ? (row.getFormattedValue(column) ?? '') : '');

const choice = (row: Row, column: string): number => (column ? Number(row.getValue(column)) - firstValue : -1);

function dateOf(row: Row, column: string): Date | null {
  // Typed as a date, but seen as ISO text as well.
  const value = column ? (row.getValue(column) as Date | string | null) : null;
  const date = new Date(value ?? NaN);
  return Number.isNaN(date.getTime()) ? null : date;
}

/** UNVERIFIED: a column that field security hides comes without value and with asterisks as its formatted value. */
function shown(row: Row, column: string): Shown {
  const text = formatted(row, column);
  if (text === '') return null;
  return /^\*+$/.test(text) && row.getValue(column) == null ? 'masked' : { text };
}
