import { startPartnerCenterPage, type PartnerCenterPage } from '.';
import { startEmulators, type World } from '../index';
import { html } from './html';

/** The page over HTTP, as a browser without script uses it; looks are judged by people, rules by the emulator. */
let world: World;
let page: PartnerCenterPage;
beforeEach(async () => {
  world = await startEmulators({ startAt: '2026-11-23T08:00:00Z' });
  page = await startPartnerCenterPage(world);
});
afterEach(async () => {
  await page.stop();
  await world.stop();
});

const get = async (path: string): Promise<{ status: number; text: string }> => {
  const response = await fetch(page.url + path);
  return { status: response.status, text: (await response.text()).replace(/\s+/g, ' ') };
};

async function post(
  path: string,
  form: Readonly<Record<string, string>> | URLSearchParams,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ status: number; location: string; text: string }> {
  const body = form instanceof URLSearchParams ? form : new URLSearchParams(form);
  const response = await fetch(page.url + path, { method: 'POST', body, headers, redirect: 'manual' });
  const text = (await response.text()).replace(/\s+/g, ' ');
  return { status: response.status, location: response.headers.get('location') ?? '', text };
}

const sent = { kind: 'deal', name: 'Cold chain', customer: 'Elbe GmbH', value: '84000', currency: 'EUR' };
const referralIn = (location: string): string => /\/referrals\/([^?]+)/.exec(location)?.[1] ?? '';

async function sendInbound(more: Readonly<Record<string, string>> = {}): Promise<string> {
  return referralIn((await post('/new/microsoft', { ...sent, solution: 'SOL-70421-QLM', ...more })).location);
}

function coSell(): { id: string; engagementId: string } {
  return world.partnerCenter.portal.createDeal({ name: 'Fleet ledger', help: { code: 'GeneralOrOther' } });
}

describe('the list', () => {
  test('says what to do while there is no referral', async () => {
    expect((await get('/')).text).toContain('No referral yet');
  });

  test('shows deal, customer, both states, kind, value and who, the last change first', async () => {
    const { engagementId } = coSell();
    world.clock.advance(60_000);
    world.partnerCenter.portal.createDeal({ name: 'Private one' });
    const { text } = await get('/');
    expect(text.indexOf('Private one')).toBeLessThan(text.indexOf('Fleet ledger'));
    for (const shown of ['Adatum Handels GmbH', 'New, not answered', 'Co-sell', 'Private', '€50,000', 'Ronja Feldkamp'])
      expect(text).toContain(shown);
    world.partnerCenter.microsoft.accept(engagementId);
    expect((await get('/')).text).not.toContain('New, not answered');
  });

  test('filters by direction and by text', async () => {
    coSell();
    await sendInbound();
    const inbound = (await get('/?show=inbound')).text;
    expect([inbound.includes('Cold chain'), inbound.includes('Fleet ledger')]).toEqual([true, false]);
    const outbound = (await get('/?show=outbound')).text;
    expect([outbound.includes('Cold chain'), outbound.includes('Fleet ledger')]).toEqual([false, true]);
    expect((await get('/?q=ELBE')).text).toContain('Cold chain');
    expect((await get('/?q=nobody')).text).toContain('Nothing fits');
  });

  test('names with markup are shown, never run', async () => {
    world.partnerCenter.microsoft.createDeal({ name: '<script>alert(1)</script>', notes: '"><img src=x>' });
    const { text } = await get('/');
    expect(text).not.toContain('<script>alert');
    expect(text).toContain('&#60;script&#62;alert(1)');
  });
});

