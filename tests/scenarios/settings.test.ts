import type { Row } from '../../emulators/dataverse';
import type { Column } from '../../emulators/dataverse/types';
import { deal } from '../incoming';
import { World, type WorldOptions } from '../world';

const seller = 'mareike.osterkamp@contoso.example';

let world: World;
afterEach(() => world.stop());

const start = async (settings: Record<string, string> = {}, more: WorldOptions = {}): Promise<void> => {
  world = await World.start({ ...more, settings: { cosell_defaultowner: seller, ...settings } });
};

/** An admin sets a current value; the worker reads it within a minute. */
const change = async (name: string, value: string): Promise<void> => {
  world.setting(name, value);
  await minute();
};
const minute = async (): Promise<void> => {
  world.clock.advance(61_000);
  await world.worker.minute();
};

const shared = async (changes: Row = {}): Promise<string> => {
  const id = world.opportunity(changes);
  world.share(id);
  await world.sync();
  return id;
};
const opportunityOf = (referralId: string): Row | undefined =>
  world.opportunities().find((row) => row['cosell_referralidentifier'] === referralId);
const findings = (): string[] =>
  world.logs.filter((line) => line.startsWith('warn setting') || line.startsWith('warn finding'));
const finding = (variable: string): string | undefined => findings().find((line) => line.includes(variable));

/** A column of the customer's own, as a customizer would add it. */
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
  world.dataverse.metadata.mustHave(table).columns.set(column.name, whole as Column);
}

/** A status reason of the customer's own. */
function addStatus(value: number, label: string): void {
  const columns = world.dataverse.metadata.mustHave('opportunity').columns;
  const column = columns.get('statuscode') as Column;
  columns.set('statuscode', { ...column, options: [...(column.options ?? []), { value, label, state: 0 }] });
}

describe('Display check mark in the opportunity name', () => {
  test('yes: a check mark when it works, a cross when it does not, never doubled and never sent', async () => {
    await start();
    const id = await shared({ name: 'Umbau' });
    expect(world.get(id)['name']).toBe('Umbau ✔');
    expect(world.referralOf(id).name).toBe('Umbau');
    world.seller.update('opportunity', id, { estimatedvalue: 0 });
    await world.sync();
    expect(world.get(id)['name']).toBe('Umbau ✖');
    world.seller.update('opportunity', id, { estimatedvalue: 7_000, name: '✔ Umbau Nord ✖' });
    await world.sync();
    expect(world.get(id)['name']).toBe('Umbau Nord ✔');
    expect(world.referralOf(id)).toMatchObject({ name: 'Umbau Nord', details: { dealValue: 7_000 } });
    await world.expectSilence();
  });

  test('no: names are left alone', async () => {
    await start({ cosell_displaycheckmark: 'No' });
    const id = await shared({ name: 'Umbau' });
    const bad = await shared({ name: 'Kaputt', estimatedvalue: 0 });
    const incoming = world.partnerCenter.microsoft.createDeal(deal);
    await world.sync();
    expect(world.get(id)['name']).toBe('Umbau');
    expect(world.get(bad)['name']).toBe('Kaputt');
    expect(opportunityOf(incoming.id)?.['name']).toBe('Kälte & Logistik');
    await world.expectSilence();
  });

  test('switched to no later: a mark goes with the next write of its record, and costs no write of its own', async () => {
    await start();
    const id = await shared({ name: 'Umbau' });
    await change('cosell_displaycheckmark', 'no');
    await world.expectSilence();
    expect(world.get(id)['name']).toBe('Umbau ✔');
    world.partnerCenter.portal.edit(world.referralOf(id).id, { value: 9_000 });
    await world.sync();
    expect(world.get(id)).toMatchObject({ name: 'Umbau', estimatedvalue: 9_000 });
    expect(world.referralOf(id).name).toBe('Umbau');
    await world.expectSilence();
  });

  test('a name without room for a mark stays whole and has none', async () => {
    await start();
    const name = 'Ü'.repeat(300);
    const id = await shared({ name });
    expect(world.get(id)).toMatchObject({ name, cosell_syncstatus: 489100002 });
    await world.expectSilence();
  });
});

