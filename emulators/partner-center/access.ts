/**
 * Who may see and change which referral. Microsoft Learn: "Permissions overview" (Referrals admin,
 * Referrals user, location scope). Microsoft's record is readable by whoever sees the own one.
 */
import type { Engagements } from './engagements';
import { forbidden } from './refusal';
import type { CallerClaims, Referral, Role } from './types';

export class Roles {
  private readonly byUpn = new Map<string, Role>();
  /** Without any entry everybody is a Referrals admin, so that simple tests need no set-up. */
  assign(upn: string, role: Role): void {
    this.byUpn.set(upn.toLowerCase(), role);
  }

  of(claims: CallerClaims): Role {
    if (this.byUpn.size === 0) return { role: 'ReferralsAdmin' };
    return this.byUpn.get(claims.upn?.toLowerCase() ?? '') ?? { role: 'none' };
  }
}

export interface Caller {
  readonly claims: CallerClaims;
  readonly role: Role;
}

/** Own record, or one of another party in an engagement of which the caller sees the own record. */
export function canSee(engagements: Engagements, referral: Referral, caller: Caller): boolean {
  const own = engagements.isOwn(referral) ? referral : engagements.own(referral.engagementId);
  if (!own) return false;
  const { role, locations } = caller.role;
  if (locations && !locations.includes(own.mpnId ?? '')) return false;
  return role === 'ReferralsAdmin' || own.team.some((member) => sameMail(member.email, caller.claims.upn));
}

export function checkMayCreate(caller: Caller, mpnId: string): void {
  const { locations } = caller.role;
  if (locations && !locations.includes(mpnId)) throw forbidden('Your role does not cover this location.');
}

export function checkMayChange(engagements: Engagements, referral: Referral): void {
  if (!engagements.isOwn(referral)) throw forbidden('This referral belongs to another organization.');
}

function sameMail(left: string | null, right: string | undefined): boolean {
  return left !== null && left.trim().toLowerCase() === right?.toLowerCase();
}
