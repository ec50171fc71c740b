/**
 * What `cosell webhooks` remembers in the shared folder: whose registration it replaced, and which addresses were its
 * own. The web half reads it to forward what is not ours; the commands read it to put the former registration back.
 *
 * A foreign address may carry a key in its query, so the file is its owner's only and never logged. It is replaced as a
 * whole: whoever dies while writing leaves the old one. Knows nothing of Partner Center's API.
 */
import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { systemClock } from '../clock';
import { patiently } from '../patiently';
import { failure, ownFolder, readPlain } from './folder';

const registrationShape = z.object({
  webhookUrl: z.string().min(1),
  webhookEvents: z.array(z.string().min(1)),
  signatureTokenToMsSignatureHeader: z.boolean(),
  properties: z.record(z.string(), z.string()),
  /** ISO UTC, ours: when it was seen for the last time. */
  seenOn: z.string(),
});

const shape = z.object({
  version: z.literal(1),
  /** Addresses that we registered, newest first: what stands there is not foreign. */
  ours: z.array(z.string()),
  /** The foreign registration that we replaced last; null when there was none. */
  former: registrationShape.nullable(),
  /** Foreign ones before that, newest first. */
  earlier: z.array(registrationShape),
  /** The last test notification that was asked for. */
  lastTest: z.object({ correlationId: z.string(), askedOn: z.string() }).nullable(),
});

export type FormerRegistration = Readonly<z.infer<typeof registrationShape>>;
export type FormerWebhook = Readonly<z.infer<typeof shape>>;

export const nothingRemembered: FormerWebhook = { version: 1, ours: [], former: null, earlier: [], lastTest: null };

/** The file is there and holds something else. The message is for an operator and repeats no content. */
export class FormerWebhookDamaged extends Error {
  override readonly name = 'FormerWebhookDamaged';
}

export interface FormerWebhookFile {
  readonly path: string;
  /** Null when nothing was ever remembered. Rejects with FormerWebhookDamaged, or SETTING_INVALID when the folder fails. */
  read(): Promise<FormerWebhook | null>;
  /** Resolves when it would survive a power cut. Rejects with SETTING_INVALID when the folder fails. */
  write(memory: FormerWebhook): Promise<void>;
}

const fileName = 'former-webhook.json';
/** Eleven registrations with all events are a tenth of it. */
const largest = 256 * 1024;

/** @param folder the shared folder (COSELL_SHARED_FOLDER); made when it is not there */
export function formerWebhookFile(folder: string): FormerWebhookFile {
  const path = join(folder, fileName);
  return {
    path,
    read: async () => {
      const text = await readPlain(path, largest);
      if (text === null) return null;
      const parsed = shape.safeParse(parse(text));
      if (!parsed.success) throw new FormerWebhookDamaged(`${path} is damaged`);
      return parsed.data;
    },
    write: async (memory) => {
      await ownFolder(folder);
      await replaceFlushed(folder, JSON.stringify(memory, undefined, 2));
    },
  };
}

/** The other files of the folder may be lost; this one alone knows what was registered before us. */
async function replaceFlushed(folder: string, text: string): Promise<void> {
  // Temporary names start with a dot, as everywhere in this folder.
  const beside = join(folder, `.${fileName}.${randomUUID()}`);
  try {
    const file = await open(beside, 'wx', 0o600);
    try {
      await file.writeFile(text, 'utf8');
      await file.sync();
    } finally {
      await file.close();
    }
    await patiently(systemClock, () => rename(beside, join(folder, fileName)));
  } catch (error) {
    await rm(beside, { force: true }).catch(() => undefined);
    throw failure(folder, error);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
