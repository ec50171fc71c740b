import type { Column } from '../../emulators/dataverse/types';
import type { World } from '../world';
import { deal } from '../incoming';
import { needsAttention, opportunityOf, passes, restarted, shared, start, synced } from './kit';

let world: World;
afterEach(() => world.stop());

const columnsOf = (table: string): Map<string, Column> => world.dataverse.metadata.mustHave(table).columns;

function addColumn(table: string, column: Partial<Column> & Pick<Column, 'name' | 'type'>): void {
  const whole = {
    schemaName: column.name,
    label: column.name,
    required: 'None',
    validForCreate: true,
    validForUpdate: true,
    custom: true,
    ...column,
  };
  columnsOf(table).set(column.name, whole as Column);
}

/** Takes a column away, as an admin who renames one by making another; answers how to put it back. */
function without(table: string, column: string): () => void {
  const columns = columnsOf(table);
  const found = columns.get(column);
  if (!found) throw new Error(`no column ${column}`);
  columns.delete(column);
  return () => void columns.set(column, found);
}

describe('columns and tables that go away while the worker runs', () => {
  test('a customer’s column of the mapping is renamed: the log names the field, the other fields go on, and the new name mends it', async () => {
    world = await start();
    addColumn('opportunity', { name: 'new_need', type: 'Memo', maxLength: 4_000 });
    world.setting('cosell_mapping', JSON.stringify({ fields: { dealNotes: { opportunity: 'new_need' } } }));
    await world.restartWorker();
    const id = await shared(world, { new_need: 'Bedarf' });
    expect(world.referralOf(id).details.notes).toBe('Bedarf');
    without('opportunity', 'new_need');
    addColumn('opportunity', { name: 'new_customerneed', type: 'Memo', maxLength: 4_000 });
    world.seller.update('opportunity', id, { estimatedvalue: 111_000 });
    await passes(world, 4);
    expect(world.logs.some((line) => line.includes('settingMappingInvalid') && line.includes('new_need'))).toBe(true);
    // Not read any more is not the same as emptied: what Partner Center shows stays.
    expect(world.referralOf(id)).toMatchObject({ details: { dealValue: 111_000, notes: 'Bedarf' } });
    world.setting('cosell_mapping', JSON.stringify({ fields: { dealNotes: { opportunity: 'new_customerneed' } } }));
    world.seller.update('opportunity', id, { new_customerneed: 'Neuer Bedarf' });
    await passes(world, 4);
    await world.sync();
    expect(world.referralOf(id).details.notes).toBe('Neuer Bedarf');
    expect(world.get(id)).toMatchObject({ cosell_syncstatus: synced });
    await world.expectSilence();
  });

  test('the column of a setting is taken away: a finding names the variable, and no other column’s value is sent in its place', async () => {
    world = await start();
    addColumn('opportunity', { name: 'new_worth', type: 'Money' });
    world.setting('cosell_dealvaluefield', 'new_worth');
    await world.restartWorker();
    const id = await shared(world, { new_worth: 5_000 });
    expect(world.referralOf(id)).toMatchObject({ details: { dealValue: 5_000 } });
    without('opportunity', 'new_worth');
    world.partnerCenter.portal.edit(world.referralOf(id).id, { closingDate: '2027-02-02' });
    await passes(world, 4);
    expect(
      world.logs.some((line) => line.includes('cosell_dealvaluefield') && line.includes('settingUnknownColumn')),
    ).toBe(true);
    expect(world.get(id)).toMatchObject({ estimatedclosedate: '2027-02-02' });
    expect(world.referralOf(id)).toMatchObject({ details: { dealValue: 5_000 } });
  });

  for (const [table, column] of [
    ['opportunity', 'cosell_syncstatus'],
    ['cosell_referral', 'cosell_pending'],
    ['cosell_opportunitysolution', 'cosell_opportunityid'],
  ] as const) {
    test(`a column of ours (${table}.${column}): the worker stops with SOLUTION_MISSING and names it; imported again, everything arrives`, async () => {
      world = await start();
      const id = await shared(world);
      const back = without(table, column);
      world.seller.update('opportunity', id, { estimatedvalue: 112_000 });
      world.partnerCenter.portal.edit(world.referralOf(id).id, { closingDate: '2027-02-03' });
      world.clock.advance(15_000);
      const error = await world.worker.pollCrm().then(
        () => null,
        (thrown: unknown) => thrown as { code: string; detail: string },
      );
      expect(error).toMatchObject({ code: 'SOLUTION_MISSING' });
      expect(error?.detail).toContain(column);
      await world.worker.close().catch(() => undefined);
      await expect(world.restartWorker()).rejects.toMatchObject({
        code: 'SOLUTION_MISSING',
        detail: expect.stringContaining(column) as string,
      });
      back();
      world.clock.advance(3 * 60_000);
      await restarted(world);
      expect(world.referralOf(id)).toMatchObject({ details: { dealValue: 112_000 } });
      expect(world.get(id)).toMatchObject({ estimatedclosedate: '2027-02-03', cosell_syncstatus: synced });
      await world.expectSilence();
    });
  }

  test('a whole table of ours: the worker stops with SOLUTION_MISSING and names it', async () => {
    world = await start();
    const id = await shared(world);
    const { tables } = world.dataverse.metadata;
    const table = world.dataverse.metadata.mustHave('cosell_opportunitysolution');
    tables.delete('cosell_opportunitysolution');
    const { sets } = world.dataverse.metadata as unknown as { sets: Map<string, unknown> };
    sets.delete(table.setName);
    world.clock.advance(15_000);
    await expect(world.worker.pollCrm()).rejects.toMatchObject({
      code: 'SOLUTION_MISSING',
      detail: expect.stringContaining('cosell_opportunitysolution') as string,
    });
    await world.worker.close().catch(() => undefined);
    tables.set(table.name, table);
    sets.set(table.setName, table);
    world.seller.update('opportunity', id, { estimatedvalue: 113_000 });
    world.clock.advance(3 * 60_000);
    await restarted(world);
    expect(world.referralOf(id)).toMatchObject({ details: { dealValue: 113_000 } });
    await world.expectSilence();
  });

  test('a choice value that is gone: the deal says what the CRM refuses, the others go on, and it follows when the value is back', async () => {
    world = await start();
    const other = await shared(world, { name: 'Andere' });
    const status = columnsOf('opportunity').get('statuscode') as unknown as { options: { value: number }[] };
    const options = [...status.options];
    status.options = options.filter(({ value }) => value !== 2);
    const referral = world.partnerCenter.microsoft.createDeal(deal);
    world.seller.update('opportunity', other, { estimatedvalue: 114_000 });
    await passes(world, 2);
    expect(world.referralOf(other)).toMatchObject({ details: { dealValue: 114_000 } });
    expect(opportunityOf(world, referral.id)).toBeUndefined();
    const [row] = world.seller.list('cosell_referral', (one) => one['cosell_referralidentifier'] === referral.id);
    expect(row).toMatchObject({ cosell_state: needsAttention, cosell_errorcode: 'CRM_REFUSED' });
    status.options = options;
    await passes(world, 2, 61 * 60_000);
    expect(opportunityOf(world, referral.id)).toMatchObject({ statuscode: 2 });
    await world.expectSilence();
  });
});
