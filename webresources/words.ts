/**
 * Findings and failures as sentences in the user's language.
 *
 * The platform's own error text is never shown: it is in the server's language and may hold values of records.
 * Source of the codes: Microsoft Learn, "Web service error codes" and "Service protection API limits".
 */
import { fill, type Finding, isError } from '../domain/finding';
import { known, type Params, text } from './text';

/** What must be mended before what should; a sentence is said once. */
export function sentences(findings: readonly Finding[]): string[] {
  const ordered = [...findings.filter(isError), ...findings.filter((found) => !isError(found))];
  return [...new Set(ordered.map(sentence))];
}

export function sentence({ code, params }: Finding): string {
  return text(`finding_${code}`, params ?? {});
}

interface StoredMessage {
  readonly code: string;
  readonly params?: Params;
}

/**
 * The worker's message in the user's language.
 *
 * @param codes JSON as the worker stores it: [{ code, params }]
 * @param fallback its text, shown when a code is not known here or the JSON cannot be read
 */
export function storedMessage(codes: string, fallback: string): string {
  const parts = messagesIn(codes).map(({ code, params }) => {
    const template = ['finding_', 'notice_', 'error_', 'crm_'].map((kind) => known(kind + code)).find(Boolean);
    return template === undefined ? undefined : fill(template, params ?? {});
  });
  if (parts.length === 0 || parts.includes(undefined)) return fallback;
  return [...new Set(parts)].join('\n');
}

function messagesIn(codes: string): readonly StoredMessage[] {
  try {
    const list: unknown = codes === '' ? [] : JSON.parse(codes);
    if (!Array.isArray(list)) return [];
    return list.filter((each): each is StoredMessage => typeof (each as StoredMessage | null)?.code === 'string');
  } catch {
    return [];
  }
}

export type Failure = 'noRight' | 'gone' | 'changed' | 'busy' | 'offline' | 'other';

const failures: ReadonlyMap<number, Failure> = new Map([
  [0x80040220, 'noRight'],
  [0x80048306, 'noRight'],
  [0x80072560, 'noRight'],
  [0x80042f09, 'noRight'],
  [0x80040217, 'gone'],
  [0x80060891, 'gone'],
  [0x80060882, 'changed'],
  [0x80072321, 'busy'],
  [0x80072322, 'busy'],
  [0x80072326, 'busy'],
]);

const byStatus: ReadonlyMap<number, Failure> = new Map([
  [401, 'noRight'],
  [403, 'noRight'],
  [404, 'gone'],
  [412, 'changed'],
  [429, 'busy'],
  [503, 'busy'],
]);

/** What kind of failure a rejected call of Xrm.WebApi or of a form means. */
export function failureOf(error: unknown): Failure {
  if (isOffline()) return 'offline';
  const fields = (typeof error === 'object' && error !== null ? error : {}) as Readonly<Record<string, unknown>>;
  // Signed or unsigned, number or text: all are met.
  const code = Number(fields['errorCode'] ?? fields['code'] ?? NaN);
  const status = Number(fields['status'] ?? fields['httpStatus'] ?? NaN);
  if (fields['name'] === 'Unreadable') return 'noRight';
  return failures.get(code >>> 0) ?? byStatus.get(status) ?? 'other';
}

export function failureText(error: unknown): string {
  return text(`failure_${failureOf(error)}`);
}

function isOffline(): boolean {
  const { client } = Xrm.Utility.getGlobalContext();
  return client.isOffline() || (client.isNetworkAvailable as (() => boolean) | undefined)?.() === false;
}
