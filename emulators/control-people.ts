/** Control of what people do: Microsoft's sellers, colleagues in the portal, users of the CRM. */
import { found, oneOf, optionalText, textOf, type ActionInput, type ControlRow } from './control-input';
import type { CloseDetails, Changes } from './dataverse';
import type { World } from './index';
import type { DealValues, MicrosoftChanges, MicrosoftDeal, MicrosoftLead, PortalDeal, Tamper } from './partner-center';

export const peopleRows: readonly ControlRow[] = [
  [
    'POST',
    '/microsoft/deals',
    'Microsoft sends a co-sell deal',
    ({ world, body }) => world.partnerCenter.microsoft.createDeal(body as MicrosoftDeal),
  ],
  [
    'POST',
    '/microsoft/leads',
    'Microsoft or the marketplace sends a lead',
    ({ world, body }) => world.partnerCenter.microsoft.createLead(body as MicrosoftLead),
  ],
  [
    'POST',
    '/microsoft/engagements/{engagementId}/accept',
    'Microsoft accepts an invitation: sellers, crmId, notes',
    ({ world, names, body }) => world.partnerCenter.microsoft.accept(names['engagementId'] ?? '', body),
  ],
  [
    'POST',
    '/microsoft/engagements/{engagementId}/decline',
    'Microsoft declines: reason',
    ({ world, names, body }) =>
      world.partnerCenter.microsoft.decline(names['engagementId'] ?? '', textOf(body, 'reason')),
  ],
  [
    'POST',
    '/microsoft/engagements/{engagementId}/close',
    'Microsoft closes its record: outcome Won or Lost, reason',
    ({ world, names, body }) =>
      world.partnerCenter.microsoft.close(
        names['engagementId'] ?? '',
        oneOf(body, 'outcome', ['Won', 'Lost']),
        optionalText(body, 'reason'),
      ),
  ],
  [
    'PATCH',
    '/microsoft/engagements/{engagementId}',
    'Microsoft edits its own record: status, notes, sellers, crmId, wire',
    ({ world, names, body }) =>
      world.partnerCenter.microsoft.edit(names['engagementId'] ?? '', body as MicrosoftChanges),
  ],
  [
    'POST',
    '/microsoft/registrations/{referralId}',
    'Microsoft decides on a deal registration: status, reason',
    ({ world, names, body }) =>
      world.partnerCenter.microsoft.reviewRegistration(
        names['referralId'] ?? '',
        textOf(body, 'status'),
        optionalText(body, 'reason'),
      ),
  ],

  [
    'POST',
    '/portal/deals',
    'a colleague makes a deal in the portal',
    ({ world, body }) => world.partnerCenter.portal.createDeal(body as PortalDeal),
  ],
  [
    'PATCH',
    '/portal/referrals/{referralId}',
    'a colleague edits a deal in the portal',
    ({ world, names, body }) => world.partnerCenter.portal.edit(names['referralId'] ?? '', body as DealValues),
  ],
  [
    'POST',
    '/portal/referrals/{referralId}/accept',
    'a colleague accepts',
    ({ world, names }) => world.partnerCenter.portal.accept(names['referralId'] ?? ''),
  ],
  [
    'POST',
    '/portal/referrals/{referralId}/decline',
    'a colleague declines: reason',
    ({ world, names, body }) => world.partnerCenter.portal.decline(names['referralId'] ?? '', textOf(body, 'reason')),
  ],
  [
    'POST',
    '/portal/referrals/{referralId}/close',
    'a colleague closes: outcome Won, Lost or Error, reason',
    ({ world, names, body }) =>
      world.partnerCenter.portal.close(
        names['referralId'] ?? '',
        oneOf(body, 'outcome', ['Won', 'Lost', 'Error']),
        optionalText(body, 'reason'),
      ),
  ],

  ['GET', '/referrals', "the partner's referrals", ({ world }) => world.partnerCenter.referrals()],
  [
    'GET',
    '/referrals/{referralId}',
    'one referral, whoever owns it',
    ({ world, names }) => found(world.partnerCenter.referral(names['referralId'] ?? '')),
  ],
  [
    'GET',
    '/engagements/{engagementId}/microsoft',
    "Microsoft's record of an engagement",
    ({ world, names }) => found(world.partnerCenter.microsoftRecord(names['engagementId'] ?? '')),
  ],
  ['GET', '/catalogue', 'co-sell solutions', ({ world }) => world.partnerCenter.catalogue.list()],
  [
    'POST',
    '/catalogue',
    'add a solution: id, name, type, publisherName',
    ({ world, body }) =>
      world.partnerCenter.catalogue.add({ ...body, id: textOf(body, 'id'), name: textOf(body, 'name') }),
  ],
  ['POST', '/roles', 'give a user a role: upn, role, locations', giveRole],

  ['GET', '/deliveries', 'notifications and their attempts', ({ world }) => world.partnerCenter.deliveries.list()],
  [
    'POST',
    '/deliveries/due',
    'send what is due',
    async ({ world }) => ({ attempts: await world.partnerCenter.deliveries.deliverDue() }),
  ],
  [
    'POST',
    '/deliveries/order',
    'put these first: ids',
    ({ world, body }) => world.partnerCenter.deliveries.reorder((body['ids'] ?? []) as string[]),
  ],
  [
    'POST',
    '/deliveries/certificate',
    'a new signing certificate, for another name with { commonName }',
    ({ world, body }) => world.partnerCenter.signer.rotate(optionalText(body, 'commonName')),
  ],
  [
    'POST',
    '/deliveries/{id}/send',
    'send one now, spoiled with { tamper: body | signature | algorithm | unsigned }',
    ({ world, names, body }) =>
      world.partnerCenter.deliveries.deliver(names['id'] ?? '', optionalText(body, 'tamper') as Tamper | undefined),
  ],
  [
    'POST',
    '/deliveries/{id}/copy',
    'queue a second copy',
    ({ world, names }) => world.partnerCenter.deliveries.duplicate(names['id'] ?? ''),
  ],
  [
    'DELETE',
    '/deliveries/{id}',
    'lose it',
    ({ world, names }) => world.partnerCenter.deliveries.drop(names['id'] ?? ''),
  ],

  [
    'POST',
    '/people/{user}/session',
    'signs a user (id, or seller) in as a browser is: answers the cookie CrmOwinAuth',
    ({ world, names }) => ({ CrmOwinAuth: world.dataverse.signIn(userIn(world, names)) }),
  ],
  [
    'POST',
    '/people/{user}/roles',
    'gives a user these security roles: names',
    ({ world, names, body }) => world.dataverse.giveRoles(userIn(world, names), roleNames(body)),
  ],
  [
    'POST',
    '/people/{user}/language',
    'language of labels and choices for a user: lcid',
    ({ world, names, body }) => world.dataverse.setLanguage(userIn(world, names), Number(body['lcid'])),
  ],

  ['GET', '/crm/{user}/{table}', 'rows; any query parameter is a column that must be equal', listRows],
  [
    'POST',
    '/crm/{user}/{table}',
    'a user (id, or seller) creates a row',
    ({ world, names, body }) => ({ id: person(world, names).create(names['table'] ?? '', body as Changes) }),
  ],
  [
    'GET',
    '/crm/{user}/{table}/{id}',
    'one row',
    ({ world, names }) => found(person(world, names).get(names['table'] ?? '', names['id'] ?? '')),
  ],
  [
    'PATCH',
    '/crm/{user}/{table}/{id}',
    'a user changes a row',
    ({ world, names, body }) => person(world, names).update(names['table'] ?? '', names['id'] ?? '', body as Changes),
  ],
  [
    'DELETE',
    '/crm/{user}/{table}/{id}',
    'a user deletes a row',
    ({ world, names }) => person(world, names).delete(names['table'] ?? '', names['id'] ?? ''),
  ],
  [
    'POST',
    '/crm/{user}/opportunity/{id}/win',
    'a user wins: status, actualrevenue, actualend',
    ({ world, names, body }) => person(world, names).win(names['id'] ?? '', body as CloseDetails),
  ],
  [
    'POST',
    '/crm/{user}/opportunity/{id}/lose',
    'a user loses: status, actualrevenue, actualend',
    ({ world, names, body }) => person(world, names).lose(names['id'] ?? '', body as CloseDetails),
  ],
  [
    'POST',
    '/crm/{user}/lead/{id}/qualify',
    'a user qualifies a lead; answers the opportunity',
    ({ world, names }) => ({ opportunityId: person(world, names).qualifyLead(names['id'] ?? '') }),
  ],
];

function giveRole({ world, body }: ActionInput): void {
  const role = oneOf(body, 'role', ['ReferralsAdmin', 'ReferralsUser', 'none']);
  const { locations } = body;
  world.partnerCenter.roles.assign(textOf(body, 'upn'), {
    role,
    ...(Array.isArray(locations) ? { locations: locations.map(String) } : {}),
  });
}

function person(world: World, names: Readonly<Record<string, string>>) {
  return world.dataverse.as(userIn(world, names));
}

function userIn(world: World, names: Readonly<Record<string, string>>): string {
  const user = names['user'] ?? '';
  const known: Readonly<Record<string, string>> = { ...world.dataverse.users };
  return known[user] ?? user;
}

function roleNames(body: Readonly<Record<string, unknown>>): string[] {
  const { names } = body;
  if (!Array.isArray(names) || !names.every((name) => typeof name === 'string'))
    throw new Error('names must be a list');
  return names;
}

function listRows({ world, names, query }: ActionInput): unknown {
  const wanted = Object.entries(query);
  const fits = (row: Readonly<Record<string, unknown>>): boolean =>
    wanted.every(([column, value]) => String(row[column] ?? '') === value);
  return person(world, names).list(names['table'] ?? '', fits);
}
