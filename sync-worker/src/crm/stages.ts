/**
 * Which status reasons mean "on hold" and "active".
 *
 * Pure. A setting names a status reason by number or by its label in any installed language, so that a French
 * admin may write what he sees. Won and lost come from the state and need no setting. Source: Microsoft Learn,
 * Dynamics 365 co-sell connector, environment variables "On-hold stage name" and "Active stage name".
 */
import type { CrmFinding, CrmStage, RecordType } from '../ports';
import type { StatusFacts } from './environment';

/** States of opportunity: 0 Open, 1 Won, 2 Lost. Of lead: 0 Open, 1 Qualified, 2 Disqualified. */
const closedWell = 1;
const closedBadly = 2;

export interface Stages {
  /** Status reason for each stage of an opportunity; null: the setting names none that exists. */
  readonly hold: number | null;
  readonly open: number | null;
  readonly won: number | null;
  readonly lost: number | null;
  readonly leadLost: number | null;
  readonly findings: readonly CrmFinding[];
}

export interface StageNames {
  readonly active: string;
  readonly onHold: string;
}

/** @param last the stages in force: they stay where a name is of no use, both where the two mean the same */
export function readStages(
  opportunity: readonly StatusFacts[],
  lead: readonly StatusFacts[],
  names: StageNames,
  last: Pick<Stages, 'hold' | 'open'> = { hold: null, open: null },
): Stages {
  const findings: CrmFinding[] = [];
  const openOnes = opportunity.filter((status) => status.state === 0);
  const find = (name: string, variable: string): number | null => {
    const found = openOnes.find((status) => names_(status, name));
    if (!found) findings.push({ code: 'settingUnknownStage', params: { variable, value: name } });
    return found?.value ?? null;
  };
  const hold = find(names.onHold, 'cosell_onholdstagename') ?? last.hold;
  const open = find(names.active, 'cosell_activestagename') ?? last.open;
  const same = hold !== null && hold === open;
  if (same) {
    findings.push({ code: 'settingSameStage', params: { variable: 'cosell_onholdstagename', value: names.onHold } });
  }
  return {
    hold: same ? last.hold : hold,
    open: same ? last.open : open,
    won: firstOf(opportunity, closedWell),
    lost: firstOf(opportunity, closedBadly),
    leadLost: firstOf(lead, closedBadly),
    findings,
  };
}

function names_(status: StatusFacts, name: string): boolean {
  const wanted = name.trim().toLowerCase();
  if (wanted === '') return false;
  return String(status.value) === wanted || status.labels.some((label) => label.trim().toLowerCase() === wanted);
}

/** The platform's own status reasons have the smallest numbers: Won 3, Canceled 4, lead Lost 4. */
function firstOf(statuses: readonly StatusFacts[], state: number): number | null {
  const values = statuses.filter((status) => status.state === state).map((status) => status.value);
  return values.length === 0 ? null : Math.min(...values);
}

/** A lead that is reactivated after its merge waits like any other. UNVERIFIED: state and column as the Merge message sets them. */
export function isMergedAway(type: RecordType, state: number | null, merged: boolean): boolean {
  return type === 'lead' && merged && state === closedBadly;
}

/**
 * Stage of a record. A lead has no stage to wait in: it is held until it is qualified, which accepts it. Null: not known,
 * since taken for open every deal that waits would be accepted.
 */
export function stageOf(
  type: RecordType,
  state: number | null,
  status: number | null,
  stages: Stages,
): CrmStage | null {
  if (type === 'lead') return state === closedWell ? 'open' : state === closedBadly ? 'lost' : 'hold';
  if (state === closedWell) return 'won';
  if (state === closedBadly) return 'lost';
  if (stages.hold === null) return null;
  return status === stages.hold ? 'hold' : 'open';
}

/** The record's own words for it. A lead's stage is read by its state alone, whatever the settings say. */
export function stateAndStatusOf(
  type: RecordType,
  state: number | null,
  status: number | null,
): { readonly standing?: string } {
  return type === 'lead' ? {} : { standing: `${state}/${status}` };
}
