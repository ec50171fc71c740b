/**
 * `[Content_Types].xml`: the list of part types that an OPC package must have.
 *
 * The server unpacks a solution as an OPC package and skips parts that the list does not cover.
 */
import { attr, children, parseXml, rootOf } from './xml';

export const contentTypesPart = '[Content_Types].xml';
const namespace = 'http://schemas.openxmlformats.org/package/2006/content-types';
const xmlType = 'text/xml';
const anyType = 'application/octet-stream';

/** The list for these parts. XML documents of the server are text, everything else is bytes, as pac writes it. */
export function contentTypes(parts: Iterable<string>): string {
  const defaults = new Map<string, string>([['xml', xmlType]]);
  const overrides: string[] = [];
  for (const part of [...parts].sort()) {
    const extension = extensionOf(part);
    if (extension === undefined) overrides.push(part);
    else if (extension !== 'xml') defaults.set(extension, anyType);
    else if (part.includes('/')) overrides.push(part);
  }
  const lines = [
    ...[...defaults]
      .sort()
      .map(([extension, type]) => `<Default Extension="${escaped(extension)}" ContentType="${type}" />`),
    ...overrides.map((part) => `<Override PartName="/${escaped(encodeURI(part))}" ContentType="${anyType}" />`),
  ];
  return `<?xml version="1.0" encoding="utf-8"?>\n<Types xmlns="${namespace}">\n${lines.map((l) => `  ${l}\n`).join('')}</Types>\n`;
}

/** Parts that a list does not cover. Part names compare without regard to case, as OPC has it. */
export function uncovered(contentTypesXml: string, parts: Iterable<string>): string[] {
  const root = rootOf(parseXml(contentTypesXml));
  const defaults = new Set(children(root, 'Default').map((e) => attr(e, 'Extension')?.toLowerCase()));
  const overrides = new Set(children(root, 'Override').map((e) => decodeURI(attr(e, 'PartName') ?? '').toLowerCase()));
  return [...parts].filter(
    (part) => !overrides.has(`/${part}`.toLowerCase()) && !defaults.has(extensionOf(part)?.toLowerCase()),
  );
}

function extensionOf(part: string): string | undefined {
  return /\.([^./]+)$/.exec(part)?.[1];
}

function escaped(value: string): string {
  return value.replace(/&/g, '&amp;').replace(/"/g, '&quot;').replace(/</g, '&lt;');
}
