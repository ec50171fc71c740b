/**
 * `$batch`: operations and change sets in order, as multipart in and out.
 *
 * Source: Microsoft Learn "Execute batch operations using the Web API": at most 1,000 operations,
 * change sets are atomic and hold no GET, the first error ends the batch unless continue-on-error.
 */
import type { BatchOperationRecord } from '../kit/journal';
import { errorAnswer, reasonOf, type Answer } from './answer';
import { boundaryOf, readHttp, splitParts, type HttpPart, type Part } from './batch-parts';
import { dispatch } from './dispatch';
import { DataverseError, unreadable } from './errors';
import type { ChangeSet, Operation } from './operation';
import { readPreferences } from './prefer';
import { apiRoot, parseTarget } from './url';
import { resolveReference } from './wire-in';

export interface BatchAnswer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;
  readonly operations: readonly BatchOperationRecord[];
}

/** What a batch needs of the request around it. */
export type Envelope = Omit<Operation, 'target' | 'method' | 'url' | 'changeSet' | 'inBatch'>;

interface Unit {
  readonly http: readonly { readonly part: HttpPart; readonly contentId: string | undefined }[];
  readonly changeSet: boolean;
}

const mostOperations = 1000;

export function runBatch(envelope: Envelope): BatchAnswer {
  const boundary = boundaryOf(envelope.headers['content-type']);
  const units = splitParts(envelope.body, boundary).map(readUnit);
  const count = units.reduce((sum, unit) => sum + unit.http.length, 0);
  if (count > mostOperations)
    throw new DataverseError(400, '0x80048d19', 'The number of operations in the batch exceeds the limit of 1000.');
  const records: BatchOperationRecord[] = [];
  const rendered: string[] = [];
  const answerBoundary = `batchresponse_${envelope.world.newTrace()}`;
  for (const unit of units) {
    const { text, failed } = unit.changeSet
      ? runChangeSet(envelope, unit, records)
      : runSingle(envelope, unit, records);
    if (failed && !envelope.preferences.continueOnError) {
      // "...the whole answer is the error" (the documented sample has only the failed part).
      const status = envelope.world.switches.batchFailureStatus === 'inner' ? failed.status : 400;
      return finish(status, answerBoundary, [text], records);
    }
    rendered.push(text);
  }
  return finish(200, answerBoundary, rendered, records);
}

function finish(
  status: number,
  boundary: string,
  parts: readonly string[],
  operations: readonly BatchOperationRecord[],
): BatchAnswer {
  const body = parts.map((part) => `--${boundary}\r\n${part}\r\n`).join('') + `--${boundary}--\r\n`;
  const headers = { 'Content-Type': `multipart/mixed; boundary=${boundary}`, 'OData-Version': '4.0' };
  return { status, headers, body, operations };
}

function readUnit(part: Part): Unit {
  const type = part.headers['content-type'] ?? '';
  if (!/^multipart\/mixed/i.test(type))
    return { http: [{ part: readHttp(part), contentId: part.headers['content-id'] }], changeSet: false };
  const inner = splitParts(part.content.endsWith('\r\n') ? part.content : `${part.content}\r\n`, boundaryOf(type));
  const ids = new Set<string>();
  const http = inner.map((each) => {
    if (/^multipart\/mixed/i.test(each.headers['content-type'] ?? ''))
      throw unreadable("A change set can't hold another.");
    const contentId = each.headers['content-id'];
    if (contentId === undefined || ids.has(contentId))
      throw unreadable('Each part of a change set needs its own Content-ID.');
    ids.add(contentId);
    return { part: readHttp(each), contentId };
  });
  return { http, changeSet: true };
}