describe('Deal value, its currency and the country: other columns', () => {
  test('the value comes from the named column and goes there; Est. revenue is left alone', async () => {
    await start({ cosell_dealvaluefield: 'budgetamount' });
    const id = await shared({ budgetamount: 44_000 });
    expect(world.referralOf(id)).toMatchObject({ details: { dealValue: 44_000 } });
    world.seller.update('opportunity', id, { estimatedvalue: 1 });
    world.partnerCenter.portal.edit(world.referralOf(id).id, { value: 55_000 });
    await world.sync();
    expect(world.get(id)).toMatchObject({ budgetamount: 55_000, estimatedvalue: 1 });
    expect(world.referralOf(id)).toMatchObject({ details: { dealValue: 55_000 } });
    const incoming = world.partnerCenter.microsoft.createDeal(deal);
    await world.sync();
    expect(opportunityOf(incoming.id)).toMatchObject({ budgetamount: 80_000 });
    expect(opportunityOf(incoming.id)?.['estimatedvalue'] ?? null).toBeNull();
    await world.expectSilence();
  });

  test('changed while deals are linked: the new column’s value goes out once, and nothing goes back and forth', async () => {
    await start();
    const id = await shared({ budgetamount: 44_000 });
    await change('cosell_dealvaluefield', 'budgetamount');
    await world.sync();
    expect(world.referralOf(id)).toMatchObject({ details: { dealValue: 44_000 } });
    expect(world.get(id)).toMatchObject({ estimatedvalue: 250_000, budgetamount: 44_000 });
    await world.expectSilence();
  });

  test('a value that a column of the customer’s own calculates goes to Partner Center only, and is sent again over the portal’s', async () => {
    await start();
    addColumn('opportunity', { name: 'new_total', type: 'Money', validForCreate: false, validForUpdate: false });
    const columns = world.dataverse.metadata.mustHave('opportunity').columns;
    const calculated = columns.get('new_total') as Column;
    const calculate = (id: string, value: number): void => {
      columns.set('new_total', { ...calculated, validForUpdate: true });
      world.seller.update('opportunity', id, { new_total: value });
      columns.set('new_total', calculated);
    };
    world.setting('cosell_dealvaluefield', 'new_total');
    await world.restartWorker();
    const id = world.opportunity();
    calculate(id, 90_000);
    world.share(id);
    await world.sync();
    world.partnerCenter.portal.edit(world.referralOf(id).id, { value: 70_000, closingDate: '2027-06-06' });
    await world.sync();
    expect(world.referralOf(id).details).toMatchObject({ dealValue: 90_000 });
    expect(world.get(id)).toMatchObject({ new_total: 90_000, estimatedclosedate: '2027-06-06' });
    const told = world.events(id).filter((event) => event['cosell_field'] === 'dealValue');
    expect(told).toEqual([
      expect.objectContaining({ cosell_code: 'CRM_ONLY', cosell_oldvalue: expect.stringContaining('70000') as string }),
    ]);
    calculate(id, 95_000);
    await world.sync();
    expect(world.referralOf(id).details).toMatchObject({ dealValue: 95_000 });
    await world.expectSilence();
  });

  test('the currency comes from a text column with an ISO code', async () => {
    await start();
    addColumn('opportunity', { name: 'new_currencycode', type: 'String', label: 'Currency Code', maxLength: 3 });
    world.setting('cosell_dealvaluecurrencyfield', 'new_currencycode');
    await world.restartWorker();
    const id = await shared({ new_currencycode: 'sek' });
    expect(world.referralOf(id)).toMatchObject({ details: { dealValue: 250_000, currency: 'SEK' } });
    world.partnerCenter.portal.edit(world.referralOf(id).id, { value: 3_000, currency: 'USD' });
    await world.sync();
    expect(world.get(id)).toMatchObject({
      estimatedvalue: 3_000,
      new_currencycode: 'USD',
      transactioncurrencyid: world.seed.currencies.EUR,
    });
    await world.expectSilence();
  });

  test('the country comes from another column of the account, and a new account gets it there', async () => {
    await start();
    addColumn('account', { name: 'new_isocountry', type: 'String', label: 'ISO Country', maxLength: 2 });
    world.setting('cosell_customeraccountcountrycodefield', 'new_isocountry');
    await world.restartWorker();
    world.seller.update('account', world.seed.accounts.brueckner, {
      address1_country: 'Atlantis',
      new_isocountry: 'DE',
    });
    const id = await shared();
    expect(world.referralOf(id)).toMatchObject({ customerProfile: { address: { country: 'DE' } } });
    world.partnerCenter.microsoft.createDeal(deal);
    await world.sync();
    expect(world.seller.list('account', (row) => row['name'] === 'Grünwald & Cie')).toMatchObject([
      { new_isocountry: 'AT' },
    ]);
    await world.expectSilence();
  });
});

