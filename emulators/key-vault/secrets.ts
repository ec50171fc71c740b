/**
 * The secrets of one vault, with their versions and the recycle bin. Microsoft Learn: "About Azure Key Vault secrets"
 * (25 KB, attributes, nbf and exp do not keep anybody from reading), "Azure Key Vault soft-delete overview".
 */
import { createHash } from 'node:crypto';
import { refusals } from './refusals';

export interface SecretVersion {
  readonly version: string;
  readonly value: string;
  contentType: string | undefined;
  tags: Readonly<Record<string, string>> | undefined;
  enabled: boolean;
  exp: number | undefined;
  nbf: number | undefined;
  readonly created: number;
  updated: number;
}

export interface SecretChanges {
  readonly contentType?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly enabled?: boolean;
  /** Seconds since 1970. */
  readonly exp?: number;
  readonly nbf?: number;
}

const largestValue = 25 * 1024;

export class Secrets {
  /** Name in lower case -> versions, oldest first. */
  private readonly live = new Map<string, SecretVersion[]>();
  private readonly deleted = new Map<string, SecretVersion[]>();
  private counter = 0;

  constructor(private readonly seconds: () => number) {}

  set(name: string, value: string, changes: SecretChanges): SecretVersion {
    if (Buffer.byteLength(value) > largestValue) throw refusals.badParameter('The value is larger than 25 KB.');
    if (this.deleted.has(key(name))) throw refusals.deleted(name);
    const now = this.seconds();
    const version: SecretVersion = {
      version: createHash('sha256').update(`version ${++this.counter} of ${name}`).digest('hex').slice(0, 32),
      value,
      contentType: undefined,
      tags: undefined,
      enabled: true,
      exp: undefined,
      nbf: undefined,
      created: now,
      updated: now,
    };
    apply(version, changes);
    this.live.set(key(name), [...(this.live.get(key(name)) ?? []), version]);
    return version;
  }

  /** The newest without a version. */
  find(name: string, version?: string): SecretVersion {
    const all = this.live.get(key(name)) ?? [];
    const found = version === undefined ? all.at(-1) : all.find((one) => one.version === version);
    if (!found) throw refusals.notFound(version === undefined ? name : `${name}/${version}`);
    return found;
  }

  update(name: string, version: string, changes: SecretChanges): SecretVersion {
    const found = this.find(name, version);
    apply(found, changes);
    found.updated = this.seconds();
    return found;
  }

  versions(name: string): readonly SecretVersion[] {
    const all = this.live.get(key(name));
    if (!all) throw refusals.notFound(name);
    return all;
  }

  names(): string[] {
    return [...this.live.keys()];
  }

  delete(name: string): void {
    this.deleted.set(key(name), [...this.versions(name)]);
    this.live.delete(key(name));
  }

  recover(name: string): void {
    const all = this.deleted.get(key(name));
    if (!all) throw refusals.notFound(name);
    this.live.set(key(name), all);
    this.deleted.delete(key(name));
  }

  purge(name: string): void {
    if (!this.deleted.delete(key(name))) throw refusals.notFound(name);
  }
}

/** Names do not differ by case (Microsoft Learn: Azure Key Vault keys, secrets and certificates overview). */
const key = (name: string): string => name.toLowerCase();

function apply(version: SecretVersion, { contentType, tags, enabled, exp, nbf }: SecretChanges): void {
  if (contentType !== undefined) version.contentType = contentType;
  if (tags !== undefined) version.tags = tags;
  if (enabled !== undefined) version.enabled = enabled;
  if (exp !== undefined) version.exp = exp;
  if (nbf !== undefined) version.nbf = nbf;
}
