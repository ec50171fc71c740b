/**
 * multipart/mixed text -> parts. Strict about line ends, as the platform is.
 *
 * Source: Microsoft Learn "Execute batch operations using the Web API"; "Troubleshoot Dataverse Web
 * API client errors": every line ends with CRLF, also the last one, or two line feeds at the end.
 */
import { unreadable } from './errors';

export interface Part {
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly content: string;
}

export interface HttpPart {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export const streamNotReadable = (): Error => unreadable('Stream was not readable.');

export function boundaryOf(contentType: string | undefined): string {
  const match = /^multipart\/mixed\s*;.*\bboundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType ?? '');
  const boundary = match?.[1] ?? match?.[2];
  if (boundary === undefined) throw unreadable('The content type of a batch must be multipart/mixed with a boundary.');
  return boundary;
}

export function splitParts(text: string, boundary: string): Part[] {
  const open = `--${boundary}`;
  const pieces = `\r\n${text}`.split(`\r\n${open}`);
  const [preamble, ...rest] = pieces;
  const last = rest.pop();
  if (preamble?.trim() !== '' || last === undefined) throw streamNotReadable();
  if (last.slice(0, 2) !== '--' || !/^(\r\n|\n\n)/.test(last.slice(2))) throw streamNotReadable();
  return rest.map((piece) => {
    if (!piece.startsWith('\r\n')) throw streamNotReadable();
    return readPart(piece.slice(2));
  });
}

function readPart(text: string): Part {
  // A part without headers starts with its empty line.
  const end = text.startsWith('\r\n') ? 0 : text.indexOf('\r\n\r\n');
  if (end < 0) throw streamNotReadable();
  const content = text.startsWith('\r\n') ? text.slice(2) : text.slice(end + 4);
  return { headers: readHeaders(text.slice(0, end)), content };
}

/** The request inside an `application/http` part. */
export function readHttp(part: Part): HttpPart {
  if (!/^application\/http\b/i.test(part.headers['content-type'] ?? ''))
    throw unreadable('A part must be application/http.');
  const lineEnd = part.content.indexOf('\r\n');
  const line = lineEnd < 0 ? part.content : part.content.slice(0, lineEnd);
  const match = /^([A-Z]+) (\S+) HTTP\/1\.1$/.exec(line);
  if (!match) throw streamNotReadable();
  const rest = lineEnd < 0 ? '' : part.content.slice(lineEnd + 2);
  const end = rest.startsWith('\r\n') ? 0 : rest.indexOf('\r\n\r\n');
  const head = end < 0 ? rest : rest.slice(0, end);
  const body = end < 0 ? '' : rest.slice(rest.startsWith('\r\n') ? 2 : end + 4);
  return { method: match[1] ?? '', url: match[2] ?? '', headers: readHeaders(head), body: body.trim() };
}

function readHeaders(text: string): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const line of text.split('\r\n').filter((each) => each !== '')) {
    const colon = line.indexOf(':');
    if (colon < 1 || line.includes('\n')) throw streamNotReadable();
    headers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim();
  }
  return headers;
}