describe('a field that moves to another column while deals are linked', () => {
  const elsewhere = '{"fields":{"dealNotes":{"opportunity":"new_partnernotes"}}}';
  let id: string;
  const linked = async (more: WorldOptions = {}): Promise<void> => {
    await start({}, more);
    addColumn('opportunity', { name: 'new_partnernotes', type: 'Memo', label: 'Partner Notes', maxLength: 4000 });
    id = await shared({ cosell_dealnotes: 'Wichtige Notiz' });
  };
  const map = async (mapping: string): Promise<void> => {
    await world.worker.close();
    world.setting('cosell_mapping', mapping);
    await world.restartWorker();
    await compare();
  };
  const compare = async (): Promise<void> => {
    await world.worker.compare();
    await world.sync();
  };
  const notes = (): unknown => world.referralOf(id).details.notes;
  const keptInEvents = (text: string): unknown[] =>
    world
      .events(id)
      .filter((event) => event['cosell_oldvalue'] === text)
      .map((event) => event['cosell_code']);

  for (const conditionsInChangeSet of ['accept', 'refuse'] as const) {
    test(`a new column that is empty takes what Partner Center shows (conditions: ${conditionsInChangeSet})`, async () => {
      await linked({ dataverse: { conditionsInChangeSet } });
      await map(elsewhere);
      expect(notes()).toBe('Wichtige Notiz');
      expect(world.get(id)).toMatchObject({ new_partnernotes: 'Wichtige Notiz', cosell_dealnotes: 'Wichtige Notiz' });
      await world.expectSilence();
      await compare();
      await world.expectSilence();
    });
  }

  test('from then on the new column is worked with, also by who empties it', async () => {
    await linked();
    await map(elsewhere);
    world.seller.update('opportunity', id, { new_partnernotes: 'Anders' });
    await world.sync();
    expect(notes()).toBe('Anders');
    world.partnerCenter.portal.edit(world.referralOf(id).id, { notes: 'Von dort' });
    await world.sync();
    expect(world.get(id)).toMatchObject({ new_partnernotes: 'Von dort', cosell_dealnotes: 'Wichtige Notiz' });
    world.seller.update('opportunity', id, { new_partnernotes: null });
    await world.sync();
    expect(notes()).toBe('');
    await world.expectSilence();
  });

  test('a new column that is filled goes out, and an event keeps what it replaced', async () => {
    await linked();
    world.seller.update('opportunity', id, { new_partnernotes: 'Für Partner' });
    await map(elsewhere);
    expect(notes()).toBe('Für Partner');
    expect(keptInEvents('Wichtige Notiz')).toContain('CRM_WINS');
    await world.expectSilence();
  });

  test('a mapping that is taken back at once changes nothing, later what was typed meanwhile is kept in an event', async () => {
    await linked();
    await map(elsewhere);
    await map('');
    expect(notes()).toBe('Wichtige Notiz');
    await world.expectSilence();
    await map(elsewhere);
    world.seller.update('opportunity', id, { new_partnernotes: 'Meanwhile' });
    await world.sync();
    await map('');
    expect(notes()).toBe('Wichtige Notiz');
    expect(keptInEvents('Meanwhile')).toContain('CRM_WINS');
    world.seller.update('opportunity', id, { cosell_dealnotes: null });
    await world.sync();
    expect(notes()).toBe('');
    await world.expectSilence();
  });

  test('a row that an older version wrote under a mapping works on with the column that it has', async () => {
    await linked();
    await map(elsewhere);
    const row = world.link(id) as Row;
    const shadow = JSON.parse(String(row['cosell_shadow'])) as { fields: Record<string, { column?: string }> };
    expect(shadow.fields['dealNotes']?.column).toBeDefined();
    delete shadow.fields['dealNotes']?.column;
    world.seller.update('cosell_referral', String(row['cosell_referralid']), { cosell_shadow: JSON.stringify(shadow) });
    world.partnerCenter.portal.edit(world.referralOf(id).id, { notes: 'Von dort' });
    await world.sync();
    expect(notes()).toBe('Von dort');
    expect(world.get(id)).toMatchObject({ new_partnernotes: 'Von dort' });
    await world.expectSilence();
  });

  test('a deal value whose new column is empty stays in Partner Center and comes into that column', async () => {
    await start();
    id = await shared();
    await change('cosell_dealvaluefield', 'budgetamount');
    await compare();
    expect(world.referralOf(id)).toMatchObject({ details: { dealValue: 250_000 } });
    expect(world.get(id)).toMatchObject({ estimatedvalue: 250_000, budgetamount: 250_000 });
    await world.expectSilence();
  });

  test('what a seller writes into a column of his own over a frozen value stays, and he is told that it was not sent', async () => {
    await start();
    await map('{"fields":{"notesToMicrosoft":{"opportunity":"description"}}}');
    id = await shared({ description: 'Bitte Architekten', cosell_helprequired: 489100000 });
    world.seller.update('opportunity', id, { description: 'Anruf mit dem Einkauf' });
    await world.sync();
    expect(world.get(id)).toMatchObject({ description: 'Anruf mit dem Einkauf', cosell_syncstatus: 489100002 });
    const told = world.events(id).filter((event) => event['cosell_field'] === 'notesToMicrosoft');
    expect(told).toEqual([expect.objectContaining({ cosell_code: 'FROZEN_AFTER_CREATE', cosell_outcome: 489100006 })]);
    await world.expectSilence();
  });

  test('help that was asked for and cannot be taken back is shown in its new column, too', async () => {
    await start();
    const help = world.dataverse.metadata.mustHave('opportunity').columns.get('cosell_helprequired') as Column;
    addColumn('opportunity', { ...help, name: 'new_help', schemaName: 'new_help' });
    id = await shared({ cosell_helprequired: 489100000, cosell_referralvisibility: true });
    expect(world.get(id)).toMatchObject({ cosell_syncstatus: 489100002 });
    await map('{"fields":{"helpRequired":{"opportunity":"new_help"}}}');
    expect(world.get(id)).toMatchObject({ new_help: 489100000, cosell_helprequired: 489100000 });
    await world.expectSilence();
  });
});

