/**
 * Reads settings one by one and collects what is wrong with them, so that all problems can be told
 * together. Knows where each value came from; decides nothing about how settings belong together.
 */
import { nearest } from './nearest';
import { settingNames, settings } from './settings';
import type { Setting, SettingName, SettingValue } from './settings';

export interface EffectiveSetting {
  readonly name: SettingName;
  readonly source: 'environment' | 'file' | 'default' | 'not set';
  /** Empty for secrets. */
  readonly shown: string;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** Throws when the file cannot be read. */
export type ReadFile = (path: string) => string;

export class SettingsReader {
  /** Each names its setting and the fix, and never repeats a value. */
  readonly problems: string[] = [];
  readonly warnings: string[] = [];
  private readonly read = new Map<SettingName, EffectiveSetting>();
  private readonly file: Readonly<Partial<Record<SettingName, string>>>;

  constructor(
    private readonly env: Environment,
    private readonly readFile: ReadFile,
  ) {
    this.file = this.settingsFile();
    for (const name of Object.keys(env)) {
      if (/^(?:COSELL|PARTNER_CENTER|DATAVERSE)_/.test(name)) this.warnIfUnknown(name, 'environment');
    }
  }

  /** The value, its default, or undefined when there is neither or it is wrong, which is then a problem noted. */
  value<N extends SettingName>(name: N): SettingValue<N> | undefined {
    const setting = settings[name] as unknown as Setting<SettingValue<N>>;
    const text = this.text(name) ?? setting.fallback;
    this.read.set(name, { name, source: this.source(name, setting), shown: setting.secret ? '' : (text ?? '') });
    if (text === undefined) {
      if (setting.required) this.problems.push(`${name} is missing: ${setting.about}`);
      return undefined;
    }
    // App Service hands over the reference itself when it could not read the vault.
    if (text.startsWith('@Microsoft.KeyVault(')) {
      this.problems.push(
        `${name}: its Key Vault reference was not resolved; give the App Service's identity the right to read the secret`,
      );
      return undefined;
    }
    try {
      return setting.parse(text);
    } catch (error) {
      this.problems.push(`${name} ${(error as Error).message}`);
      return undefined;
    }
  }

  isSet(name: SettingName): boolean {
    return this.text(name) !== undefined;
  }

  /** Of a variable that is no setting of ours, like HOME. */
  variable(name: string): string | undefined {
    return given(this.env[name]);
  }

  textFile(name: SettingName, path: string): string | undefined {
    try {
      return this.readFile(path);
    } catch (error) {
      const code = String((error as { code?: unknown }).code ?? 'unknown');
      this.problems.push(`${name}: the file cannot be read (${code})`);
      return undefined;
    }
  }

  jsonFile(name: SettingName, path: string): unknown {
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

  /** What was read so far, in the table's order. */
  effective(): readonly EffectiveSetting[] {
    return settingNames.flatMap((name) => this.read.get(name) ?? []);
  }

  private text(name: SettingName): string | undefined {
    return given(this.env[name]) ?? this.file[name];
  }

  private source(name: SettingName, setting: Setting<unknown>): EffectiveSetting['source'] {
    if (given(this.env[name]) !== undefined) return 'environment';
    if (this.file[name] !== undefined) return 'file';
    return setting.fallback === undefined ? 'not set' : 'default';
  }

  private settingsFile(): Partial<Record<SettingName, string>> {
    const path = given(this.env['COSELL_SETTINGS_FILE']);
    const content = path === undefined ? {} : this.jsonFile('COSELL_SETTINGS_FILE', path);
    if (content === undefined) return {};
    if (typeof content !== 'object' || content === null || Array.isArray(content)) {
      this.problems.push('COSELL_SETTINGS_FILE must hold one JSON object of names and values');
      return {};
    }
    const found: Partial<Record<SettingName, string>> = {};
    for (const [name, value] of Object.entries(content)) {
      if (!isSetting(name)) this.warnIfUnknown(name, 'settings file');
      else if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
        const text = given(String(value));
        if (text !== undefined) found[name] = text;
      } else this.problems.push(`${name} in the settings file must be a text, a number, true or false`);
    }
    return found;
  }

  private warnIfUnknown(name: string, where: string): void {
    if (isSetting(name)) return;
    const meant = nearest(name, settingNames);
    this.warnings.push(`${name} (${where}) is no setting${meant ? `; did you mean ${meant}?` : ''}`);
  }
}

function isSetting(name: string): name is SettingName {
  return Object.hasOwn(settings, name);
}

/** An empty variable is as good as none: that is how one is switched off in a portal or a script. */
function given(value: string | undefined): string | undefined {
  const trimmed = value?.trim();
  return trimmed ? trimmed : undefined;
}
