/**
 * From the stored referral to the bytes on the wire, with the blemishes that real answers show:
 * HTML entities, a state in `region`, trailing blanks, absent or null arrays, Pascal case.
 */
import { tenthOf } from './ids';
import { invalid } from './refusal';
import type { Switches } from './switches';
import type { Person, Referral } from './types';

export const referralsPath = '/v1.0/engagements/referrals';

export function renderReferral(referral: Referral, switches: Switches, origin: string): Record<string, unknown> {
  const { address } = referral.customerProfile;
  const name = (text: string | null): string | null => blemish(text, switches);
  const wire: Record<string, unknown> = {
    ...referral,
    name: switches['html.escape'] === 'on' ? escapeHtml(referral.name) : referral.name,
    customerProfile: {
      ...referral.customerProfile,
      name: name(referral.customerProfile.name),
      address:
        switches['address.stateIn'] === 'region' && address.state !== null
          ? { ...address, state: null, region: address.state }
          : address,
      team: referral.customerProfile.team.map((person) => renderPerson(person, switches)),
    },
    details: renderDetails(referral, switches),
    team: referral.team.map((person) => renderPerson(person, switches)),
    links: linksOf(referral, origin),
  };
  if (isAbsent(switches['registrations.absent'], referral.id, 'registrations')) delete wire['registrations'];
  return styled(wire, switches) as Record<string, unknown>;
}

/** $select keeps the named top-level properties; a name that does not exist is a 400. */
export function selectProperties(
  wire: Record<string, unknown>,
  select: readonly string[] | undefined,
): Record<string, unknown> {
  if (!select) return wire;
  const names = new Map(Object.keys(wire).map((name) => [name.toLowerCase(), name]));
  const picked: Record<string, unknown> = {};
  for (const wanted of select) {
    const name = names.get(wanted.toLowerCase());
    if (name !== undefined) picked[name] = wire[name];
    else if (wanted !== 'registrations')
      throw invalid('invalidQueryOption', '$select', `There is no property ${wanted}.`);
  }
  return picked;
}

function linksOf(referral: Referral, origin: string) {
  const base = `${origin}${referralsPath}`;
  return {
    // Real answers leave the id unquoted here.
    relatedReferrals: { uri: `${base}?$filter=engagementId eq ${referral.engagementId}`, method: 'GET' },
    self: { uri: `${base}/${referral.id}`, method: 'GET' },
  };
}

function renderDetails(referral: Referral, switches: Switches): Record<string, unknown> {
  const requirements: Record<string, unknown> = { ...referral.details.requirements };
  if (switches['requirements.absent'] === 'tenth') {
    if (tenthOf(referral.id, 'offers') === 0) delete requirements['offers'];
    if (tenthOf(referral.id, 'additionalRequirements') === 0) delete requirements['additionalRequirements'];
  }
  return { ...referral.details, requirements };
}

function renderPerson(person: Person, switches: Switches): Person {
  return { ...person, firstName: blemish(person.firstName, switches), lastName: blemish(person.lastName, switches) };
}

function blemish(text: string | null, switches: Switches): string | null {
  const escaped = switches['html.escape'] === 'on' ? escapeHtml(text) : text;
  return escaped !== null && switches['names.trailingBlanks'] === 'on' ? `${escaped} ` : escaped;
}

function escapeHtml(text: string | null): string | null {
  return (
    text
      ?.replace(/&/g, '&amp;')
      .replace(/</g, '&lt;')
      .replace(/>/g, '&gt;')
      .replace(/"/g, '&quot;')
      .replace(/'/g, '&#39;') ?? null
  );
}

function isAbsent(rule: Switches['registrations.absent'], id: string, purpose: string): boolean {
  return rule === 'always' || (rule === 'tenth' && tenthOf(id, purpose) === 0);
}

function styled(value: unknown, switches: Switches): unknown {
  const pascal = switches.casing === 'pascal';
  const nulls = switches.nullArrays === 'on';
  if (!pascal && !nulls) return value;
  if (Array.isArray(value)) return nulls && value.length === 0 ? null : value.map((item) => styled(item, switches));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [pascal ? pascalCase(name) : name, styled(item, switches)]),
  );
}

export function pascalCase(name: string): string {
  return name.slice(0, 1).toUpperCase() + name.slice(1);
}