test('a deal that was kept back because a setting was wrong goes out when the setting is mended, without an edit', async () => {
  await start({ cosell_customeraccountcountrycodefield: 'tickersymbol' });
  const id = await shared();
  expect(world.get(id)).toMatchObject({ cosell_syncstatus: 489100004 });
  expect(String(world.get(id)['cosell_syncmessage'])).toMatch(/country/i);
  await world.expectSilence();
  await change('cosell_customeraccountcountrycodefield', 'address1_country');
  await world.sync();
  expect(world.referralOf(id)).toMatchObject({ customerProfile: { address: { country: 'DE' } } });
  expect(world.get(id)).toMatchObject({ cosell_syncstatus: 489100002 });
  await world.expectSilence();
});

describe('Active stage name and On-hold stage name', () => {
  for (const [how, active, hold] of [
    ['numbers', '100000001', '100000002'],
    ['labels', 'Angebot läuft', 'wartet auf uns'],
  ] as const) {
    test(`status reasons of the customer's own, by their ${how}`, async () => {
      await start();
      addStatus(100_000_001, 'Angebot läuft');
      addStatus(100_000_002, 'Wartet auf uns');
      world.setting('cosell_activestagename', active);
      world.setting('cosell_onholdstagename', hold);
      await world.restartWorker();
      const referral = world.partnerCenter.microsoft.createDeal(deal);
      const own = world.partnerCenter.portal.createDeal({ ...deal, name: 'Vom Kollegen', shared: true });
      await world.sync();
      expect(opportunityOf(referral.id)).toMatchObject({ statuscode: 100_000_002, cosell_syncstatus: 489100003 });
      expect(opportunityOf(own.id)).toMatchObject({ statuscode: 100_000_001, cosell_syncstatus: 489100002 });
      const id = String(opportunityOf(referral.id)?.['opportunityid']);
      world.seller.update('opportunity', id, { cosell_requestedaction: 489100000 });
      await world.sync();
      expect(world.get(id)).toMatchObject({ statuscode: 100_000_001 });
      expect(world.partnerCenter.referral(referral.id)).toMatchObject({ status: 'Active', substatus: 'Accepted' });
      await world.expectSilence();
    });
  }

  test('leaving hold for any open stage accepts, not only for the active one', async () => {
    await start();
    addStatus(100_000_003, 'Verhandlung');
    await world.restartWorker();
    const referral = world.partnerCenter.microsoft.createDeal(deal);
    await world.sync();
    const id = String(opportunityOf(referral.id)?.['opportunityid']);
    world.seller.update('opportunity', id, { statuscode: 100_000_003 });
    await world.sync();
    expect(world.partnerCenter.referral(referral.id)).toMatchObject({ status: 'Active' });
    expect(world.get(id)).toMatchObject({ statuscode: 100_000_003 });
    await world.expectSilence();
  });

  test('an unknown stage is a finding that names the variable, and the last one that was good stays', async () => {
    await start();
    await change('cosell_onholdstagename', 'Wartend');
    expect(finding('cosell_onholdstagename')).toContain('settingUnknownStage');
    const referral = world.partnerCenter.microsoft.createDeal(deal);
    await world.sync();
    expect(opportunityOf(referral.id)).toMatchObject({ statuscode: 2, cosell_syncstatus: 489100003 });
    await world.expectSilence();
  });

  test('the same stage for both is a finding', async () => {
    await start({ cosell_onholdstagename: 'In Progress' });
    expect(finding('cosell_onholdstagename')).toContain('settingSameStage');
  });

  describe('with a deal that waits', () => {
    let id: string;
    let referral: string;
    const waiting = async (more: WorldOptions = {}): Promise<void> => {
      await start({}, more);
      addStatus(100_000_002, 'Wartet auf uns');
      referral = world.partnerCenter.microsoft.createDeal(deal).id;
      await world.sync();
      id = String(opportunityOf(referral)?.['opportunityid']);
    };
    const restart = async (): Promise<void> => {
      await world.worker.close();
      await world.restartWorker();
      await world.sync();
    };
    const move = (statuscode: number): void => world.seller.update('opportunity', id, { statuscode });
    const expectWaits = async (): Promise<void> => {
      world.seller.update('opportunity', id, { description: 'Notiz' });
      await world.sync();
      await world.worker.compare();
      await world.sync();
      expect(world.partnerCenter.referral(referral)).toMatchObject({ status: 'New' });
      expect(world.get(id)).toMatchObject({ cosell_syncstatus: 489100003 });
      await world.expectSilence();
    };
    const expectAccepted = async (statuscode: number): Promise<void> => {
      await world.sync();
      expect(world.partnerCenter.referral(referral)).toMatchObject({ status: 'Active', substatus: 'Accepted' });
      expect(world.get(id)).toMatchObject({ statuscode, cosell_syncstatus: 489100002 });
      await world.expectSilence();
    };
    /** The row as a version wrote it that did not remember what the deal waits on. */
    const forgetHold = (): void => {
      const row = world.link(id) as Row;
      const { heldAs, ...shadow } = JSON.parse(String(row['cosell_shadow'])) as Record<string, unknown>;
      expect(heldAs).toBeDefined();
      world.seller.update('cosell_referral', String(row['cosell_referralid']), {
        cosell_shadow: JSON.stringify(shadow),
      });
    };

    test('an unknown name for hold accepts nothing after a restart, also where an older version wrote the row', async () => {
      await waiting();
      world.setting('cosell_onholdstagename', 'Wartend');
      await restart();
      await expectWaits();
      forgetHold();
      await expectWaits();
    });

    test('a deal that left hold while hold had no name is accepted as soon as it has one', async () => {
      await waiting();
      world.setting('cosell_onholdstagename', 'Wartend');
      await restart();
      move(1);
      await expectWaits();
      // Microsoft's side is read in turn and known by then: it wakes nothing any more.
      await minute();
      await expectWaits();
      await change('cosell_onholdstagename', 'On Hold');
      await expectAccepted(1);
    });

    for (const conditionsInChangeSet of ['accept', 'refuse'] as const) {
      test(`another name for hold accepts nothing, leaving the former one does (conditions: ${conditionsInChangeSet})`, async () => {
        await waiting({ dataverse: { conditionsInChangeSet } });
        world.setting('cosell_onholdstagename', 'Wartet auf uns');
        await restart();
        await expectWaits();
        move(1);
        await expectAccepted(1);
      });
    }

    test('a deal that goes from the former hold to the new one waits there, and leaving it for the former accepts', async () => {
      await waiting();
      await restart();
      await change('cosell_onholdstagename', 'Wartet auf uns');
      move(100_000_002);
      await expectWaits();
      move(2);
      await expectAccepted(2);
    });

    test('a row that an older version wrote learns with its next look what the deal waits on', async () => {
      await waiting();
      forgetHold();
      await restart();
      await change('cosell_onholdstagename', 'Wartet auf uns');
      await expectWaits();
    });

    test('a deal that is accepted in the portal leaves a hold that is called otherwise now', async () => {
      await waiting();
      await restart();
      await change('cosell_onholdstagename', 'Wartet auf uns');
      world.partnerCenter.portal.accept(referral);
      await expectAccepted(1);
    });

    for (const stage of ['cosell_onholdstagename', 'cosell_activestagename'] as const) {
      test(`one stage for both in ${stage} leaves the last two in force`, async () => {
        await waiting();
        await change(stage, stage === 'cosell_activestagename' ? 'On Hold' : 'In Progress');
        expect(finding('cosell_onholdstagename')).toContain('settingSameStage');
        await expectWaits();
        move(1);
        await expectAccepted(1);
      });
    }
  });
});

