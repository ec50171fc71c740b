/**
 * Texts that we hand to a browser and believe when they come back: signed, with an end, for one purpose each.
 *
 * The signing key is derived from the settings' secrets, so that all instances of the site have the same one and a
 * changed key or list of operators ends all sessions. Nothing personal goes in: the content is readable by its holder.
 */
import { createHash, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import * as z from 'zod';
import type { Clock } from '../ports';

const envelope = z.object({ until: z.number(), purpose: z.string(), value: z.unknown() });

export class Seal {
  private readonly key: Buffer;

  /** @param secrets whatever the sessions shall end with when it changes; at least one must be secret */
  constructor(
    secrets: readonly string[],
    private readonly clock: Clock,
  ) {
    this.key = Buffer.from(hkdfSync('sha256', JSON.stringify(secrets), 'cosell web', 'session', 32));
  }

  close(purpose: string, value: unknown, forMs: number): string {
    const body = Buffer.from(JSON.stringify({ until: this.clock.now() + forMs, purpose, value })).toString('base64url');
    return `${body}.${this.sign(body)}`;
  }

  /** The value; undefined: not ours, over, or for another purpose. */
  open(purpose: string, text: string | undefined): unknown {
    const [body = '', signature = '', ...rest] = (text ?? '').split('.');
    if (body === '' || rest.length > 0 || !sameSecret(signature, this.sign(body))) return undefined;
    const parsed = envelope.safeParse(JSON.parse(Buffer.from(body, 'base64url').toString('utf8')));
    if (!parsed.success || parsed.data.purpose !== purpose || parsed.data.until <= this.clock.now()) return undefined;
    return parsed.data.value;
  }

  private sign(body: string): string {
    return createHmac('sha256', this.key).update(body).digest('base64url');
  }
}

/** Takes as long for a wrong secret as for the right one, whatever their lengths. */
export function sameSecret(given: string, secret: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text, 'utf8').digest();
  return timingSafeEqual(digest(given), digest(secret));
}
