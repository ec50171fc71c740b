/**
 * The data set of a code component on a sub-grid: rows of a view that belong to the record, in pages,
 * sortable, with formatted values.
 *
 * Microsoft Learn: "DataSet", "Paging", "EntityRecord". Filtering by the control and linked tables are
 * not modelled and throw.
 */
import type { DataSetBinding, ViewModel } from '../model';
import type { FormSession } from './form-session';
import type { TableInfo } from './metadata';
import { NotModelled, strict } from './strict';
import { formatted, fromWire, isLookup, wireName, type Json, type Reference } from './values';
import { queryText, viewQuery, type ViewQuery } from './view-query';

export interface DataSetOptions {
  readonly session: FormSession;
  readonly binding: DataSetBinding;
  readonly view: ViewModel;
  readonly caller: string;
  readonly openForm: (entityName: string, entityId: string) => void;
  readonly now: () => Date;
  /** Called whenever the control must be drawn again. */
  readonly changed: () => void;
}

export class DataSetSource {
  private rows: Json[] = [];
  private nextLink = '';
  private loading = true;
  private error = '';
  private pageSize = 50;
  private page = 1;
  private sorting: { name: string; sortDirection: -1 | 0 | 1 }[] = [];
  private selected: string[] = [];
  private total = -1;
  private table: TableInfo | undefined;
  private query: ViewQuery | undefined;
  private turn = 0;
  /** Counts up, so that the owner sees that there is something new. */
  version = 0;

  constructor(private readonly options: DataSetOptions) {}

  /** Reads the first page; `recordId` empty means an unsaved record, which has no rows. */
  async refresh(): Promise<void> {
    const { session, binding, view, now } = this.options;
    const turn = ++this.turn;
    this.loading = true;
    this.announce();
    try {
      this.table = await session.services.metadata.table(binding.table);
      this.query = await viewQuery(view.fetchXml, session.services.metadata, {
        now: now(),
        userId: session.services.user.id,
      });
      this.sorting = this.sorting.length > 0 ? this.sorting : sortingOf(this.query);
      if (session.id === '') this.take([], '', 0, true);
      else await this.read(this.text(), turn, true);
    } catch (error) {
      if (turn !== this.turn) return;
      this.error = (error as { message?: string }).message ?? 'The rows could not be read';
      this.loading = false;
      this.announce();
    }
  }

  private text(): string {
    const { session, binding } = this.options;
    const lookup = this.table?.lookups.get(binding.relationship);
    if (!lookup) throw new NotModelled(`the relationship ${binding.relationship} of ${binding.table}`);
    const query = this.query as ViewQuery;
    const orderby = this.sorting
      .map(({ name, sortDirection }) => `${this.wire(name)}${sortDirection === 1 ? ' desc' : ''}`)
      .join(',');
    return `${queryText({ ...query, orderby }, `_${lookup.column}_value eq ${session.id}`)}&$count=true`;
  }

  private wire(name: string): string {
    const column = this.table?.columns.get(name);
    return column ? wireName(column) : name;
  }

  private async read(text: string, turn: number, fresh: boolean): Promise<void> {
    const { session, binding, caller } = this.options;
    const page = await session.services.api.retrieveMultiple(caller, binding.table, text, this.pageSize);
    if (turn !== this.turn) return;
    this.take(page.entities, page.nextLink, this.total, fresh);
  }

  private take(rows: Json[], nextLink: string, total: number, fresh: boolean): void {
    this.rows = fresh ? rows : [...this.rows, ...rows];
    this.nextLink = nextLink;
    this.total = nextLink === '' ? this.rows.length : total;
    this.page = fresh ? 1 : this.page + 1;
    this.error = '';
    this.loading = false;
    this.announce();
  }

  private announce(): void {
    this.version += 1;
    this.options.changed();
  }

  private more(): void {
    if (this.nextLink === '' || this.loading) return;
    this.loading = true;
    this.announce();
    const turn = ++this.turn;
    this.read(this.nextLink, turn, false).catch((error: { message?: string }) => {
      this.error = error.message ?? '';
      this.loading = false;
      this.announce();
    });
  }

