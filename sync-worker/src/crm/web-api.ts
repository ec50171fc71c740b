/**
 * The Web API over an injected sender: one request, or one batch.
 *
 * Adds the headers every request needs, reads answers, keeps the service's clock. Retries, tokens and throttling
 * are the sender's business. Source: Microsoft Learn "Compose HTTP requests and handle errors".
 */
import { SyncError } from '../errors';
import { headerInstant } from '../http/answer';
import type { HttpResponse, Safe, Send } from '../http/types';
import {
  BatchUnreadable,
  isChangeSet,
  readBatch,
  writeBatch,
  type BatchItem,
  type ItemAnswer,
  type Operation,
  type PartAnswer,
} from './batch';
import { refusal } from './failures';

export const apiRoot = '/api/data/v9.2/';

const always = {
  Accept: 'application/json',
  'OData-Version': '4.0',
  'OData-MaxVersion': '4.0',
  // The documents' literal "null": no cached answers. Only an explicit condition replaces it.
  'If-None-Match': 'null',
} as const;

export interface WebApi {
  readonly root: string;
  /** One request. Resolves with any status that the sender lets through. */
  one(operation: Operation, safe: Safe, correlationId?: string): Promise<PartAnswer>;
  /** One batch; answers in the order of the items. Rejects when the batch as a whole is refused or unreadable. */
  batch(items: readonly BatchItem[], safe: Safe, correlationId?: string): Promise<ItemAnswer[]>;
  /** Path below the root of a link that the service gave us; null when it points to another origin or is no address. */
  ownPath(link: string): string | null;
  /** ISO UTC of the last answer, '' before the first. */
  serverTime(): string;
}

export interface WebApiOptions {
  readonly send: Send;
  /** Address of the environment: https://contoso.crm.dynamics.com (a path behind it is cut). */
  readonly baseUrl: string;
  readonly random: () => number;
}

export function createWebApi({ send, baseUrl, random }: WebApiOptions): WebApi {
  const { origin } = new URL(baseUrl);
  let serverTime = '';

  const noteTime = (response: HttpResponse): void => {
    serverTime = headerInstant(response.headers['date']) || serverTime;
  };

  const one = async (operation: Operation, safe: Safe, correlationId?: string): Promise<PartAnswer> => {
    const response = await send({
      method: operation.method,
      url: `${origin}${apiRoot}${operation.path}`,
      headers: {
        ...always,
        ...(operation.body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...operation.headers,
      },
      ...(operation.body === undefined ? {} : { body: JSON.stringify(operation.body) }),
      safe,
      ...(correlationId ? { correlationId } : {}),
    });
    noteTime(response);
    const { status, headers, body, unheard } = response;
    return { status, headers, body, contentId: '', ...(unheard ? { unheard } : {}) };
  };

  const batch = async (items: readonly BatchItem[], safe: Safe, correlationId?: string): Promise<ItemAnswer[]> => {
    const boundary = `batch_${token(random)}`;
    const response = await send({
      method: 'POST',
      url: `${origin}${apiRoot}$batch`,
      headers: {
        ...always,
        Accept: 'multipart/mixed, application/json',
        'Content-Type': `multipart/mixed; boundary="${boundary}"`,
        // Without it the first failure ends the batch, and other deals' work with it.
        Prefer: 'odata.continue-on-error',
      },
      body: writeBatch(items, boundary, apiRoot),
      responseType: 'text',
      safe,
      ...(correlationId ? { correlationId } : {}),
    });
    noteTime(response);
    return readAnswers(items, response);
  };

  return { root: origin, one, batch, serverTime: () => serverTime, ownPath: (link) => ownPath(link, origin) };
}

function readAnswers(items: readonly BatchItem[], response: HttpResponse): ItemAnswer[] {
  const contentType = response.headers['content-type'] ?? '';
  if (!/multipart\/mixed/i.test(contentType) && response.status >= 400) throw refusal(response, '$batch');
  let answers: ItemAnswer[];
  try {
    answers = readBatch(contentType, response.body);
  } catch (cause) {
    if (!(cause instanceof BatchUnreadable)) throw cause;
    throw new SyncError('UNEXPECTED_ANSWER', { cause, status: response.status, detail: `$batch: ${cause.message}` });
  }
  const fits = answers.length === items.length && items.every((item, index) => fitsItem(item, answers[index]));
  if (!fits) {
    const detail = `$batch: ${answers.length} answers to ${items.length} items, or a change set answered in part`;
    throw new SyncError('UNEXPECTED_ANSWER', { status: response.status, detail });
  }
  return answers;
}

/** A change set that went through has one answer per change; one that failed has a single error. */
function fitsItem(item: BatchItem, answer: ItemAnswer | undefined): boolean {
  if (!answer || answer.length === 0) return false;
  if (!isChangeSet(item)) return answer.length === 1;
  return answer.length === item.changes.length || (answer.length === 1 && (answer[0]?.status ?? 0) >= 400);
}

/** The link stays as it came, save its origin: re-encoding would break the service's own token. */
function ownPath(link: string, origin: string): string | null {
  const prefix = `${origin}${apiRoot}`;
  // Blanks and control characters: inside a batch a line break would begin another operation.
  if (/[^!-~\u0080-\uffff]/.test(link)) return null;
  if (link.toLowerCase().startsWith(prefix.toLowerCase())) return link.slice(prefix.length);
  return null;
}

/** Letters and digits for boundaries and commit tokens. */
export function token(random: () => number): string {
  const part = (): string =>
    Math.floor(random() * 2 ** 32)
      .toString(36)
      .padStart(7, '0');
  return part() + part() + part();
}
