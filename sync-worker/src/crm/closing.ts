/**
 * Winning and losing an opportunity: actions of their own, since its state is not written like a column. Pure.
 *
 * Source: Microsoft Learn "Use Web API actions" (WinOpportunity, LoseOpportunity).
 */
import type { CrmStage, RecordRef } from '../ports';
import type { Operation } from './batch';
import type { Environment } from './environment';
import { rowPath } from './odata';
import type { AdapterSettings } from './settings';

/** The action that closes the opportunity, or null when the stage is no closing one. */
export function closingAction(
  ref: RecordRef,
  stage: CrmStage | undefined,
  settings: AdapterSettings,
  environment: Environment,
): Operation | null {
  if (ref.type !== 'opportunity' || (stage !== 'won' && stage !== 'lost')) return null;
  const { stages } = settings;
  const close = {
    subject: stage === 'won' ? 'Won in Partner Center' : 'Lost in Partner Center',
    'opportunityid@odata.bind': rowPath(environment.set('opportunity'), ref.id),
  };
  return stage === 'won'
    ? { method: 'POST', path: 'WinOpportunity', body: { Status: stages.won ?? 3, OpportunityClose: close } }
    : { method: 'POST', path: 'LoseOpportunity', body: { Status: stages.lost ?? 4, OpportunityClose: close } };
}
