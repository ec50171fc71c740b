/** A data set in memory for unit tests of dataset controls: pages over given rows. Tests only. */
import { refuse } from './formatting';

type Value = string | number | boolean | Date | null;

export interface DataSetOptions {
  /** Property-set name (alias) -> logical name of the column. Columns that are not here are not in the view. */
  readonly columns: Readonly<Record<string, string>>;
  /** Values by alias. `id` is the record's identifier. */
  readonly rows: readonly ({ readonly id: string } & Readonly<Record<string, Value>>)[];
  /** Labels for what the platform shows formatted: alias -> value -> text. */
  readonly labels?: Readonly<Record<string, Readonly<Record<string | number, string>>>>;
  readonly pageSize?: number;
  readonly loading?: boolean;
  readonly error?: string;
  readonly table?: string;
}

export interface TestDataSet extends ComponentFramework.PropertyTypes.DataSet {
  /** Records that were opened and how often data was asked for again. */
  readonly done: { readonly opened: ComponentFramework.EntityReference[]; refreshed: number };
}

export function dataSetOf(options: DataSetOptions): TestDataSet {
  const { columns, rows, labels = {}, pageSize = 50, loading = false, error, table = 'cosell_syncevent' } = options;
  const done: TestDataSet['done'] = { opened: [], refreshed: 0 };
  let pages = 1;
  const shown = () => (loading || error !== undefined ? [] : rows.slice(0, pages * pageSize));
  const aliasOf = (name: string): string =>
    Object.keys(columns).find((alias) => alias === name || columns[alias] === name) ?? '';
  const record = (row: DataSetOptions['rows'][number]): ComponentFramework.PropertyHelper.DataSetApi.EntityRecord => ({
    getRecordId: () => row.id,
    getNamedReference: () => ({ id: { guid: row.id }, etn: table, name: '' }),
    // The platform answers null for an empty column, although its type does not say so.
    getValue: (name) => (row[aliasOf(name)] ?? null) as string,
    getFormattedValue: (name) => {
      const value = row[aliasOf(name)] ?? '';
      return value instanceof Date ? value.toISOString() : (labels[aliasOf(name)]?.[String(value)] ?? String(value));
    },
  });
  return {
    done,
    loading,
    error: error !== undefined,
    errorMessage: error ?? '',
    columns: Object.entries(columns).map(([alias, name], order) => ({
      name,
      alias,
      order,
      displayName: name,
      dataType: 'SingleLine.Text',
      visualSizeFactor: 1,
    })),
    get records() {
      return Object.fromEntries(shown().map((row) => [row.id, record(row)]));
    },
    get sortedRecordIds() {
      return shown().map((row) => row.id);
    },
    paging: {
      pageSize,
      totalResultCount: rows.length,
      firstPageNumber: 1,
      get lastPageNumber() {
        return pages;
      },
      get hasNextPage() {
        return pages * pageSize < rows.length;
      },
      hasPreviousPage: false,
      loadNextPage: () => void (pages += 1),
      loadPreviousPage: () => refuse('paging.loadPreviousPage'),
      reset: () => void (pages = 1),
      setPageSize: () => refuse('paging.setPageSize'),
      loadExactPage: () => refuse('paging.loadExactPage'),
    },
    sorting: [],
    filtering: {
      getFilter: () => refuse('getFilter'),
      setFilter: () => refuse('setFilter'),
      clearFilter: () => refuse('clearFilter'),
    },
    linking: { getLinkedEntities: () => [], addLinkedEntity: () => refuse('linking.addLinkedEntity') },
    clearSelectedRecordIds: () => undefined,
    getSelectedRecordIds: () => [],
    setSelectedRecordIds: () => undefined,
    getTargetEntityType: () => table,
    getTitle: () => 'Sync Events',
    getViewId: () => '00000000-0000-0000-0000-000000000000',
    openDatasetItem: (reference) => void done.opened.push(reference),
    refresh: () => void (done.refreshed += 1),
  };
}
