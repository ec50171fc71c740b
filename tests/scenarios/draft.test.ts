import { formatSolutionDraft, type SolutionPick } from '../../domain/solution-draft';
import { World } from '../world';

const needsAttention = 489100004;
const synced = 489100002;

describe('solutions picked on the create form', () => {
  let world: World;
  beforeEach(async () => {
    world = await World.start();
  });
  afterEach(() => world.stop());

  /** A row of the catalogue that no deal has yet. */
  const catalogueRow = (identifier = 'SOL-70422-QLM', name = 'Larkspur Fleet & Yard'): string =>
    world.seller.create('cosell_solution', {
      cosell_solutionidentifier: identifier,
      cosell_name: name,
      cosell_solutiontype: 'Name',
    });
  const pick = (id: string, more: Partial<SolutionPick> = {}): SolutionPick => ({
    id,
    name: 'Larkspur Fleet & Yard',
    price: '12.50',
    quantity: '3',
    ...more,
  });
  /** The form's first save: a deal without solution rows, only a draft. */
  const saved = (draft: string, columns: Record<string, unknown> = {}): string => {
    const id = world.opportunity({ cosell_solutiondraft: draft, ...columns });
    for (const row of rowsOf(id))
      world.seller.delete('cosell_opportunitysolution', String(row['cosell_opportunitysolutionid']));
    return id;
  };
  const rowsOf = (id: string): Record<string, unknown>[] =>
    world.seller.list('cosell_opportunitysolution', (row) => row['cosell_opportunityid'] === id);
  const sent = (id: string): unknown[] => world.referralOf(id).details.requirements?.solutions ?? [];

  test('Save & Close: the deal is shared with what was picked, and the picks are rows of the owner', async () => {
    const id = saved(formatSolutionDraft([pick(catalogueRow())]), { cosell_solutioncount: 1 });
    world.share(id);
    await world.sync();
    expect(sent(id)).toEqual([expect.objectContaining({ id: 'SOL-70422-QLM' })]);
    expect(rowsOf(id)).toEqual([
      expect.objectContaining({ cosell_price: 12.5, cosell_quantity: 3, ownerid: world.get(id)['ownerid'] }),
    ]);
    expect(world.get(id)).toMatchObject({ cosell_syncstatus: synced, cosell_solutioncount: 1 });
    expect(world.get(id)['cosell_solutiondraft'] ?? '').toBe('');
    await world.expectSilence();
  });

  test('the picks of a co-sell deal become rows once both steps of the share are done', async () => {
    const id = saved(formatSolutionDraft([pick(catalogueRow())]));
    world.share(id, { cosell_helprequired: 489100001 });
    await world.sync();
    expect(rowsOf(id)).toHaveLength(1);
    expect(sent(id)).toHaveLength(1);
    await world.expectSilence();
  });

  test('the picker was faster: nothing is made twice', async () => {
    const row = catalogueRow();
    const id = saved(formatSolutionDraft([pick(row)]));
    world.seller.create('cosell_opportunitysolution', {
      cosell_opportunityid: id,
      cosell_solutionid: row,
      cosell_name: 'Larkspur Fleet & Yard',
      cosell_price: 12.5,
      cosell_quantity: 3,
    });
    world.share(id);
    await world.sync();
    expect(rowsOf(id)).toHaveLength(1);
    expect(sent(id)).toHaveLength(1);
    expect(world.get(id)['cosell_solutiondraft'] ?? '').toBe('');
    await world.expectSilence();
  });

  test('picker and worker at once: the one who is second finds the row, and both leave one', async () => {
    const row = catalogueRow();
    const id = saved(formatSolutionDraft([pick(row)]));
    world.share(id);
    let raced = false;
    const { create } = world.context.partnerCenter;
    Object.assign(world.context.partnerCenter, {
      create: async (draft: Parameters<typeof create>[0]) => {
        // Between the worker's reading and its writing the seller's form makes the row.
        if (!raced)
          world.seller.create('cosell_opportunitysolution', {
            cosell_opportunityid: id,
            cosell_solutionid: row,
            cosell_name: 'Larkspur Fleet & Yard',
            cosell_price: 12.5,
            cosell_quantity: 3,
          });
        raced = true;
        return create(draft);
      },
    });
    await world.sync();
    await world.sync();
    expect(raced).toBe(true);
    expect(rowsOf(id)).toHaveLength(1);
    expect(world.partnerCenter.referrals()).toHaveLength(1);
    expect(world.get(id)).toMatchObject({ cosell_syncstatus: synced });
    expect(world.get(id)['cosell_solutiondraft'] ?? '').toBe('');
    await world.expectSilence();
  });

  test('a draft that turns up on a deal that is shared already is sent and made into rows', async () => {
    const id = world.opportunity();
    world.share(id);
    await world.sync();
    const before = rowsOf(id).length;
    world.seller.update('opportunity', id, { cosell_solutiondraft: formatSolutionDraft([pick(catalogueRow())]) });
    await world.sync();
    expect(rowsOf(id)).toHaveLength(before + 1);
    expect(sent(id)).toHaveLength(before + 1);
    expect(world.get(id)['cosell_solutioncount']).toBe(before + 1);
    expect(world.get(id)['cosell_solutiondraft'] ?? '').toBe('');
    await world.expectSilence();
  });

  test('a deal that lacks something else keeps its draft until it is mended', async () => {
    const draft = formatSolutionDraft([pick(catalogueRow())]);
    const id = saved(draft, { estimatedvalue: 0 });
    world.share(id);
    await world.sync();
    expect(world.get(id)).toMatchObject({ cosell_syncstatus: needsAttention, cosell_solutiondraft: draft });
    expect(String(world.get(id)['cosell_syncmessagecode'])).not.toContain('SOLUTION_MISSING');
    world.seller.update('opportunity', id, { estimatedvalue: 10 });
    await world.sync();
    expect(sent(id)).toHaveLength(1);
    expect(rowsOf(id)).toHaveLength(1);
    await world.expectSilence();
  });

  test('a draft that cannot be read holds the share back, says so, and is left as it is', async () => {
    const id = saved('{"v":1,"solutions":[{"id":"not an id"}]}');
    world.share(id);
    await world.sync();
    expect(world.partnerCenter.referrals()).toEqual([]);
    expect(world.get(id)).toMatchObject({
      cosell_syncstatus: needsAttention,
      cosell_solutiondraft: '{"v":1,"solutions":[{"id":"not an id"}]}',
    });
    expect(String(world.get(id)['cosell_syncmessage'])).toMatch(/before the first save cannot be read/);
    expect(world.events(id).map((row) => String(row['cosell_code']))).toEqual([
      expect.stringContaining('SOLUTION_DRAFT_UNREADABLE'),
    ]);
    await world.expectSilence();
    world.seller.update('opportunity', id, { cosell_solutiondraft: formatSolutionDraft([pick(catalogueRow())]) });
    await world.sync();
    expect(sent(id)).toHaveLength(1);
    await world.expectSilence();
  });

  test('a draft that cannot be read does not keep a shared deal from being synced', async () => {
    const id = world.opportunity();
    world.share(id);
    await world.sync();
    world.seller.update('opportunity', id, { cosell_solutiondraft: 'oops', estimatedvalue: 300_000 });
    await world.sync();
    expect(world.referralOf(id)).toMatchObject({ details: { dealValue: 300_000 } });
    expect(world.get(id)).toMatchObject({ cosell_syncstatus: synced, cosell_solutiondraft: 'oops' });
    expect(String(world.get(id)['cosell_syncmessagecode'])).toContain('SOLUTION_DRAFT_UNREADABLE');
    await world.expectSilence();
  });

  test('a picked solution that has left the catalogue is named, and the others wait with it', async () => {
    const gone = catalogueRow();
    const id = saved(
      formatSolutionDraft([pick(gone), pick(catalogueRow('SOL-70421-QLM', 'Other'), { name: 'Other' })]),
    );
    world.seller.delete('cosell_solution', gone);
    world.share(id);
    await world.sync();
    expect(String(world.get(id)['cosell_syncmessage'])).toContain('Larkspur Fleet & Yard is not in your catalogue');
    expect(rowsOf(id)).toEqual([]);
    expect(world.partnerCenter.referrals()).toEqual([]);
    await world.expectSilence();
  });

  test('where the environment cannot write row and record as one, the draft is emptied only after its rows are there', async () => {
    await world.stop();
    world = await World.start({ dataverse: { conditionsInChangeSet: 'refuse' } });
    const id = saved(formatSolutionDraft([pick(catalogueRow())]));
    world.share(id);
    await world.sync();
    expect(sent(id)).toHaveLength(1);
    expect(rowsOf(id)).toHaveLength(1);
    expect(world.get(id)['cosell_solutiondraft'] ?? '').toBe('');
    const order = world.journal
      .since(0, 'dataverse')
      .flatMap(
        ({ method, url, status, operations }) =>
          operations?.filter((one) => one.status < 300) ?? [{ method, url, status }],
      )
      .filter(({ method }) => method !== 'GET')
      .map(({ method, url }) => `${method} ${/(cosell_opportunitysolutions|opportunities)/.exec(url)?.[1] ?? ''}`);
    expect(order.indexOf('POST cosell_opportunitysolutions')).toBeGreaterThanOrEqual(0);
    expect(order.indexOf('POST cosell_opportunitysolutions')).toBeLessThan(order.indexOf('PATCH opportunities'));
    await world.expectSilence();
  });
});