  /** The object that the control sees as `parameters.<name>`. */
  facade(): object {
    const { view, binding, session } = this.options;
    const ids = this.rows.map((row) => this.idOf(row));
    const aliasOf = (column: string): string =>
      Object.entries(binding.columns).find(([, name]) => name === column)?.[0] ?? column;
    return strict('DataSet', {
      columns: view.columns.map(({ name, width }, order) => ({
        name,
        alias: aliasOf(name),
        displayName: this.table?.columns.get(name)?.label ?? name,
        dataType: dataTypeOf(this.table, name),
        order,
        visualSizeFactor: width,
        isPrimary: this.table?.nameColumn === name,
        isHidden: false,
        disableSorting: false,
      })),
      addColumn: () => {
        throw new NotModelled('DataSet.addColumn');
      },
      error: this.error !== '',
      errorMessage: this.error,
      loading: this.loading,
      records: Object.fromEntries(this.rows.map((row) => [this.idOf(row), this.record(row)])),
      sortedRecordIds: ids,
      sorting: this.sorting,
      filtering: strict('DataSet.filtering', {}),
      linking: strict('DataSet.linking', {}),
      paging: strict('DataSet.paging', {
        totalResultCount: this.total,
        firstPageNumber: 1,
        lastPageNumber: this.page,
        pageSize: this.pageSize,
        hasNextPage: this.nextLink !== '',
        hasPreviousPage: false,
        loadNextPage: () => this.more(),
        loadPreviousPage: () => undefined,
        reset: () => void this.refresh(),
        setPageSize: (size: number) => void (this.pageSize = size),
        loadExactPage: (page: number) => (page === 1 ? void this.refresh() : this.more()),
      }),
      clearSelectedRecordIds: () => void (this.selected = []),
      getSelectedRecordIds: () => [...this.selected],
      setSelectedRecordIds: (chosen: string[]) => void (this.selected = [...chosen]),
      getTargetEntityType: () => binding.table,
      getTitle: () => view.label[session.services.lang] ?? view.label['1033'] ?? '',
      getViewId: () => view.id,
      openDatasetItem: ({ id, etn }: { id: { guid: string }; etn?: string }) =>
        this.options.openForm(etn ?? binding.table, id.guid),
      refresh: () => void this.refresh(),
    });
  }

  private idOf(row: Json): string {
    return String(row[this.table?.idColumn ?? ''] ?? '');
  }

  private record(row: Json): object {
    const table = this.table as TableInfo;
    const { session, binding } = this.options;
    const column = (name: string): ReturnType<TableInfo['columns']['get']> =>
      table.columns.get(binding.columns[name] ?? name);
    return strict('EntityRecord', {
      getRecordId: () => this.idOf(row),
      getNamedReference: () => ({
        id: { guid: this.idOf(row) },
        etn: table.name,
        name: String(row[table.nameColumn] ?? ''),
      }),
      getValue: (name: string) => {
        const info = column(name);
        if (!info) return null;
        const value = fromWire(info, row);
        if (!isLookup(info)) return value instanceof Date ? value.toISOString() : value;
        const [reference] = (value as Reference[] | null) ?? [];
        return reference
          ? {
              id: { guid: reference.id.replace(/[{}]/g, '').toLowerCase() },
              etn: reference.entityType,
              name: reference.name ?? '',
            }
          : null;
      },
      getFormattedValue: (name: string) => {
        const info = column(name);
        return info ? formatted(info, fromWire(info, row), session.services.formats, session.currencySymbol) : '';
      },
    });
  }
}

function sortingOf(query: ViewQuery): { name: string; sortDirection: -1 | 0 | 1 }[] {
  return query.orderby === ''
    ? []
    : query.orderby.split(',').map((each) => ({
        name: each.replace(/ desc$/, '').replace(/^_(.+)_value$/, '$1'),
        sortDirection: each.endsWith(' desc') ? 1 : 0,
      }));
}

const dataTypes: Readonly<Record<string, string>> = {
  String: 'SingleLine.Text',
  Memo: 'Multiple',
  Integer: 'Whole.None',
  Decimal: 'Decimal',
  Money: 'Currency',
  Boolean: 'TwoOptions',
  Picklist: 'OptionSet',
  State: 'OptionSet',
  Status: 'OptionSet',
  DateTime: 'DateAndTime.DateAndTime',
  Lookup: 'Lookup.Simple',
  Customer: 'Lookup.Customer',
  Owner: 'Lookup.Owner',
};

function dataTypeOf(table: TableInfo | undefined, name: string): string {
  return dataTypes[table?.columns.get(name)?.type ?? 'String'] ?? 'SingleLine.Text';
}
