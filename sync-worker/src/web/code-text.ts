/**
 * What a code of a parked deal means, in the words that its seller or admin reads, and where the documents say more.
 * Values that stand in those sentences are the deal's and never come here: an ellipsis stands for each.
 */
import { englishMessages } from '../words';

/** Prefix of the message -> heading of docs/errors.md. */
const kinds = { error: 'errors', finding: 'findings', crm: 'settings-and-environment', notice: 'notices' } as const;

export interface CodeText {
  readonly text: string;
  /** Of docs/errors.md; empty for a code that this release does not know. */
  readonly anchor: string;
}

export function textOfCode(code: string): CodeText {
  for (const [kind, anchor] of Object.entries(kinds)) {
    const template = (englishMessages as Readonly<Record<string, string>>)[`${kind}_${code}`];
    if (template !== undefined) return { text: template.replace(/\{\w+\}\.?/g, '…'), anchor };
  }
  if (code === 'OTHER')
    return { text: 'Other reasons. The column Error Code of the referral rows has them.', anchor: '' };
  return { text: '', anchor: '' };
}
