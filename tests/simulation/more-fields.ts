/**
 * Fields that people change in some worlds only: the sales stage, quantity and price of a solution, customer contacts.
 *
 * Laid over the edits of an ordinary plan. Their values are few, so that both sides say the same again and again.
 */
import type { Referral } from '../../emulators';
import type { Row } from '../../emulators/dataverse';
import type { EditField, Plan, Step } from './plan';
import { hash, numberOf, pick, randomFrom } from './random';
import type { Services } from './services';
import type { SimWorld } from './world';

export const moreFields = ['salesStage', 'quantity', 'price', 'contact'] as const;
export type MoreField = (typeof moreFields)[number];

/** Of a hundred worlds. */
const share = 12;
/** Percentages of the CRM's stages out of the box, by option (docs/fields.md). */
const stages = ['20', '40', '60', '80'] as const;
/** One that the CRM has no option for shows as the one below. */
const portalStages = [...stages, '50', '100'] as const;
const guest = {
  firstName: 'Edgar',
  lastName: 'Wiese',
  phoneNumber: '+49 341 5550188',
  email: 'edgar.wiese@brueckner.example',
};

export function isMore(field: EditField): field is MoreField {
  return (moreFields as readonly string[]).includes(field);
}

/** In some worlds most edits are about one or two of these fields. */
export function withMoreFields(plan: Plan): Plan {
  // The number leaves the worlds to which mistakes are tied as they are.
  const random = randomFrom(hash('more fields 3', plan.seed));
  if (random() * 100 >= share) return plan;
  const favourites = [pick(random, moreFields), pick(random, moreFields)];
  const steps = plan.steps.map((step): Step => {
    const turn = numberOf(plan.seed, `more ${step.unique} ${step.at}`);
    const isEdit = step.what === 'edit' || step.what === 'undo';
    return isEdit && step.who !== 'microsoft' && turn < 0.75 ? { ...step, field: pick(random, favourites) } : step;
  });
  return { ...plan, steps };
}

/** What a seller does to the record or its children, or null where there is nothing to do it to. */
export function sellerChanges(world: SimWorld, step: Step & { field: MoreField }, id: string): string | null {
  const { store } = world.services.dataverse;
  const { seed } = world.services.base;
  const before = formerly(world, 'crm', id, step);
  switch (step.field) {
    case 'salesStage': {
      const stage = before ?? pick(() => step.choice, stages);
      world.seller.update('opportunity', id, {
        salesstage: stage === '' ? null : stages.indexOf(stage as '20'),
      } as never);
      return `moves to ${stage} %`;
    }
    case 'quantity':
    case 'price': {
      const [child] = childrenOf(world.services, id);
      if (!child) return null;
      const value = before ?? amountOf(step);
      const column = step.field === 'price' ? 'cosell_price' : 'cosell_quantity';
      world.seller.update('cosell_opportunitysolution', child, { [column]: value === '' ? null : Number(value) });
      return `writes ${step.field} ${value}`;
    }
    case 'contact': {
      if (step.choice < 0.3) {
        const row = store.get('opportunity', id)?.values;
        const { complete, french } = seed.contacts;
        const other = row?.['parentcontactid'] === complete ? french : complete;
        world.seller.update('opportunity', id, { parentcontactid: other } as never);
        return 'changes the contact';
      }
      const connections = store.table('connection').referencing('record1id', id);
      const there = connections.find(
        (one) => store.get('connection', one)?.values['record2id'] === seed.contacts.french,
      );
      if (there) world.seller.delete('connection', there);
      else
        world.seller.create('connection', {
          record1id: { opportunity: id },
          record2id: { contact: seed.contacts.french },
          record2roleid: seed.roles.stakeholder,
        } as never);
      return there ? 'takes a stakeholder off' : 'adds a stakeholder';
    }
  }
}