describe('acting as Microsoft', () => {
  test('a deal sent from the form is a new referral with what was typed, and is announced', async () => {
    const id = await sendInbound({
      inviteNotes: 'Please help',
      sellerName: 'Ada Byron',
      sellerEmail: 'ada@microsoft.example',
    });
    const referral = world.partnerCenter.referral(id);
    expect(referral).toMatchObject({ name: 'Cold chain', status: 'New', substatus: 'Pending', type: 'Shared' });
    expect(referral?.details).toMatchObject({ dealValue: 84000, currency: 'EUR' });
    expect(referral?.inviteContext?.notes).toBe('Please help');
    const microsoft = world.partnerCenter.microsoftRecord(referral?.engagementId ?? '');
    expect(microsoft?.team[0]).toMatchObject({ firstName: 'Ada', lastName: 'Byron' });
  });

  test.each(['qualified', 'marketplace'])('a %s lead can be sent too', async (kind) => {
    const id = await sendInbound({ kind });
    expect(world.partnerCenter.referral(id)).toMatchObject({ type: 'Independent', status: 'New' });
    expect((await get(`/referrals/${id}`)).text).toContain('Lead');
  });

  test('Microsoft accepts with seller, CRM id and notes; the form to accept is gone then', async () => {
    const { id, engagementId } = coSell();
    expect((await get(`/referrals/${id}`)).text).toContain('Accept the co-sell request');
    const form = { sellerName: 'Ada Byron', sellerEmail: 'ada@microsoft.example', crmId: '7-ABC', notes: 'On it' };
    const reply = await post(`/referrals/${id}/microsoft/accept`, form);
    expect([reply.status, referralIn(reply.location)]).toEqual([303, id]);
    const record = world.partnerCenter.microsoftRecord(engagementId);
    expect(record).toMatchObject({
      status: 'Active',
      trackingInfo: { microsoftMsxId: '7-ABC' },
      details: { notes: 'On it' },
    });
    const { text } = await get(reply.location);
    expect(text).toContain('Microsoft accepted the co-sell request.');
    expect(text).not.toContain('Accept the co-sell request');
  });

  test('adds a seller beside the ones there are, empties notes, closes as won', async () => {
    const { id, engagementId } = coSell();
    world.partnerCenter.microsoft.accept(engagementId, { notes: 'old' });
    await post(`/referrals/${id}/microsoft/seller`, { sellerName: 'Bo Ek', sellerEmail: 'bo@microsoft.example' });
    await post(`/referrals/${id}/microsoft/edit`, { notes: '', crmId: '7-NEW' });
    await post(`/referrals/${id}/microsoft/close`, { outcome: 'Won' });
    const record = world.partnerCenter.microsoftRecord(engagementId);
    expect(record?.team.map(({ firstName }) => firstName)).toEqual(['Ines', 'Bo']);
    expect(record).toMatchObject({ status: 'Closed', substatus: 'Won', details: { notes: null } });
    expect(record?.trackingInfo.microsoftMsxId).toBe('7-NEW');
  });

  test('declines with a reason', async () => {
    const { id, engagementId } = coSell();
    await post(`/referrals/${id}/microsoft/decline`, { reason: 'No capacity' });
    expect(world.partnerCenter.microsoftRecord(engagementId)).toMatchObject({
      substatus: 'Declined',
      statusReason: 'No capacity',
    });
  });
});

describe('acting as a colleague', () => {
  test('makes a deal that Microsoft sees, or with help, or neither', async () => {
    const make = async (more: object): Promise<string> =>
      referralIn((await post('/new/portal', { ...sent, solution: 'SOL-70421-QLM', ...more })).location);
    const kind = async (id: string): Promise<string> =>
      /class="kind">([^<]*)</.exec((await get(`/referrals/${id}`)).text)?.[1] ?? '';
    const contact = { contactName: 'Wiebke Thomsen', contactEmail: 'w@elbe.example', contactPhone: '+49 40 5550777' };
    expect(await kind(await make({}))).toBe('Private');
    expect(await kind(await make({ shared: 'on' }))).toBe('Partner-led');
    expect(await kind(await make({ help: 'QuotesOrLicensing', notes: 'Prices', ...contact }))).toBe('Co-sell');
  });

  test('edits what differs, keeps price and quantity of a solution that stays', async () => {
    const { id } = coSell();
    world.partnerCenter.portal.edit(id, { solutions: [{ id: 'SOL-70421-QLM', price: 12.5, quantity: 3 }] });
    const form = new URLSearchParams({
      name: 'Renamed',
      value: '60000',
      currency: 'EUR',
      closingDate: '2027-02-28',
      notes: 'New',
    });
    form.append('solution', 'SOL-70421-QLM');
    form.append('solution', 'SOL-10007-FLT');
    expect((await post(`/referrals/${id}/portal/edit`, form)).status).toBe(303);
    const referral = world.partnerCenter.referral(id);
    expect(referral).toMatchObject({ name: 'Renamed', details: { dealValue: 60000, notes: 'New' } });
    expect(referral?.details.requirements.solutions).toMatchObject([
      { price: 12.5, quantity: 3 },
      { id: 'SOL-10007-FLT' },
    ]);
    const version = referral?.eTag;
    expect(decodeURIComponent((await post(`/referrals/${id}/portal/edit`, form)).location)).toContain('Nothing');
    expect(world.partnerCenter.referral(id)?.eTag).toBe(version);
  });

  test('accepts, then closes as lost; a closed deal offers nothing any more', async () => {
    const id = await sendInbound();
    await post(`/referrals/${id}/portal/accept`, {});
    await post(`/referrals/${id}/portal/close`, { outcome: 'Lost', reason: 'Budget' });
    expect(world.partnerCenter.referral(id)).toMatchObject({
      status: 'Closed',
      substatus: 'Lost',
      statusReason: 'Budget',
    });
    expect((await get(`/referrals/${id}`)).text).toContain('Nothing can be changed any more');
  });

  test('declines what Microsoft sent', async () => {
    const id = await sendInbound();
    await post(`/referrals/${id}/portal/decline`, { reason: 'NotInterested' });
    expect(world.partnerCenter.referral(id)).toMatchObject({ substatus: 'Declined' });
  });
});