describe('settings that cannot be used', () => {
  for (const [variable, bad, code] of [
    ['cosell_displaycheckmark', 'perhaps', 'settingWrongType'],
    ['cosell_synccosellopportunitiesonly', 'Ja', 'settingWrongType'],
    ['cosell_dealvaluefield', 'Est. revenue', 'settingIsLabel'],
    ['cosell_dealvaluefield', 'name', 'settingWrongType'],
    ['cosell_dealvaluefield', 'new_nowhere', 'settingUnknownColumn'],
    ['cosell_dealvaluecurrencyfield', 'estimatedvalue', 'settingWrongType'],
    ['cosell_customeraccountcountrycodefield', 'Account Name', 'settingIsLabel'],
    ['cosell_customeraccountcountrycodefield', 'numberofemployees', 'settingWrongType'],
    ['cosell_activestagename', 'Läuft', 'settingUnknownStage'],
    ['cosell_inboundscope', 'location:', 'settingWrongType'],
    ['cosell_logretentiondays', 'half a year', 'settingWrongType'],
    ['cosell_pause', 'soon', 'settingWrongType'],
    ['cosell_closedstage', 'sometimes', 'settingWrongType'],
    ['cosell_mapping', '{"fields":{"dealNotes":{"opportunity":"new_nowhere"}}}', 'settingMappingInvalid'],
    ['cosell_mapping', '{"fields":', 'settingMappingInvalid'],
    ['cosell_defaultowner', 'nobody@contoso.example', 'settingUnknownOwner'],
    ['cosell_defaultowner', '', 'settingUnknownOwner'],
  ] as const) {
    test(`${variable} = ${JSON.stringify(bad)} is a finding that names the variable, and deals go on as before`, async () => {
      await start();
      expect(findings()).toEqual([]);
      const id = await shared();
      await change(variable, bad);
      expect(finding(variable)).toContain(code);
      if (code === 'settingIsLabel') expect(finding(variable)).toMatch(/"suggestion":"(estimatedvalue|name)"/);
      world.seller.update('opportunity', id, { estimatedvalue: 123_000 });
      world.partnerCenter.portal.edit(world.referralOf(id).id, { closingDate: '2027-10-31' });
      await world.sync();
      expect(world.referralOf(id)).toMatchObject({ details: { dealValue: 123_000 } });
      expect(world.get(id)).toMatchObject({ estimatedclosedate: '2027-10-31', cosell_syncstatus: 489100002 });
      await world.expectSilence();
    });
  }

  test('a good value after a bad one is taken, and the finding is gone', async () => {
    await start({ cosell_dealvaluefield: 'Budget Amount' });
    expect(finding('cosell_dealvaluefield')).toContain('"suggestion":"budgetamount"');
    world.logs.length = 0;
    await change('cosell_dealvaluefield', 'budgetamount');
    expect(findings()).toEqual([]);
    const id = await shared({ budgetamount: 44_000 });
    expect(world.referralOf(id)).toMatchObject({ details: { dealValue: 44_000 } });
  });
});