function runSingle(
  envelope: Envelope,
  { http }: Unit,
  records: BatchOperationRecord[],
): { text: string; failed?: Answer } {
  const [only] = http;
  if (!only) throw unreadable('An empty part.');
  const answer = attempt(() => dispatch(operationOf(envelope, only.part, undefined)));
  records.push({ method: only.part.method, url: only.part.url, status: answer.status, changeSet: false });
  return { text: renderPart(envelope, answer, only.contentId), ...(answer.status >= 400 ? { failed: answer } : {}) };
}

function runChangeSet(
  envelope: Envelope,
  { http }: Unit,
  records: BatchOperationRecord[],
): { text: string; failed?: Answer } {
  const changeSet: ChangeSet = { references: new Map() };
  const done: { answer: Answer; contentId: string | undefined }[] = [];
  const error = attempt(() => {
    envelope.world.store.transaction(() => {
      for (const { part, contentId } of http) {
        if (part.method === 'GET') throw unreadable("A change set can't hold GET requests.");
        const answer = dispatch(operationOf(envelope, part, changeSet));
        if (contentId !== undefined) remember(envelope, changeSet, contentId, { answer, part });
        done.push({ answer, contentId });
      }
    });
    return { status: 200, headers: {} };
  });
  if (error.status >= 400) {
    // Nothing of a failed change set happened: one error part stands for all.
    http.forEach(({ part }, at) => {
      const status = at === done.length ? error.status : 424;
      records.push({ method: part.method, url: part.url, status, changeSet: true });
    });
    return { text: renderPart(envelope, error, http[done.length]?.contentId), failed: error };
  }
  http.forEach(({ part }, at) => {
    records.push({ method: part.method, url: part.url, status: done[at]?.answer.status ?? 0, changeSet: true });
  });
  const boundary = `changesetresponse_${envelope.world.newTrace()}`;
  const parts = done
    .map(({ answer, contentId }) => `--${boundary}\r\n${renderPart(envelope, answer, contentId)}\r\n`)
    .join('');
  return { text: `Content-Type: multipart/mixed; boundary=${boundary}\r\n\r\n${parts}--${boundary}--\r\n` };
}

function attempt(work: () => Answer): Answer {
  try {
    return work();
  } catch (error) {
    return errorAnswer(error);
  }
}

/** What `$<Content-ID>` stands for afterwards: the row that the part created or addressed. */
function remember(
  { world }: Envelope,
  { references }: ChangeSet,
  contentId: string,
  { answer, part }: { answer: Answer; part: HttpPart },
): void {
  const written = answer.headers['OData-EntityId'];
  if (written !== undefined) {
    references.set(contentId, written.slice(written.indexOf(apiRoot) + apiRoot.length + 1));
    return;
  }
  const setName = parseTarget(part.url).segments[0]?.name ?? '';
  const table = world.metadata.set(setName);
  const id = table && answer.body !== undefined && (answer.body as Readonly<Record<string, unknown>>)[table.idColumn];
  if (typeof id === 'string') references.set(contentId, `${setName}(${id})`);
}

function operationOf(envelope: Envelope, part: HttpPart, changeSet: ChangeSet | undefined): Operation {
  const url = resolveReference({ changeSet }, part.url);
  return {
    ...envelope,
    method: part.method,
    url,
    target: parseTarget(url),
    headers: part.headers,
    preferences: readPreferences(part.headers['prefer']),
    body: part.body,
    inBatch: true,
    changeSet,
  };
}

function renderPart({ world }: Envelope, answer: Answer, contentId: string | undefined): string {
  const part = ['Content-Type: application/http', 'Content-Transfer-Encoding: binary'];
  if (contentId !== undefined) part.push(`Content-ID: ${contentId}`);
  // Errors inside a batch carry REQ_ID; never Retry-After.
  const headers = answer.status >= 400 ? { ...answer.headers, REQ_ID: world.newTrace() } : answer.headers;
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const body =
    answer.body === undefined ? '' : typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
  const status = `HTTP/1.1 ${answer.status} ${reasonOf(answer.status)}`;
  return [...part, '', status, ...lines, '', body].join('\r\n');
}
