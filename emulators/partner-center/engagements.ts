/**
 * The one place where referrals come into being and change: stamps, versions, effects on the other
 * record of an engagement, expiry, events. Rules about bodies are asked for elsewhere; HTTP, the
 * portal and Microsoft's side all come through here.
 */
import type { Clock } from '../kit/clock';
import { contentOf, serverDefaults } from './build';
import type { Catalogue } from './catalogue';
import { checkCreate, invitesPartner, wantsMicrosoft } from './create-rules';
import type { EventName } from './events';
import { eTagOf, IdSource } from './ids';
import { applyPatch, changesNothing, type PatchContext, type PatchOperation } from './patch';
import { againstState, invalid, NotModelled, required } from './refusal';
import { at, type Draft } from './shape';
import { ReferralStore } from './store';
import type { Switches } from './switches';
import { instant, millisecondsOf, Stamps, type Instant } from './time';
import { microsoft, type Organization, type Referral } from './types';

export interface EngagementOptions {
  readonly clock: Clock;
  readonly switches: Switches;
  readonly catalogue: Catalogue;
  readonly organization: Organization;
  readonly raise: (event: EventName, referral: Referral, own: Referral | undefined) => void;
}

/** Who changes: the partner's API calls are echoed as events only when the switch says so. */
export type Via = 'api' | 'portal' | 'microsoft' | 'clock';

/** One saved step of a record; `before` is absent for a new one. */
export interface Change {
  readonly before?: Referral;
  readonly after: Referral;
  readonly via: Via;
}

export class Engagements {
  readonly store: ReferralStore;
  readonly options: EngagementOptions;
  readonly ids = new IdSource('referral');
  readonly stamps: Stamps;
  /** Told of every change; for people who want to look on. */
  readonly watchers = new Set<(change: Change) => void>();
  private version = 0;

  constructor(options: EngagementOptions) {
    this.options = options;
    this.store = new ReferralStore(options.clock, options.switches);
    this.stamps = new Stamps(options.clock);
  }

  /** Lets everything that time has brought happen. Called before every look at the store. */
  sweep(): void {
    for (const referral of this.store.overdue(this.options.clock.now())) {
      const at = referral.expirationDateTime ?? this.stamps.next();
      const closed = { status: 'Closed', substatus: 'Expired', closedDateTime: at };
      // Microsoft Learn, "Manage leads": expired leads show no contact data.
      const isLead = referral.type === 'Independent';
      const customerProfile = isLead ? { ...referral.customerProfile, team: [] } : referral.customerProfile;
      this.change(referral, { ...referral, ...closed, customerProfile }, 'clock', at);
    }
  }

  isOwn(referral: Referral): boolean {
    return referral.organizationId === this.options.organization.id;
  }

  /** The partner's own record of an engagement. */
  own(engagementId: string): Referral | undefined {
    return this.store.engagement(engagementId).find((referral) => this.isOwn(referral));
  }

  microsoftRecords(engagementId: string): Referral[] {
    return this.store.engagement(engagementId).filter((referral) => referral.organizationId === microsoft);
  }

  /** Documented two-step creation: first the own referral, then one for Microsoft in its engagement. */
  create(draft: Draft, via: Via): Referral {
    checkCreate(draft, this.options.catalogue);
    const engagementId = at(draft, 'engagementId');
    if (invitesPartner(draft)) throw new NotModelled('inviting another partner (BusinessProfileLocation target)');
    if (wantsMicrosoft(draft)) return this.inviteMicrosoft(draft, engagementId, via);
    if (engagementId != null) throw new NotModelled('a second own referral in an engagement');
    return this.createOwn(draft, via);
  }

  private createOwn(draft: Draft, via: Via): Referral {
    const { organization, switches, catalogue } = this.options;
    const created = this.stamps.next();
    const own = serverDefaults(organization);
    const mpnId = (draft['mpnId'] as string | undefined) ?? organization.mpnId;
    const invitedBy = { organizationId: organization.id, organizationName: organization.name };
    const content = contentOf(draft, catalogue);
    return this.add(
      {
        ...own,
        ...content,
        ...this.identity(created),
        engagementId: this.ids.next(),
        mpnId,
        createdVia: via === 'portal' ? 'Portal' : null,
        status: 'Active',
        substatus: 'Accepted',
        acceptedDateTime: earlier(created),
        direction: switches['create.direction'],
        inviteContext: {
          notes: (at(draft, 'inviteContext.notes') as string | undefined) ?? null,
          assistanceRequestCode: 'Unknown',
          invitedMpnId: mpnId,
          invitedBy,
        },
      },
      'referral-created',
      via,
    );
  }

