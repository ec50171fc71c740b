/**
 * Which referrals come in, and which rule keeps the others out. Pure (rules B5, B13).
 */
import { isLeadKind, isMicrosofts, passesCoSellOnly, type ReferralKind } from '../../domain/deal-kind';
import { compareInstants } from '../../domain/normalise';
import { dealPhase } from '../../domain/state-machine';
import type { Context } from './context';
import type { Referral } from './ports';
import { classOf } from './view';

export type InboundVerdict =
  | { readonly take: true; readonly kind: ReferralKind; readonly direction: 'inbound' | 'outbound' }
  | { readonly take: false; readonly rule: string };

/** Which rule keeps this referral out of the CRM, or that it may come in. */
export function judge(
  ctx: Pick<Context, 'settings' | 'baseline'>,
  referral: Referral,
  organizationId: string,
): InboundVerdict {
  if (isMicrosofts(referral)) return { take: false, rule: 'microsoftRecord' };
  if (organizationId && referral.organizationId !== organizationId) return { take: false, rule: 'otherPartner' };
  const { direction, kind } = classOf(referral, organizationId, undefined);
  if (ctx.baseline && compareInstants(referral.createdOn, ctx.baseline) < 0)
    return { take: false, rule: 'beforeConnection' };
  if (dealPhase(referral.status, referral.substatus) === 'closed') return { take: false, rule: 'closedBeforeLinked' };
  if (!inScope(ctx.settings.inboundScope, referral)) return { take: false, rule: 'outOfScope' };
  if (ctx.settings.coSellOnly && !passesCoSellOnly(kind))
    return { take: false, rule: isLeadKind(kind) ? 'leadWhileCoSellOnly' : 'privateWhileCoSellOnly' };
  return { take: true, kind, direction };
}

/** 'all' | 'linked' | 'location:<ids>' | 'campaign:<ids>' */
function inScope(scope: string, referral: Referral): boolean {
  const [kind = '', list = ''] = scope.trim().split(':');
  const ids = list
    .split(',')
    .map((text) => text.trim().toLowerCase())
    .filter(Boolean);
  switch (kind.toLowerCase()) {
    case 'linked':
      return false;
    case 'location':
      return ids.includes(referral.mpnId.toLowerCase());
    case 'campaign':
      return ids.includes((referral.values.campaignId ?? '').toLowerCase());
    default:
      return true;
  }
}
