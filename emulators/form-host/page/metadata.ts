/**
 * Definitions of tables, read over the Web API as a client does, with texts in the user's language
 * from the model of the zip.
 *
 * Read once per table and page. Not counted as requests of controls or scripts: the platform has them.
 */
import type { ColumnType as KeptColumnType } from '../../dataverse/types';
import type { HostModel, OptionModel, Words } from '../model';

/** Those that the emulator keeps, and two that only a real organization answers. */
export type ColumnType = KeptColumnType | 'Virtual' | 'EntityName';

export interface Option {
  readonly value: number;
  readonly label: string;
  readonly color: string;
  /** Of status reasons: the state they belong to. */
  readonly state?: number;
}

export interface ColumnInfo {
  readonly name: string;
  readonly label: string;
  readonly description: string;
  readonly type: ColumnType;
  readonly required: boolean;
  readonly recommended: boolean;
  readonly forCreate: boolean;
  readonly forUpdate: boolean;
  readonly maxLength: number;
  readonly min: number;
  readonly max: number;
  readonly precision: number;
  /** Text, TextArea, Url, DateOnly, DateAndTime ... */
  readonly format: string;
  readonly options: readonly Option[];
  readonly targets: readonly string[];
  /** Lookups: table -> navigation property. */
  readonly navigation: Readonly<Record<string, string>>;
}

export interface TableInfo {
  readonly name: string;
  readonly label: string;
  readonly pluralLabel: string;
  readonly setName: string;
  readonly idColumn: string;
  readonly nameColumn: string;
  readonly columns: ReadonlyMap<string, ColumnInfo>;
  /** Relationship schema name -> column that points to the parent. */
  readonly lookups: ReadonlyMap<string, { readonly column: string; readonly parent: string }>;
}

type Json = Readonly<Record<string, unknown>>;

/** The text in the user's language, else English, else any. */
export function say(words: Words | undefined, lang: number, otherwise = ''): string {
  return words?.[lang] ?? words?.['1033'] ?? Object.values(words ?? {})[0] ?? otherwise;
}

export class Metadata {
  private readonly known = new Map<string, Promise<TableInfo>>();
  private readonly loaded = new Map<string, TableInfo>();

  constructor(
    private readonly model: HostModel,
    private readonly lang: number,
    private readonly get: (path: string) => Promise<Json>,
  ) {}

  table(name: string): Promise<TableInfo> {
    let found = this.known.get(name);
    if (!found) {
      found = this.read(name);
      this.known.set(name, found);
      found.then((table) => this.loaded.set(name, table)).catch(() => this.known.delete(name));
    }
    return found;
  }

  /** Only for tables that were awaited before. */
  now(name: string): TableInfo {
    const table = this.loaded.get(name);
    if (!table) throw new Error(`The definition of ${name} was not read yet`);
    return table;
  }

  private async read(name: string): Promise<TableInfo> {
    const path = `EntityDefinitions(LogicalName='${name}')`;
    const casts = ['Picklist', 'State', 'Status', 'Boolean'];
    const [table, ...choices] = await Promise.all([
      this.get(`${path}?$expand=Attributes,ManyToOneRelationships`),
      ...casts.map((cast) =>
        this.get(
          `${path}/Attributes/Microsoft.Dynamics.CRM.${cast}AttributeMetadata?$select=LogicalName&$expand=OptionSet`,
        ),
      ),
    ]);
    const options = new Map(
      choices.flatMap((each) =>
        list(each['value']).map((one) => [String(one['LogicalName']), optionsIn(one['OptionSet'])] as const),
      ),
    );
    const relationships = list(table['ManyToOneRelationships']);
    const words = this.model.tables[name];
    const columns = list(table['Attributes']).map((each) => this.column(name, each, relationships, options));
    return {
      name,
      label: say(words?.label, this.lang, labelIn(table['DisplayName']) || name),
      pluralLabel: say(words?.pluralLabel, this.lang, labelIn(table['DisplayCollectionName']) || name),
      setName: String(table['EntitySetName']),
      idColumn: String(table['PrimaryIdAttribute']),
      nameColumn: String(table['PrimaryNameAttribute']),
      columns: new Map(columns.map((each) => [each.name, each])),
      lookups: new Map(
        relationships.map((each) => [
          String(each['SchemaName']),
          { column: String(each['ReferencingAttribute']), parent: String(each['ReferencedEntity']) },
        ]),
      ),
    };
  }

  private column(
    table: string,
    json: Json,
    relationships: readonly Json[],
    choices: ReadonlyMap<string, Option[]>,
  ): ColumnInfo {
    const name = String(json['LogicalName']);
    const words = this.model.tables[table]?.columns[name];
    const level = String((json['RequiredLevel'] as Json | undefined)?.['Value'] ?? 'None');
    const own = relationships.filter((each) => each['ReferencingAttribute'] === name);
    const number = (key: string, otherwise: number): number =>
      typeof json[key] === 'number' ? (json[key] as number) : otherwise;
    return {
      name,
      label: say(words?.label, this.lang, labelIn(json['DisplayName']) || name),
      description: say(words?.description, this.lang),
      type: String(json['AttributeType']) as ColumnType,
      required: level === 'ApplicationRequired' || level === 'SystemRequired',
      recommended: level === 'Recommended',
      forCreate: json['IsValidForCreate'] !== false,
      forUpdate: json['IsValidForUpdate'] !== false,
      maxLength: number('MaxLength', 0),
      min: number('MinValue', Number.MIN_SAFE_INTEGER),
      max: number('MaxValue', Number.MAX_SAFE_INTEGER),
      precision: number('Precision', 2),
      format: String((json['FormatName'] as Json | undefined)?.['Value'] ?? json['Format'] ?? ''),
      options: this.options(choices.get(name), words?.options),
      targets: own.map((each) => String(each['ReferencedEntity'])),
      navigation: Object.fromEntries(
        own.map((each) => [String(each['ReferencedEntity']), String(each['ReferencingEntityNavigationPropertyName'])]),
      ),
    };
  }

  /** Values as the service has them, texts from the zip where it knows them. */
  private options(listed: readonly Option[] | undefined, words: readonly OptionModel[] | undefined): readonly Option[] {
    const text = (option: OptionModel): Option => ({
      value: option.value,
      label: say(option.label, this.lang, String(option.value)),
      color: option.color ?? '',
    });
    if (!listed) return words?.map(text) ?? [];
    return listed.map((option) => {
      const known = words?.find((each) => each.value === option.value);
      return known ? { ...option, ...text(known) } : option;
    });
  }
}

function list(value: unknown): Json[] {
  return Array.isArray(value) ? (value as Json[]) : [];
}

function labelIn(value: unknown): string {
  const label = (value as { UserLocalizedLabel?: { Label?: string } | null } | undefined)?.UserLocalizedLabel;
  return label?.Label ?? '';
}

function optionsIn(value: unknown): Option[] {
  const set = value as { Options?: Json[]; TrueOption?: Json; FalseOption?: Json } | null;
  const found = set?.Options ?? [set?.FalseOption, set?.TrueOption].filter((each) => each !== undefined);
  return found.map((each) => ({
    value: Number(each['Value']),
    label: labelIn(each['Label']),
    color: String(each['Color'] ?? ''),
    ...(typeof each['State'] === 'number' ? { state: each['State'] } : {}),
  }));
}
