/**
 * What people do when their step comes: sellers, colleagues in the portal, Microsoft, admins, and the host of the
 * worker. Each looks at the world as it is and does something that a person could do there; what the services refuse
 * was not done.
 */
import { admin, host } from './actors-admin';
import { leadSeller } from './actors-leads';
import { microsoft, portal } from './actors-partner-center';
import { seller } from './actors-seller';
import type { By } from './ledger';
import type { Step } from './plan';
import type { SimWorld } from './world';

/** What was done, in a few words; null when there was nothing to do or the service refused it. */
export function act(world: SimWorld, step: Step): string | null {
  try {
    switch (step.who) {
      case 'seller':
        return seller(world, step);
      case 'leadSeller':
        return leadSeller(world, step);
      case 'portal':
        return portal(world, step);
      case 'microsoft':
        return microsoft(world, step);
      case 'admin':
        return admin(world, step);
      case 'worker':
        return host(world, step);
    }
  } catch (error) {
    // A refusal is the service's answer to a person; anything else is a fault of the simulation.
    if (isRefusal(error)) return null;
    throw error;
  }
}

/** In whose name the ledger notes what a step has changed. */
export function byOf({ who }: Step): By {
  if (who === 'worker') return 'admin';
  return who === 'leadSeller' ? 'seller' : who;
}

function isRefusal(error: unknown): boolean {
  const name = (error as { constructor?: { name?: string } } | null)?.constructor?.name ?? '';
  return ['DataverseError', 'Refusal'].includes(name) || /^There is no|^Microsoft/.test((error as Error).message);
}
