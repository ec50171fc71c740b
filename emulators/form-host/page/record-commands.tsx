/** The platform's own commands on a record: save, new, refresh, close as won or lost, reopen. */
import * as React from 'react';
import type { CloseAnswer } from './close-deal';
import type { StockCommand } from './command-bar';
import { runOnSave } from './form-save';
import type { Host } from './host';
import { AddIcon, LostIcon, RefreshIcon, ReopenIcon, SaveCloseIcon, SaveIcon, WonIcon } from './icons';
import type { OpenRecord } from './open-record';
import type { Json } from './values';

export function recordCommands(host: Host, record: OpenRecord): StockCommand[] {
  const { words } = host;
  const { session } = record;
  const { table, phase } = session;
  const editable = phase !== 'inactive';
  const commands: StockCommand[] = [];
  if (editable) {
    commands.push(
      {
        id: 'save',
        label: words('save'),
        icon: <SaveIcon />,
        disabled: session.saving,
        run: () => void record.save(1),
      },
      {
        id: 'saveAndClose',
        label: words('saveAndClose'),
        icon: <SaveCloseIcon />,
        disabled: session.saving,
        run: () => void record.save(2),
      },
    );
  }
  commands.push({
    id: 'new',
    label: words('new'),
    icon: <AddIcon />,
    run: () => void record.leave({ pagetype: 'entityrecord', etn: table.name }),
  });
  if (phase !== 'create')
    commands.push({
      id: 'refresh',
      label: words('refresh'),
      icon: <RefreshIcon />,
      run: () => void refresh(host, record),
    });
  if (table.name === 'opportunity' && phase === 'update') {
    commands.push(
      {
        id: 'won',
        label: words('closeAsWon'),
        icon: <WonIcon />,
        divider: true,
        run: () => void close(host, record, 'won'),
      },
      { id: 'lost', label: words('closeAsLost'), icon: <LostIcon />, run: () => void close(host, record, 'lost') },
    );
  }
  if (table.name === 'opportunity' && phase === 'inactive') {
    commands.push({
      id: 'reopen',
      label: words('reopen'),
      icon: <ReopenIcon />,
      divider: true,
      run: () => void act(host, () => reopen(record)),
    });
  }
  return commands;
}

async function refresh(host: Host, record: OpenRecord): Promise<void> {
  if (record.session.dirty) {
    const { words } = host;
    const sure = await host.shell.ask({
      kind: 'confirm',
      title: words('leaveTitle'),
      text: words('leaveText'),
      confirmLabel: words('discard'),
    });
    if (sure !== true) return;
  }
  await act(host, () => record.refresh());
}

/** Unsaved edits are saved first, through the same handlers as any save. */
async function close(host: Host, record: OpenRecord, outcome: 'won' | 'lost'): Promise<void> {
  const { session } = record;
  if (session.dirty && !(await record.save(1))) return;
  if ((await runOnSave(session, 5)) !== null) return;
  const value = session.valueOf('estimatedvalue');
  const details = typeof value === 'number' ? host.services.formats.number(value, 2) : '';
  const answer = (await host.shell.ask({ kind: 'close', title: '', text: '', outcome, details })) as CloseAnswer | null;
  if (!answer) return;
  const won = outcome === 'won';
  const activity: Json = {
    subject: host.words(won ? 'closeAsWon' : 'closeAsLost'),
    'opportunityid@odata.bind': `/opportunities(${session.id})`,
  };
  if (won && answer.revenue !== null) activity['actualrevenue'] = answer.revenue;
  await act(host, async () => {
    await host.services.api.action('form', won ? 'WinOpportunity' : 'LoseOpportunity', {
      Status: answer.status,
      OpportunityClose: activity,
    });
    await record.refresh();
  });
}

async function reopen(record: OpenRecord): Promise<void> {
  const { session } = record;
  await session.services.api.update('form', 'opportunity', session.id, { statecode: 0, statuscode: 1 });
  await record.refresh();
}

async function act({ shell }: Host, run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    const { message, raw } = error as { message?: string; raw?: string };
    await shell.ask({
      kind: 'error',
      title: '',
      text: message ?? String(error),
      ...(raw === undefined || raw === '' ? {} : { details: raw }),
    });
  }
}