  private inviteMicrosoft(draft: Draft, engagementId: unknown, via: Via): Referral {
    const { organization, switches, catalogue } = this.options;
    if (typeof engagementId !== 'string') throw required('engagementId');
    const own = this.own(engagementId);
    if (!own)
      throw invalid('engagementNotFound', 'engagementId', 'Your organization has no referral in this engagement.');
    if (own.status === 'Closed')
      throw againstState(switches.terminal, 'terminal', 'engagementId', 'The deal is closed.');
    const invited = this.microsoftRecords(engagementId);
    const stillOpen = invited.some((referral) => referral.status !== 'Closed');
    if (stillOpen || (invited.length > 0 && switches['invite.again'] === 'reject')) {
      throw invalid('inviteExists', 'engagementId', 'Microsoft was already invited to this engagement.');
    }
    const created = this.stamps.next();
    const record = this.add(
      {
        ...serverDefaults({ id: microsoft, name: 'Microsoft', mpnId: null }),
        ...contentOf(draft, catalogue),
        ...this.identity(created),
        engagementId: own.engagementId,
        externalReferenceId: null,
        campaignId: null,
        team: [],
        status: 'New',
        substatus: 'Pending',
        direction: 'Outgoing',
        expirationDateTime: instant(millisecondsOf(created) + 14 * 86_400_000),
        inviteContext: {
          notes: (at(draft, 'inviteContext.notes') as string | undefined) ?? null,
          assistanceRequestCode: String(at(draft, 'inviteContext.assistanceRequestCode')),
          invitedMpnId: null,
          invitedBy: { organizationId: organization.id, organizationName: organization.name },
        },
      },
      'related-referral-created',
      via,
    );
    if (switches['invite.flipsType'] === 'on' && own.type !== 'Shared')
      this.change(own, { ...own, type: 'Shared' }, via);
    return record;
  }

  /** New records enter here, those of Microsoft's making too. */
  add(referral: Referral, event: EventName, via: Via): Referral {
    this.store.save(referral);
    this.tell({ after: referral, via });
    this.announce(event, referral, via);
    return referral;
  }

  identity(created: Instant): Pick<Referral, 'id' | 'createdDateTime' | 'updatedDateTime' | 'eTag'> {
    const eTag = eTagOf(++this.version, millisecondsOf(created));
    return { id: this.ids.next(), createdDateTime: created, updatedDateTime: created, eTag };
  }

  patch(before: Referral, operations: readonly PatchOperation[], via: Via): Referral {
    const changed = applyPatch(before, operations, this.patchContext(before, via));
    const keep = this.options.switches['patch.noChange'] === 'keep';
    if (keep && changesNothing(before, changed)) return before;
    return this.change(before, changed, via);
  }

  private patchContext(before: Referral, via: Via): PatchContext {
    const { switches, catalogue, clock } = this.options;
    const invited = this.microsoftRecords(before.engagementId);
    return {
      // The portal's form always offers the name, whatever the API does.
      switches: via === 'portal' ? { ...switches, 'patch.extraPaths': 'name+attributes' } : switches,
      catalogue,
      now: clock.now(),
      newId: () => this.ids.next(),
      microsoftInvited: invited.length > 0,
      microsoftAccepted: invited.some((one) => one.substatus === 'Accepted' || one.substatus === 'Won'),
    };
  }

  /** Stamps and stores a changed referral, with what follows from a step of its state. */
  change(before: Referral, changed: Referral, via: Via, stamp: Instant = this.stamps.next()): Referral {
    const referral = {
      ...changed,
      ...effectsOfState(before, changed, stamp),
      updatedDateTime: stamp,
      eTag: eTagOf(++this.version, millisecondsOf(stamp)),
    };
    this.store.save(referral);
    this.tell({ before, after: referral, via });
    const related = !this.isOwn(referral);
    this.announce(related ? 'related-referral-updated' : 'referral-updated', referral, via);
    if (related && this.options.switches['related.movesOwn'] === 'on') {
      const own = this.own(referral.engagementId);
      if (own && own.status !== 'Closed') this.change(own, own, via);
    }
    return referral;
  }

  private tell(change: Change): void {
    for (const watcher of this.watchers) watcher(change);
  }

  private announce(event: EventName, referral: Referral, via: Via): void {
    if (via === 'api' && this.options.switches['events.ownWrites'] === 'off') return;
    this.options.raise(event, referral, this.own(referral.engagementId));
  }
}

function effectsOfState(before: Referral, changed: Referral, stamp: Instant): Partial<Referral> {
  if (before.status === changed.status) return {};
  if (changed.status === 'Active') return { acceptedDateTime: earlier(stamp), expirationDateTime: null };
  if (changed.status !== 'Closed') return {};
  return { closedDateTime: changed.closedDateTime ?? stamp };
}

/** Real records were accepted a few milliseconds before the stamp of the same step. */
function earlier(stamp: Instant): Instant {
  return instant(millisecondsOf(stamp) - 8);
}
