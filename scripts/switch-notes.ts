/**
 * What each switch of the emulated Partner Center decides, for docs/emulators.md.
 *
 * Only words; the values and their defaults come from the emulator. A switch without a note does not compile.
 */
import type { Switches } from '../emulators/partner-center/switches';

export const switchNotes: Readonly<Record<keyof Switches, string>> = {
  'create.status': 'Status of a successful POST.',
  'create.readOnlyFields': 'A field of the service in a POST is ignored, or refused with 400.',
  'create.direction': 'What `direction` says on a deal of the partner. Real answers were seen with Incoming.',
  'create.unknownSolution': 'A solution that is not in the catalogue is refused, or taken.',
  'invite.flipsType': 'Inviting Microsoft turns the type of the own referral into Shared.',
  'invite.again': 'A second invitation after Microsoft declined or let the first one expire.',
  'patch.noPrefer': 'Status of a PATCH without `Prefer: return=representation`.',
  'patch.etagOn204': 'A 204 carries the new ETag.',
  'patch.stringNumbers': 'Numbers that come as texts.',
  'patch.extraPaths': 'Paths beyond the documented list: name and attributes, none, or all.',
  'patch.jsonPatchContentType': 'Content type `application/json-patch+json`.',
  'patch.noChange': 'A PATCH that changes nothing makes a new version, or keeps the old one.',
  'patch.customerContactsWhenShared':
    'Customer contacts once Microsoft sees the deal: writable while empty, frozen, or free.',
  'close.error': 'Closing with substatus Error through the API.',
  'close.requireReason': 'Declining or losing needs a `statusReason`.',
  'accept.requireDetails': 'Accepting needs a deal value and a closing date.',
  'state.machine': 'Strict: only moves that the portal offers. Table: every move of the documented table.',
  forbidden: 'Answer for a referral that the caller may not see.',
  terminal: 'Status of a change of a closed referral.',
  stateRule: 'Status of a move that is not allowed.',
  etagMismatch: 'Answer to an `If-Match` that no longer fits.',
  'errors.envelope': 'Shape of an error: the documented one, a gateway’s, an HTML page, or nothing.',
  'html.escape': 'Names come back with HTML entities, as real answers did.',
  'closing.localMidnight':
    'The closing date is the local midnight of whoever typed it, so its UTC day may be the day before.',
  'address.stateIn': 'Which property of the address holds the state.',
  'names.trailingBlanks': 'Names come back with a blank at the end.',
  'registrations.absent': 'How often the property `registrations` is missing.',
  'requirements.absent': 'How often `offers` and `additionalRequirements` are missing.',
  casing: 'Case of property names in answers.',
  nullArrays: 'Empty lists come as null.',
  'list.includesMicrosoft': 'Lists show the records of organization `msft` too.',
  'list.top': '`$top` is the size of a page, or the end of the list.',
  'list.nextLink':
    'Form of the link to the next page; three of them appear in documents and cannot be followed as they are.',
  'list.continuation': 'Pages go on by offset, so that rows move between them, or after the last row.',
  'list.marketplaceLeads': 'Lists show marketplace leads.',
  'list.dateLiteral': 'How an instant is written in `$filter`.',
  'list.externalReferenceIdFilter': '`$filter` on externalReferenceId.',
  'list.createdFilter': '`$filter` on createdDateTime.',
  'related.movesOwn': 'A change on Microsoft’s record moves the version of the own record.',
  'auth.appOnly': 'Answer to a token without a user.',
  'roles.webhooks': 'Who may register webhooks: any user, or the documented roles only.',
  mfa: 'Tokens must come from a sign-in with two factors.',
  'events.ownWrites': 'Writes through the API raise notifications too.',
  'webhook.case': 'Case of property names in notifications.',
  'webhook.relatedId': 'Whose id a related-referral notification carries.',
  'webhook.order': 'Notifications in the order of the changes, or shuffled.',
  'webhook.auto': 'Notifications are delivered by themselves; off: when a test says so.',
  'webhook.certificateFormat': 'Form of the signing certificate.',
  'webhook.registrationShape': 'Case of property names in the registration.',
  'validation.shape': 'Answer to a validation event: an object, or a bare text.',
  'index.lagMs': 'Lists show a change only so many milliseconds later; reads by id show it at once.',
  'closing.utcOffsetMinutes':
    'Minutes east of Greenwich of whoever makes deals in the portal, for `closing.localMidnight`.',
  'webhook.dup': 'Extra copies of each notification.',
  'webhook.scheduleMs': 'Waits in milliseconds before each further attempt to deliver.',
  throttle: 'Limits that answer 429; none by default, since none are published.',
};
