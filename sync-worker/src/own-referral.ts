/**
 * Has our own POST arrived? Looked for in the service's lists, and aged by the service's clock (decision D7).
 */
import { isMicrosofts } from '../../domain/deal-kind';
import { sameText } from '../../domain/normalise';
import { quarantineMs, type Context } from './context';
import type { Referral } from './ports';
import { crmInstant } from './steps';

/** A referral of ours that carries this record's id, made since the POST, less the services' clock differences. */
export async function findOwn(ctx: Context, since: string, recordId: string): Promise<Referral | null> {
  // Without a service's time in the row the search goes as far back as the connection does.
  const at = Number.isNaN(Date.parse(since)) ? ctx.baseline : since;
  const from = new Date(Date.parse(at) - 120_000).toISOString();
  for await (const page of ctx.partnerCenter.createdSince(from)) {
    for (const referral of page.referrals) {
      const free = ctx.index.keyOfReferral(referral.id) === undefined;
      if (free && !isMicrosofts(referral) && sameText(referral.values.crmId ?? '', recordId)) return referral;
    }
  }
  return null;
}

/** Partner Center's time, or the CRM's where Partner Center tells none. */
export function nowThere(ctx: Context): string {
  return ctx.partnerCenter.serverTime() || crmInstant(ctx, 0);
}

export function isYoung(ctx: Context, at: string): boolean {
  const age = Date.parse(nowThere(ctx)) - Date.parse(at);
  // An age that cannot be told is no licence to post again.
  return Number.isNaN(age) || age < quarantineMs;
}