describe('settings that cannot be used when the worker starts', () => {
  const withOwnColumn = async (): Promise<string> => {
    await start();
    addColumn('opportunity', { name: 'new_acv', type: 'Money' });
    world.setting('cosell_dealvaluefield', 'new_acv');
    await world.restartWorker();
    return shared({ new_acv: 90_000 });
  };
  const misspelt = async (): Promise<void> => {
    world.setting('cosell_dealvaluefield', 'new_acvv');
    await world.restartWorker();
  };
  const valueOf = (id: string): unknown => world.referralOf(id).details.dealValue;

  test('no other column’s value is sent for the deal value, and everything else goes on', async () => {
    const id = await withOwnColumn();
    await misspelt();
    expect(finding('cosell_dealvaluefield')).toContain('settingUnknownColumn');
    world.seller.update('opportunity', id, { estimatedvalue: 1, new_acv: 95_000, cosell_dealnotes: 'neu' });
    await world.sync();
    expect(world.referralOf(id).details).toMatchObject({ dealValue: 90_000, notes: 'neu' });
    await world.expectSilence();
    await change('cosell_dealvaluefield', 'new_acv');
    await world.sync();
    expect(valueOf(id)).toBe(95_000);
    expect(world.events(id).filter((event) => event['cosell_outcome'] === 489100004)).toEqual([]);
    await world.expectSilence();
  });

  test('a value that the portal changes meanwhile waits: the deal names the setting, and it arrives when that is mended', async () => {
    const id = await withOwnColumn();
    await misspelt();
    world.partnerCenter.portal.edit(world.referralOf(id).id, { value: 70_000, closingDate: '2027-06-06' });
    const incoming = world.partnerCenter.microsoft.createDeal(deal);
    await world.sync();
    expect(world.get(id)).toMatchObject({
      new_acv: 90_000,
      estimatedvalue: 250_000,
      estimatedclosedate: '2027-06-06',
      cosell_syncmessage: expect.stringContaining('cosell_dealvaluefield') as string,
    });
    expect(opportunityOf(incoming.id)?.['estimatedvalue'] ?? null).toBeNull();
    await world.expectSilence();
    await change('cosell_dealvaluefield', 'new_acv');
    world.clock.advance(60 * 60_000);
    await world.sync();
    expect(world.get(id)).toMatchObject({ new_acv: 70_000, cosell_syncstatus: 489100002 });
    expect(opportunityOf(incoming.id)).toMatchObject({ new_acv: 80_000 });
    expect(valueOf(id)).toBe(70_000);
    await world.expectSilence();
  });

  test('nothing new comes in while the inbound scope cannot be read', async () => {
    await start({ cosell_inboundscope: 'location 1234567' });
    expect(finding('cosell_inboundscope')).toContain('settingWrongType');
    const { id } = world.partnerCenter.microsoft.createDeal(deal);
    await world.sync();
    expect(opportunityOf(id)).toBeUndefined();
    await world.expectSilence();
  });
});

