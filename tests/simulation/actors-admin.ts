/**
 * Admins of the CRM, who restore backups and delete what they should not, and the host on which the worker runs.
 */
import type { Row } from '../../emulators/dataverse';
import { rowState } from './codes';
import type { Step } from './plan';
import { pick } from './random';
import { recordOf } from './records';
import { setting } from './services';
import type { SimWorld } from './world';

export function admin(world: SimWorld, step: Step & { who: 'admin' }): string | null {
  const { dataverse, base } = world.services;
  const set = (name: string, value: string): void => setting(dataverse, base.seed, name, value);
  switch (step.what) {
    case 'backup':
      world.backup = { image: dataverse.image(), sequence: world.ledger.sequence };
      return 'takes a backup';
    case 'restore': {
      if (!world.backup) return null;
      // Restoring takes the environment offline for a while: who was signed in is thrown out.
      world.outage(20 * 60_000);
      const { image, sequence } = world.backup;
      world.ledger.restoring(() => dataverse.restore(image));
      world.restores.push({ from: sequence, to: world.ledger.sequence });
      return 'restores the backup';
    }
    case 'deleteRow': {
      const rows = [...dataverse.store.table('cosell_referral').rows].sort(([a], [b]) => (a < b ? -1 : 1));
      const [row, { values: found } = { values: null }] = rows[step.deal % Math.max(1, rows.length)] ?? [];
      // While a share is under way its row is all that there is to know about it.
      if (!row || !found || isAllThereIs(world, found)) return null;
      world.forgotten = world.ledger.sequence;
      world.ledger.successions.forget();
      untie(world, found);
      world.seller.delete('cosell_referral', row);
      return `deletes the row ${row.slice(0, 8)}`;
    }
    case 'resetMarks': {
      const [state] = [...dataverse.store.table('cosell_syncstate').rows.keys()];
      if (!state) return null;
      world.seller.update('cosell_syncstate', state, { cosell_watermarks: null });
      for (const process of [...world.processes]) world.die(process, 'by the admin');
      return 'clears the watermarks';
    }
    case 'pause':
    case 'resume':
      set('cosell_pause', step.what === 'pause' ? 'yes' : 'no');
      return `${step.what}s`;
    case 'outage': {
      const days = pick(() => step.choice, [1, 3, 9, 20]);
      // People go on working before somebody starts it again.
      world.outage(days * 86_400_000, 1_000 + step.choice * 40_000);
      return `has no worker for ${days} days`;
    }
    case 'setting': {
      const [name, value] = pick(() => step.choice, [
        ['cosell_displaycheckmark', 'no'],
        ['cosell_displaycheckmark', 'yes'],
        ['cosell_closedstage', 'follow'],
        ['cosell_synccosellopportunitiesonly', 'no'],
      ] as [string, string][]);
      set(name, value);
      world.lateSettings ||= name !== 'cosell_displaycheckmark';
      return 'changes a setting';
    }
    default:
      return null;
  }
}

/** No list shows the referral yet, nor does the record, which has to say so or refuses to. */
function isAllThereIs(world: SimWorld, row: Row): boolean {
  const { partnerCenter } = world.services;
  if (row['cosell_state'] === rowState.syncing) return true;
  const referral = partnerCenter.referral(String(row['cosell_referralidentifier']));
  const record = recordOf(world.services, String(row['cosell_recordid']));
  if (!referral || record?.values['cosell_referralidentifier'] === referral.id) return false;
  return Date.parse(referral.createdDateTime) + world.plan.listLagMs > world.time;
}

/** A row that was never shared, or waits for its record, ties nothing. */
function untie({ services, untied }: SimWorld, row: Row): void {
  const referral = services.partnerCenter.referral(String(row['cosell_referralidentifier']));
  const record = String(row['cosell_recordid']);
  if (referral && !record.startsWith('none-')) untied.set(referral.id, record);
}

export function host(world: SimWorld, step: Step & { who: 'worker' }): string | null {
  const process = world.processes[step.deal % Math.max(1, world.processes.length)];
  switch (step.what) {
    case 'second': {
      if (world.processes.length !== 1) return null;
      const second = world.launch(step.choice < 0.6 ? 'alpha' : 'beta');
      world.scheduler.after(
        15_000 + step.choice * 90_000,
        () =>
          second.alive &&
          // One that its host starts again has to stay, or nobody works any more.
          world.processes.some((other) => other !== second && other.owner !== 'beta') &&
          (world.trace(`- ${second.name} is taken away`), world.gone(second)),
      );
      return 'starts a second one';
    }
    case 'kill':
    case 'killNow':
      if (!process) return null;
      world.die(process, 'suddenly');
      return 'kills';
    case 'stop':
      if (!process) return null;
      process.stop.abort();
      return 'stops';
    case 'jump':
      if (!process) return null;
      process.wrong += Math.round((step.choice - 0.5) * 4 * 3_600_000);
      return `sets the clock of ${process.name}`;
  }
}
