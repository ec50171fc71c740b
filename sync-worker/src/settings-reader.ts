/**
 * Reads settings one by one and collects what is wrong with them, so that all problems can be told
 * together. Knows where each value came from; decides nothing about how settings belong together.
 */
import { SyncError } from './errors';
import { nearest } from './nearest';
import { hide } from './scrub';
import type { Setting, SettingTable } from './setting-parsers';

/** The settings of one process. Worker and web half run side by side with the same variables and the same file. */
export interface SettingsOf<T extends SettingTable> {
  readonly table: T;
  /** Variables that can only be meant for this process, so that one it does not know is a mistake. */
  readonly owns: RegExp;
  /** Names that are the other process's business. */
  readonly others: RegExp;
}

export type NameOf<T extends SettingTable> = keyof T & string;
export type ValueOf<T extends SettingTable, N extends NameOf<T>> = ReturnType<T[N]['parse']>;

export interface EffectiveSetting<N extends string = string> {
  readonly name: N;
  readonly source: 'environment' | 'file' | 'default' | 'not set';
  /** Empty for secrets. */
  readonly shown: string;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** Throws when the file cannot be read. */
export type ReadFile = (path: string) => string;

export class SettingsReader<T extends SettingTable> {
  /** Each names its setting and the fix, and never repeats a value. */
  readonly problems: string[] = [];
  readonly warnings: string[] = [];
  private readonly read = new Map<string, EffectiveSetting<NameOf<T>>>();
  private readonly file: ReadonlyMap<string, string>;

  constructor(
    private readonly env: Environment,
    private readonly readFile: ReadFile,
    private readonly of: SettingsOf<T>,
  ) {
    this.file = this.settingsFile();
    for (const name of Object.keys(env)) if (of.owns.test(name)) this.warnIfUnknown(name, 'environment');
  }

  /** The value, its default, or undefined when there is neither or it is wrong, which is then a problem noted. */
  value<N extends NameOf<T>>(name: N): ValueOf<T, N> | undefined {
    const setting = this.of.table[name] as Setting<ValueOf<T, N>>;
    const text = this.text(name) ?? setting.fallback;
    this.read.set(name, { name, source: this.source(name, setting), shown: setting.secret ? '' : (text ?? '') });
    if (text === undefined) {
      if (setting.required) this.problem(`${name} is missing: ${setting.about}`);
      return undefined;
    }
    if (setting.secret) hide(text);
    // App Service hands over the reference itself when it could not read the vault.
    if (text.startsWith('@Microsoft.KeyVault(')) {
      this.problem(
        `${name}: its Key Vault reference was not resolved; give the App Service's identity the right to read the secret`,
      );
      return undefined;
    }
    try {
      return setting.parse(text);
    } catch (error) {
      this.problem(`${name} ${(error as Error).message}`);
      return undefined;
    }
  }

  isSet(name: NameOf<T>): boolean {
    return this.text(name) !== undefined;
  }

  /** Of a variable that is no setting of ours, like HOME. */
  variable(name: string): string | undefined {
    return given(this.env[name]);
  }

  /**
   * Of a place that processes share or that must outlive one. On App Service each starts in a folder of its own, and the
   * WebJob's is a copy that goes with the next deployment (projectkudu/kudu wiki, WebJobs).
   */
  place(name: NameOf<T>): string | undefined {
    const path = this.value(name) as string | undefined;
    const isWhole = /^(?:\/|\\\\|[a-z]:[\\/])/i.test(path ?? '/');
    if (!isWhole && this.variable('WEBSITE_SITE_NAME') !== undefined)
      this.problem(`${name} must be a whole path, like /home/cosell or C:\\home\\cosell, on App Service`);
    return path;
  }

  textFile(name: string, path: string): string | undefined {
    try {
      return this.readFile(path);
    } catch (error) {
      const code = String((error as { code?: unknown }).code ?? 'unknown');
      this.problems.push(`${name}: the file cannot be read (${code})`);
      return undefined;
    }
  }

  jsonFile(name: string, path: string): unknown {
    const content = this.textFile(name, path);
    if (content === undefined) return undefined;
    try {
      // Editors on Windows put a byte order mark in front.
      return JSON.parse(content.replace(/^\uFEFF/, '')) as unknown;
    } catch {
      this.problems.push(`${name}: the file is no JSON`);
      return undefined;
    }
  }

  /**
   * Rejects with SETTING_INVALID when a problem was noted, one line per problem. The warnings come along: a setting that
   * is missing often stands there misspelt.
   */
  check(): void {
    if (this.problems.length === 0) return;
    throw new SyncError('SETTING_INVALID', { detail: [...this.problems, ...this.warnings].join('\n') });
  }

  /** What was read so far, in the table's order. */
  effective(): readonly EffectiveSetting<NameOf<T>>[] {
    return Object.keys(this.of.table).flatMap((name) => this.read.get(name) ?? []);
  }

  /** A setting may be read more than once; its problem is told once. */
  private problem(text: string): void {
    if (!this.problems.includes(text)) this.problems.push(text);
  }

  private text(name: string): string | undefined {
    return given(this.env[name]) ?? this.file.get(name);
  }

  private source(name: string, setting: Setting<unknown>): EffectiveSetting['source'] {
    if (given(this.env[name]) !== undefined) return 'environment';
    if (this.file.get(name) !== undefined) return 'file';
    return setting.fallback === undefined ? 'not set' : 'default';
  }

  private settingsFile(): Map<string, string> {
    const found = new Map<string, string>();
    const path = given(this.env['COSELL_SETTINGS_FILE']);
    const content = path === undefined ? {} : this.jsonFile('COSELL_SETTINGS_FILE', path);
    if (content === undefined) return found;
    if (typeof content !== 'object' || content === null || Array.isArray(content)) {
      this.problems.push('COSELL_SETTINGS_FILE must hold one JSON object of names and values');
      return found;
    }
    for (const [name, value] of Object.entries(content)) {
      if (!this.isSetting(name)) this.warnIfUnknown(name, 'settings file');
      else if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
        const text = given(String(value));
        if (text !== undefined) found.set(name, text);
      } else this.problems.push(`${name} in the settings file must be a text, a number, true or false`);
    }
    return found;
  }

  private warnIfUnknown(name: string, where: string): void {
    if (this.isSetting(name) || this.of.others.test(name)) return;
    const meant = nearest(name, Object.keys(this.of.table));
    this.warnings.push(`${name} (${where}) is no setting${meant ? `; did you mean ${meant}?` : ''}`);
  }

  private isSetting(name: string): boolean {
    return Object.hasOwn(this.of.table, name);
  }
}

/** An empty variable is as good as none: that is how one is switched off in a portal or a script. */
function given(value: string | undefined): string | undefined {
  const trimmed = value?.trim();
  return trimmed ? trimmed : undefined;
}