describe('values of settings', () => {
  test('the current value wins over the default; without one the default counts', async () => {
    await start();
    const definition = world.seller.list(
      'environmentvariabledefinition',
      (row) => row['schemaname'] === 'cosell_displaycheckmark',
    )[0];
    world.seller.update('environmentvariabledefinition', String(definition?.['environmentvariabledefinitionid']), {
      defaultvalue: 'no',
    });
    await minute();
    expect(world.context.settings.displayCheckMark).toBe(false);
    await change('cosell_displaycheckmark', 'yes');
    expect(world.context.settings.displayCheckMark).toBe(true);
  });

  test('a value that is blank is none: the default counts, with nothing to mend', async () => {
    const names = ['dealvaluefield', 'onholdstagename', 'inboundscope', 'pause', 'mapping', 'displaycheckmark'];
    await start(Object.fromEntries(names.map((name) => [`cosell_${name}`, ' '])));
    expect(findings()).toEqual([]);
    const id = await shared();
    expect(world.referralOf(id)).toMatchObject({ details: { dealValue: 250_000 } });
    expect(world.get(id)).toMatchObject({ name: expect.stringMatching(/✔$/) as string });
    await world.expectSilence();
  });

  test('pause stops both directions and keeps the feeds’ place; afterwards everything arrives', async () => {
    await start();
    const id = await shared();
    await change('cosell_pause', 'yes');
    world.seller.update('opportunity', id, { estimatedvalue: 61_000 });
    world.partnerCenter.portal.edit(world.referralOf(id).id, { closingDate: '2027-11-30' });
    const late = world.opportunity({ name: 'In der Pause' });
    world.share(late);
    const incoming = world.partnerCenter.microsoft.createDeal(deal);
    await world.expectSilence();
    await minute();
    expect(world.referralOf(id)).toMatchObject({ details: { dealValue: 250_000 } });
    expect(world.get(id)).toMatchObject({ estimatedclosedate: '2027-03-31' });
    expect(opportunityOf(incoming.id)).toBeUndefined();
    await world.worker.close();
    await world.restartWorker();
    await world.expectSilence();
    await change('cosell_pause', 'no');
    await world.sync();
    expect(world.referralOf(id)).toMatchObject({ details: { dealValue: 61_000 } });
    expect(world.get(id)).toMatchObject({ estimatedclosedate: '2027-11-30' });
    expect(world.referralOf(late)).toMatchObject({ name: 'In der Pause' });
    expect(opportunityOf(incoming.id)).toMatchObject({ cosell_syncstatus: 489100003 });
    await world.expectSilence();
  });

  test('inbound scope by location: only referrals of these locations come in', async () => {
    await start({ cosell_inboundscope: 'location: 7000001 , 7000002' });
    const here = world.partnerCenter.microsoft.createDeal({ ...deal, name: 'Hier', mpnId: '7000002' });
    const there = world.partnerCenter.microsoft.createDeal({ ...deal, name: 'Dort', mpnId: '6650912' });
    const id = await shared();
    expect(opportunityOf(here.id)).toBeDefined();
    expect(opportunityOf(there.id)).toBeUndefined();
    expect(world.context.accounts.balance().reasons).toMatchObject({ 'filtered:outOfScope': 1 });
    world.partnerCenter.portal.edit(world.referralOf(id).id, { value: 5 });
    await world.sync();
    expect(world.get(id)['estimatedvalue']).toBe(5);
    await world.expectSilence();
  });

  test('inbound scope by campaign: only referrals of these campaigns come in', async () => {
    await start({ cosell_inboundscope: 'campaign:CMP-7' });
    const ours = world.partnerCenter.microsoft.createDeal({ ...deal, name: 'Unsere', campaignId: 'CMP-7' });
    world.partnerCenter.microsoft.createDeal({ ...deal, name: 'Andere', campaignId: 'CMP-70' });
    world.partnerCenter.microsoft.createDeal({ ...deal, name: 'Ohne' });
    await world.sync();
    expect(world.opportunities().map((row) => row['cosell_referralidentifier'])).toEqual([ours.id]);
    await world.expectSilence();
  });

  test('inbound scope by campaign: a name with blanks, in any case of letters', async () => {
    await start({ cosell_inboundscope: 'Campaign: Summer Fair 2026 , cmp-7' });
    const named = world.partnerCenter.microsoft.createDeal({ ...deal, campaignId: 'SUMMER FAIR 2026' });
    const coded = world.partnerCenter.microsoft.createDeal({ ...deal, campaignId: 'CMP-7' });
    await world.sync();
    expect([opportunityOf(named.id), opportunityOf(coded.id)]).toEqual([expect.anything(), expect.anything()]);
    await world.expectSilence();
  });

  test('a deal kept out by the scope comes in when the scope is widened and both sides are compared', async () => {
    await start({ cosell_inboundscope: 'linked' });
    const incoming = world.partnerCenter.microsoft.createDeal(deal);
    await world.sync();
    expect(opportunityOf(incoming.id)).toBeUndefined();
    await change('cosell_inboundscope', 'all');
    await world.worker.compare();
    await world.sync();
    expect(opportunityOf(incoming.id)).toBeDefined();
    await world.expectSilence();
  });

  test('the default owner is a user by e-mail, in any case of letters', async () => {
    await start({ cosell_defaultowner: ' Jules.Lefevre@Contoso.example ' });
    const incoming = world.partnerCenter.microsoft.createDeal(deal);
    await world.sync();
    expect(opportunityOf(incoming.id)).toMatchObject({ ownerid: world.seed.users.sellerWithoutPhone });
    await world.expectSilence();
  });

  test('the default owner is a team by name; a seller named by Microsoft goes before it', async () => {
    await start({ cosell_defaultowner: 'Partner desk' });
    const incoming = world.partnerCenter.microsoft.createDeal(deal);
    const named = world.partnerCenter.microsoft.createDeal({
      ...deal,
      name: 'Mit Namen',
      team: [
        {
          firstName: 'Mareike',
          lastName: 'Osterkamp',
          phoneNumber: '+49 40 5550 1234',
          email: 'Mareike.Osterkamp@contoso.example',
        },
      ],
    });
    await world.sync();
    expect(opportunityOf(incoming.id)).toMatchObject({ ownerid: world.seed.teams.partnerDesk });
    expect(world.link(String(opportunityOf(incoming.id)?.['opportunityid']))).toMatchObject({
      ownerid: world.seed.teams.partnerDesk,
    });
    expect(opportunityOf(named.id)).toMatchObject({ ownerid: world.seed.users.seller });
    await world.expectSilence();
  });

  test('sync events are deleted after the days of the log retention', async () => {
    await start({ cosell_logretentiondays: '30' });
    const id = await shared();
    world.clock.advance(20 * 24 * 3_600_000);
    world.seller.update('opportunity', id, { estimatedvalue: 77_000 });
    await world.sync();
    const before = world.events(id);
    world.clock.advance(11 * 24 * 3_600_000);
    await world.sync();
    const deleted = await world.worker.deleteOldEvents();
    const left = world.events(id);
    expect(deleted).toBeGreaterThan(0);
    expect(left).toHaveLength(before.length - deleted);
    expect(left.map((event) => event['cosell_field'])).toContain('dealValue');
    expect(left.map((event) => event['cosell_code'])).not.toContain('SHARED');
  });

  test('the referral link is made by its template', async () => {
    await start({
      cosell_referrallinktemplate: 'https://portal.example/deal/{referralId}?e={engagementId}&again={referralId}',
    });
    const id = await shared();
    const { id: referralId, engagementId } = world.referralOf(id);
    expect(world.get(id)['cosell_referrallink']).toBe(
      `https://portal.example/deal/${referralId}?e=${engagementId}&again=${referralId}`,
    );
    await world.expectSilence();
  });

  test('closed stage "follow": the opportunity is won or lost when the referral is', async () => {
    await start({ cosell_closedstage: 'follow' });
    const won = await shared({ name: 'Gewinn' });
    const lost = await shared({ name: 'Verlust' });
    world.partnerCenter.portal.close(world.referralOf(won).id, 'Won');
    world.partnerCenter.portal.close(world.referralOf(lost).id, 'Lost', 'Customer did not respond');
    await world.sync();
    expect(world.get(won)).toMatchObject({ statecode: 1, cosell_syncstatus: 489100006 });
    expect(world.get(lost)).toMatchObject({ statecode: 2, cosell_syncstatus: 489100006 });
    await world.expectSilence();
  });
});
