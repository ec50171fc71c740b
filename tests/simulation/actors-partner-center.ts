/**
 * Colleagues in Partner Center's portal and Microsoft's own people.
 */
import type { Referral } from '../../emulators';
import { newLead } from './actors-leads';
import { dayOf } from './actors-seller';
import { isMore, portalChanges, solutionsOf } from './more-fields';
import type { PlainField, Step } from './plan';
import { catalogue } from './services';
import type { SimWorld } from './world';

function openReferral(world: SimWorld, step: Step): Referral | undefined {
  const all = world.services.partnerCenter.referrals();
  return all[step.deal % Math.max(1, all.length)];
}

export function portal(world: SimWorld, step: Step & { who: 'portal' }): string | null {
  const { portal: desk } = world.services.partnerCenter;
  if (step.what === 'create') {
    const made = desk.createDeal({
      name: `Portal ${step.unique}`,
      solutions: [catalogue[0]],
      value: 3_000 + step.unique,
      closingDate: dayOf(step.unique),
      notes: `Portal note ${step.unique}`,
      ...(step.choice < 0.5 ? { help: { code: 'Workshop' } } : {}),
      ...(step.choice < 0.3 ? { customer: { name: `Neukunde ${step.deal} AG` } } : {}),
    });
    return `makes a deal ${made.id.slice(0, 8)}`;
  }
  const referral = openReferral(world, step);
  if (!referral) return null;
  const short = referral.id.slice(0, 8);
  const solutions = solutionsOf(referral);
  const { field } = step;
  if (isMore(field)) {
    const done = portalChanges(world, { ...step, field }, referral);
    return done && `${done} on ${short}`;
  }
  switch (step.what) {
    case 'edit':
      desk.edit(referral.id, portalValue(field, step.unique, referral));
      return `writes ${field} ${step.unique} on ${short}`;
    case 'undo': {
      const before = world.ledger.history('pc', referral.id, field).at(-2);
      if (!before || before.value === '') return null;
      desk.edit(referral.id, portalText(field, before.value, referral));
      return `takes back ${field} (${before.value}) on ${short}`;
    }
    case 'addSolution': {
      const free = catalogue.filter((one) => !solutions.some(({ id }) => id === one));
      const solution = free[Math.floor(step.choice * free.length)];
      if (!solution) return null;
      desk.edit(referral.id, { solutions: [...solutions, { id: solution }] });
      return `adds ${solution} to ${short}`;
    }
    case 'removeSolution': {
      if (solutions.length < 2) return null;
      const gone = solutions[Math.floor(step.choice * solutions.length)];
      desk.edit(referral.id, { solutions: solutions.filter((one) => one !== gone) });
      return `removes ${gone?.id} from ${short}`;
    }
    case 'addMember':
      desk.edit(referral.id, {
        team: [
          ...referral.team.filter(({ email }) => email !== 'benno.achterberg@contoso.example'),
          {
            firstName: 'Benno',
            lastName: 'Achterberg',
            phoneNumber: '+49 40 5550 777',
            email: 'benno.achterberg@contoso.example',
          },
        ],
      });
      return `adds a colleague to ${short}`;
    case 'close':
      desk.close(referral.id, step.choice < 0.5 ? 'Won' : 'Lost', 'Others');
      return `closes ${short}`;
    case 'accept':
      desk.accept(referral.id);
      return `accepts ${short}`;
    case 'decline':
      desk.decline(referral.id, 'Others');
      return `declines ${short}`;
  }
}

function portalValue(
  field: PlainField,
  unique: number,
  referral: Referral,
): Parameters<SimWorld['services']['partnerCenter']['portal']['edit']>[1] {
  switch (field) {
    case 'name':
      return portalText(field, `Portal ${unique}`, referral);
    case 'dealValue':
      return { value: 500_000 + unique };
    case 'closeDate':
      return { closingDate: dayOf(500 + unique) };
    case 'dealNotes':
      return { notes: `Portal note ${unique}` };
  }
}

function portalText(field: PlainField, value: string, referral: Referral): ReturnType<typeof portalValue> {
  switch (field) {
    case 'name':
      return { name: value };
    case 'dealValue':
      return { value: Number(value.split(' ')[0]), currency: value.split(' ')[1] ?? String(referral.details.currency) };
    case 'closeDate':
      return { closingDate: value };
    case 'dealNotes':
      return { notes: value };
  }
}

export function microsoft(world: SimWorld, step: Step & { who: 'microsoft' }): string | null {
  const side = world.services.partnerCenter.microsoft;
  if (step.what === 'createDeal') {
    const made = side.createDeal({
      name: `Microsoft ${step.unique}`,
      solutions: [catalogue[0]],
      value: 7_000 + step.unique,
      currency: 'EUR',
      closingDate: dayOf(step.unique),
      ...(step.choice < 0.3 ? { expires: new Date(world.time + 600_000).toISOString() } : {}),
      ...(step.choice < 0.5 ? { customer: { name: `Neukunde ${step.deal} AG` } } : {}),
    });
    return `sends a deal ${made.id.slice(0, 8)}`;
  }
  if (step.what === 'createLead') return `sends a lead ${newLead(world, step).slice(0, 8)}`;
  const referral = openReferral(world, step);
  if (!referral) return null;
  const { engagementId } = referral;
  switch (step.what) {
    case 'accept':
      side.accept(engagementId);
      break;
    case 'decline':
      side.decline(engagementId, 'Not our customer');
      break;
    case 'edit':
      side.edit(engagementId, { notes: `Microsoft note ${step.unique}` });
      break;
    case 'close':
      side.close(engagementId, 'Lost', 'Others');
      break;
  }
  return `${step.what}s ${engagementId.slice(0, 8)}`;
}