/** The same of a colleague in the portal. */
export function portalChanges(world: SimWorld, step: Step & { field: MoreField }, referral: Referral): string | null {
  const { portal } = world.services.partnerCenter;
  const before = formerly(world, 'pc', referral.id, step);
  switch (step.field) {
    case 'salesStage': {
      const stage = before ?? pick(() => step.choice, portalStages);
      if (stage === '') return null;
      portal.edit(referral.id, { salesStage: stage });
      return `moves to ${stage} %`;
    }
    case 'quantity':
    case 'price': {
      const [first, ...others] = solutionsOf(referral);
      if (!first) return null;
      const value = before ?? amountOf(step);
      portal.edit(referral.id, {
        solutions: [{ ...first, [step.field]: value === '' ? null : Number(value) }, ...others] as never,
      });
      return `writes ${step.field} ${value}`;
    }
    case 'contact': {
      const team = referral.customerProfile.team;
      const isThere = team.some(({ email }) => email === guest.email);
      const others = team.filter(({ email }) => email !== guest.email);
      portal.edit(referral.id, { customer: { team: isThere ? others : [...others, guest] } as never });
      return isThere ? 'takes a contact off' : 'adds a contact';
    }
  }
}

/** Solutions with what they cost and how many there are, as an edit of the list has to say them again. */
export function solutionsOf({ details }: Referral): { id: string; price?: number; quantity?: number }[] {
  return details.requirements.solutions.map(({ id, price, quantity }) => ({
    id,
    ...(price === null ? {} : { price }),
    ...(quantity === null ? {} : { quantity }),
  }));
}

/** What the ledger notes of these fields. */
export function moreCrmValues(services: Pick<Services, 'dataverse'>, id: string, row: Row): Record<string, string> {
  const { store } = services.dataverse;
  const stage = row['salesstage'];
  const values: Record<string, string> = { salesStage: stage == null ? '' : (stages[Number(stage)] ?? '') };
  for (const child of childrenOf(services, id)) {
    const found = store.get('cosell_opportunitysolution', child)?.values ?? {};
    const solution = store.get('cosell_solution', String(found['cosell_solutionid']))?.values;
    const name = String(solution?.['cosell_solutionidentifier']);
    amounts(values, name, found['cosell_price'], found['cosell_quantity']);
  }
  const contacts = [row['parentcontactid']];
  for (const connection of store.table('connection').referencing('record1id', id))
    contacts.push(store.get('connection', connection)?.values['record2id']);
  for (const contact of contacts) {
    const email = store.get('contact', String(contact ?? ''))?.values['emailaddress1'];
    if (email) values[`contact ${String(email).toLowerCase()}`] = 'yes';
  }
  return values;
}

export function morePartnerCenterValues({ salesStage, details, customerProfile }: Referral): Record<string, string> {
  const values: Record<string, string> = { salesStage: stageShown(salesStage) };
  for (const { id, price, quantity } of details.requirements.solutions) amounts(values, id, price, quantity);
  for (const { email } of customerProfile.team) if (email) values[`contact ${email.trim().toLowerCase()}`] = 'yes';
  return values;
}

/** As the record shows it: a stage that it has no option for is no other word than the one below. */
export function stageShown(percent: string | null): string {
  return stages.findLast((one) => Number(one) <= Number(percent ?? 0)) ?? '';
}

/** Of a field whose value belongs to a solution, nothing is said once that is gone. */
export function isWithoutSolution(field: string, value: string): boolean {
  return value === '' && /^(quantity|price) /.test(field);
}

function amounts(values: Record<string, string>, id: string, price: unknown, quantity: unknown): void {
  if (price != null) values[`price ${id}`] = String(Number(price));
  if (quantity != null) values[`quantity ${id}`] = String(Number(quantity));
}

function childrenOf({ dataverse }: Pick<Services, 'dataverse'>, id: string): readonly string[] {
  return dataverse.store.table('cosell_opportunitysolution').referencing('cosell_opportunityid', id);
}

const amountOf = ({ unique }: Step): string => String(1 + (unique % 90));

/** What stood there before, for somebody who takes back. */
function formerly(world: SimWorld, side: 'crm' | 'pc', entity: string, { what, field }: Step): string | undefined {
  if (what !== 'undo') return undefined;
  const names = world.ledger.fields(side, entity).filter((name) => name.split(' ')[0] === field);
  return names
    .map((name) => world.ledger.history(side, entity, name).at(-2)?.value)
    .find((value) => value !== undefined);
}