describe('what changed', () => {
  test('is listed field by field with who did it, old and new value', async () => {
    const { id, engagementId } = coSell();
    world.partnerCenter.portal.edit(id, { value: 60_000 });
    world.partnerCenter.microsoft.accept(engagementId, { notes: 'On it' });
    const { text } = await get(`/referrals/${id}`);
    expect(text).toMatch(/A colleague in the portal · record of Larkspur Systems GmbH/);
    expect(text).toMatch(/<strong>Value<\/strong>: <del>50000<\/del>.*<ins>60000<\/ins>/);
    expect(text).toMatch(/<strong>Notes<\/strong>: <span class="none">empty<\/span>.*<ins>On it<\/ins>/);
    expect(text).not.toContain('eTag');
  });
});

describe('refusals', () => {
  test('are shown as the emulator says them, and nothing is written', async () => {
    const { id } = coSell();
    const reply = await post(`/referrals/${id}/portal/edit`, { name: 'x', value: '-5', currency: 'XXQ' });
    expect(reply.status).toBe(400);
    expect(reply.text).toMatch(/role="alert"><strong>Refused<\/strong> 400 \w+/);
    expect(world.partnerCenter.referral(id)).toMatchObject({ name: 'Fleet ledger', details: { dealValue: 50_000 } });
    expect(reply.text).toMatch(/<details id="portal-edit" open data-typed>/);
    expect(reply.text).toMatch(/name="value"[^>]*value="-5"/);
  });

  test('of a new deal keep what was typed', async () => {
    const reply = await post('/new/microsoft', { ...sent, name: 'Typed name', value: 'a lot' });
    expect(reply.status).toBe(400);
    expect(reply.text).toContain('&#39;a lot&#39; is no number');
    expect(reply.text).toContain('value="Typed name"');
    expect(world.partnerCenter.referrals()).toEqual([]);
  });

  test('a step that the state does not allow', async () => {
    const { id, engagementId } = coSell();
    world.partnerCenter.microsoft.accept(engagementId);
    const reply = await post(`/referrals/${id}/microsoft/accept`, {});
    expect([reply.status, reply.text]).toEqual([400, expect.stringContaining('record is Active, not New')]);
  });

  test('a form from another site, an unknown action and an unknown referral', async () => {
    const { id } = coSell();
    const foreign = await post(`/referrals/${id}/portal/close`, { outcome: 'Won' }, { origin: 'https://evil.example' });
    expect([foreign.status, world.partnerCenter.referral(id)?.status]).toEqual([403, 'Active']);
    expect((await post(`/referrals/${id}/portal/burn`, {})).status).toBe(404);
    expect((await get('/referrals/nobody')).status).toBe(404);
    expect((await get('/%')).status).toBe(400);
  });
});

test('the page runs no script and loads nothing but its own', async () => {
  const response = await fetch(page.url);
  expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
  const loaded = [...(await response.text()).matchAll(/(?:src|href)="(\/page\.\w+)"/g)].map(([, path]) => path);
  expect(loaded.sort()).toEqual(['/page.css', '/page.js']);
  for (const path of loaded) expect((await get(path ?? '')).status).toBe(200);
});

test('every value in a template is escaped, whatever it is', () => {
  expect(html`<b title="${'"'}">${['<', html`<i>${"'"}</i>`, null, false, 0]}</b>`.text).toBe(
    '<b title="&#34;">&#60;<i>&#39;</i>0</b>',
  );
});
