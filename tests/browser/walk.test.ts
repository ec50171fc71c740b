/**
 * What Microsoft's own connector documents promise a seller, step by step, in a real browser: each test names the
 * requirement (R: the connector's documents for Dynamics 365 and Salesforce; M: its later documents for Dynamics 365).
 */
import type { Page } from 'playwright-core';
import { choice, dealWithoutSolution, fillCatalogue, shared } from './deals';
import { stageForFile } from './file-stage';
import { chooseHelp, pickSolution } from './form-actions';
import type { Stage } from './stage';

let stage: Stage;

stageForFile((made) => fillCatalogue((stage = made)));

const summary = async (page: Page): Promise<void> => void (await page.getByRole('tab', { name: 'Summary' }).click());
const textOf = (page: Page, label: string) => page.getByRole('textbox', { name: label, exact: true });

describe('The co-sell part of the Opportunity form', () => {
  test('R-074, R-088: the form has a tab of its own with the co-sell fields, on a new opportunity too', async () => {
    const page = await stage.open('opportunity');
    await expect(page.getByRole('switch', { name: 'Sync with Partner Center' }).count()).resolves.toBe(1);
    await expect(page.getByRole('combobox', { name: 'How can Microsoft help?' }).count()).resolves.toBe(1);
    for (const section of ['Solutions', 'Deal details', 'Referral']) {
      await expect(page.getByRole('region', { name: section, exact: true }).count()).resolves.toBe(1);
    }
    expect(stage.pageErrors).toEqual([]);
  });

  test('R-075, R-076: Sync with Partner Center is No until the seller sets it to Yes', async () => {
    const id = dealWithoutSolution(stage);
    const page = await stage.open('opportunity', id);
    expect(await page.getByRole('switch', { name: 'Sync with Partner Center' }).isChecked()).toBe(false);
    await stage.world.sync();
    expect(stage.world.get(id)['cosell_referralidentifier'] ?? '').toBe('');
    await stage.world.expectSilence();
  });

  test('R-077, R-078, R-086: identifier, link and audit are shown, and nobody can type into them', async () => {
    const id = await shared(stage);
    const page = await stage.open('opportunity', id);
    const referral = stage.world.referralOf(id);
    for (const label of ['Referral Identifier', 'Microsoft CRM Identifier', 'Audit']) {
      expect([label, await textOf(page, label).isEditable()]).toEqual([label, false]);
    }
    expect(await textOf(page, 'Referral Identifier').inputValue()).toBe(referral.id);
    const link = page.getByRole('link', { name: /Open in Partner Center, new tab/ });
    expect(await link.getAttribute('href')).toBe(stage.world.get(id)['cosell_referrallink']);
    expect(await link.getAttribute('rel')).toContain('noopener');
    expect(await textOf(page, 'Audit').inputValue()).toContain('to Partner Center: applied');
  });

  test('R-081, R-084, R-085, M-10: solutions are picked from the catalogue, added and removed, and stand in a list on the tab', async () => {
    const id = dealWithoutSolution(stage);
    const page = await stage.open('opportunity', id);
    await pickSolution(page, 'Larkspur Cold Chain Monitor');
    await pickSolution(page, 'Larkspur Fleet & Yard');
    await stage.settled(page);
    const rows = () =>
      stage.world.seller.list('cosell_opportunitysolution', (row) => row['cosell_opportunityid'] === id);
    expect(rows()).toHaveLength(2);
    await page.getByRole('button', { name: 'Remove Larkspur Fleet & Yard' }).click();
    await page.getByRole('button', { name: 'Remove Larkspur Fleet & Yard' }).waitFor({ state: 'detached' });
    await stage.settled(page);
    expect(rows()).toHaveLength(1);
    await page.reload();
    await stage.coSellTab(page).click();
    const list = page.getByRole('region', { name: 'Microsoft Partner Center Solutions', exact: true });
    await list.getByText('Larkspur Cold Chain Monitor').first().waitFor();
  });

  test('M-09: the obsolete Products field is not on the form', async () => {
    const page = await stage.open('opportunity', dealWithoutSolution(stage));
    expect(await page.getByText('Products', { exact: true }).count()).toBe(0);
  });

  test('M-11: a seller never types a solution id; what is offered is the catalogue that the admin filled', async () => {
    const page = await stage.open('opportunity', dealWithoutSolution(stage));
    await page.getByRole('combobox', { name: 'Search for solutions to add' }).click();
    await page.getByRole('option').first().waitFor();
    expect(await page.getByRole('option').count()).toBe(stage.world.seller.list('cosell_solution').length);
  });
});

describe('Scenario A: created in Dynamics 365, synced to Partner Center', () => {
  test('R-079, R-080, R-087 to R-091, R-094, M-12: a new deal with help becomes a co-sell referral, and id, link and mark come back', async () => {
    const page = await stage.open('opportunity');
    await summary(page);
    const { seed } = stage.world;
    await textOf(page, 'Topic').fill('Fleet telemetry for 40 depots');
    await chooseRecord(page, 'Potential Customer', 'account', seed.accounts.brueckner);
    await chooseRecord(page, 'Account', 'account', seed.accounts.brueckner);
    await chooseRecord(page, 'Contact', 'contact', seed.contacts.complete);
    await textOf(page, 'Est. revenue').fill('120000');
    await textOf(page, 'Est. close date').fill('4/30/2027');
    await stage.coSellTab(page).click();
    await pickSolution(page, 'Larkspur Cold Chain Monitor');
    await page.getByRole('switch', { name: 'Customer Consent' }).click();
    await page.getByRole('combobox', { name: 'Marketplace Purchase Intent' }).click();
    await page.getByRole('option', { name: 'Yes', exact: true }).click();
    await textOf(page, 'Deal Notes').fill('Telemetry for the whole fleet');
    await page.getByRole('switch', { name: 'Sync with Partner Center' }).click();
    await chooseHelp(page, 'Proof of concept or demo');
    await page.getByRole('dialog').getByRole('button', { name: 'Ask for help' }).click();
    await stage.save(page);
    await stage.settled(page);
    const saved = stage.world.clock.now();
    await stage.world.sync();
    expect(stage.world.clock.now() - saved).toBeLessThan(10 * 60_000);
    const [row] = stage.world.opportunities().filter((each) => String(each['name']).startsWith('Fleet telemetry'));
    const id = String(row?.['opportunityid']);
    const referral = stage.world.referralOf(id);
    expect(referral).toMatchObject({
      name: 'Fleet telemetry for 40 depots',
      status: 'Active',
      externalReferenceId: id,
    });
    expect(referral.details?.requirements?.solutions).toMatchObject([{ id: 'SOL-70421-QLM' }]);
    const invitation = stage.world.partnerCenter.microsoftRecord(referral.engagementId);
    expect(invitation?.inviteContext?.assistanceRequestCode).toBe('ProofOfConceptOrDemo');
    expect(referral.consent.consentToShareReferralWithMicrosoftSellers).toBe(true);
    await page.goto(stage.host.recordUrl('opportunity', id));
    await page.getByRole('heading', { level: 1, name: /Fleet telemetry for 40 depots ✔/ }).waitFor();
    await stage.coSellTab(page).click();
    await page.getByText('In sync with Partner Center').first().waitFor();
    expect(await textOf(page, 'Referral Identifier').inputValue()).toBe(referral.id);
    const link = page.getByRole('link', { name: /Open in Partner Center, new tab/ });
    expect(await link.getAttribute('href')).toContain(referral.id);
    expect(stage.pageErrors).toEqual([]);
    await stage.world.expectSilence();
  });

  test('R-080: a private deal becomes a co-sell deal when the seller chooses help later', async () => {
    const id = await shared(stage, { name: 'Private at first' });
    const { engagementId } = stage.world.referralOf(id);
    expect(stage.world.partnerCenter.microsoftRecord(engagementId)).toBeUndefined();
    const page = await stage.open('opportunity', id);
    await chooseHelp(page, 'Proof of concept or demo');
    await page.getByRole('dialog').getByRole('button', { name: 'Ask for help' }).click();
    await stage.save(page);
    await stage.world.sync();
    expect(stage.world.partnerCenter.microsoftRecord(engagementId)).toMatchObject({ status: 'New' });
    expect(stage.world.referralOf(id)).toMatchObject({ engagementId, type: 'Shared' });
    await stage.world.expectSilence();
  });

  test('R-084: without a solution nothing is sent, and what is chosen later is added and removed there too', async () => {
    const id = dealWithoutSolution(stage, { cosell_customerconsent: true, cosell_purchaseintent: choice(0) });
    stage.world.share(id);
    await stage.world.sync();
    expect(stage.world.get(id)['cosell_referralidentifier'] ?? '').toBe('');
    const page = await stage.open('opportunity', id);
    await page.getByText('No solution is chosen: add at least one', { exact: false }).first().waitFor();
    await pickSolution(page, 'Larkspur Cold Chain Monitor');
    await pickSolution(page, 'Larkspur Fleet & Yard');
    await stage.settled(page);
    await stage.world.sync();
    const there = () => stage.world.referralOf(id).details.requirements.solutions.map((one) => one.id);
    expect(there().sort()).toEqual(['SOL-70421-QLM', 'SOL-70422-QLM']);
    await page.getByRole('button', { name: 'Remove Larkspur Fleet & Yard' }).click();
    await page.getByRole('button', { name: 'Remove Larkspur Fleet & Yard' }).waitFor({ state: 'detached' });
    await stage.settled(page);
    await stage.world.sync();
    expect(there()).toEqual(['SOL-70421-QLM']);
    await stage.world.expectSilence();
  });

  test('R-082: making a deal visible is confirmed once, shows what Microsoft will see, and can not be undone', async () => {
    const id = await shared(stage, { name: 'Private deal' });
    expect(stage.world.referralOf(id).consent.consentToShareReferralWithMicrosoftSellers).toBe(false);
    const page = await stage.open('opportunity', id);
    await page.getByRole('switch', { name: 'Visible to Microsoft’s sellers' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('This can’t be undone.', { exact: false }).waitFor();
    await dialog.getByText('Brückner', { exact: false }).first().waitFor();
    await dialog.getByRole('button', { name: 'Make visible' }).click();
    await stage.save(page);
    await stage.world.sync();
    expect(stage.world.referralOf(id).consent.consentToShareReferralWithMicrosoftSellers).toBe(true);
    await page.reload();
    await stage.coSellTab(page).click();
    await page.getByText('This can’t be undone.', { exact: false }).first().waitFor();
    expect(await page.getByRole('switch', { name: 'Visible to Microsoft’s sellers' }).isEnabled()).toBe(false);
    await stage.world.expectSilence();
  });

  test('R-083: Microsoft’s CRM identifier, status and seller appear when Microsoft has accepted', async () => {
    const id = await shared(stage, { cosell_helprequired: choice(2) });
    expect(stage.world.get(id)['cosell_microsoftcrmidentifier'] ?? '').toBe('');
    stage.world.partnerCenter.microsoft.accept(stage.world.referralOf(id).engagementId, { crmId: '7-3XKQ91ZT' });
    await stage.world.sync();
    const page = await stage.open('opportunity', id);
    expect(await textOf(page, 'Microsoft CRM Identifier').inputValue()).toBe('7-3XKQ91ZT');
    await page.getByText('Ines Vollmer', { exact: false }).waitFor();
    await stage.world.expectSilence();
  });

  test('R-092, R-095, M-12: what is missing is said on the form before saving, and by the worker with a cross', async () => {
    const id = stage.world.opportunity({
      name: 'No contact yet',
      cosell_helprequired: choice(2),
      parentcontactid: null,
    });
    stage.world.share(id);
    await stage.world.sync();
    const page = await stage.open('opportunity', id);
    await page.getByRole('heading', { level: 1, name: /No contact yet ✖/ }).waitFor();
    await page.getByText('No customer contact is chosen', { exact: false }).first().waitFor();
    expect(await textOf(page, 'Audit').inputValue()).toContain('CONTACT_MISSING');
    await stage.world.expectSilence();
  });

  test('R-093: a later edit on the form reaches Partner Center', async () => {
    const id = await shared(stage, { name: 'Before the edit' });
    const page = await stage.open('opportunity', id);
    await summary(page);
    await textOf(page, 'Topic').fill('After the edit');
    await stage.save(page);
    await stage.world.sync();
    expect(stage.world.referralOf(id).name).toBe('After the edit');
    await stage.world.expectSilence();
  });
});

describe('Scenario B: created in Partner Center, synced to Dynamics 365', () => {
  test('R-096 to R-098: a colleague’s new deal is listed in Dynamics 365 and opens with its fields filled in', async () => {
    const referral = stage.world.partnerCenter.portal.createDeal({
      name: 'Made in the portal',
      value: 64_000,
      currency: 'EUR',
      closingDate: '2027-05-14',
      notes: 'From a trade fair',
      solutions: ['SOL-70422-QLM'],
      help: { code: 'GeneralOrOther' },
      team: [
        {
          firstName: 'Mareike',
          lastName: 'Osterkamp',
          phoneNumber: '+49 30 5550100',
          email: 'mareike.osterkamp@contoso.example',
        },
      ],
    } as never);
    await stage.world.sync();
    const page = await stage.page();
    await page.goto(`${stage.host.url}/main.aspx?pagetype=entitylist&etn=opportunity`);
    await page.getByRole('button', { name: /Made in the portal/ }).click();
    await stage.coSellTab(page).click();
    expect(await page.getByRole('switch', { name: 'Sync with Partner Center' }).isChecked()).toBe(true);
    expect(await textOf(page, 'Referral Identifier').inputValue()).toBe(referral.id);
    expect(await textOf(page, 'Deal Notes').inputValue()).toBe('From a trade fair');
    await page.getByText('Larkspur Fleet & Yard').first().waitFor();
    await summary(page);
    expect(await textOf(page, 'Est. revenue').inputValue()).toBe('€64,000.00');
    expect(await textOf(page, 'Est. close date').inputValue()).toBe('5/14/2027');
    expect(stage.world.partnerCenter.referral(referral.id)?.status).toBe('Active');
    await stage.world.expectSilence();
  });

  test('R-099: Microsoft’s own deal waits on hold until the seller accepts it on the form; its owner is told', async () => {
    const referral = stage.world.partnerCenter.microsoft.createDeal({
      name: 'Sent by Microsoft',
      value: 80_000,
      currency: 'EUR',
      closingDate: '2027-05-14',
      solutions: ['SOL-70421-QLM'],
    });
    await stage.world.sync();
    const [row] = stage.world.opportunities().filter((each) => each['cosell_referralidentifier'] === referral.id);
    const id = String(row?.['opportunityid']);
    expect(row).toMatchObject({ cosell_syncwithpartnercenter: true, statuscode: 2 });
    expect(stage.world.partnerCenter.referral(referral.id)?.status).toBe('New');
    const told = stage.world.seller.list('appnotification', (each) => each['ownerid'] === row?.['ownerid']);
    expect(told.map((each) => String(each['body'])).join()).toContain('Sent by Microsoft');
    const page = await stage.open('opportunity', id);
    await page.getByText('Microsoft invites you to this deal').waitFor();
    await page.getByRole('button', { name: 'Accept', exact: true }).first().click();
    await page.getByText('You asked to accept this deal. Partner Center is being told.', { exact: true }).waitFor();
    await stage.world.sync();
    expect(stage.world.get(id)['statuscode']).toBe(1);
    expect(stage.world.partnerCenter.referral(referral.id)).toMatchObject({ status: 'Active', substatus: 'Accepted' });
    await stage.world.expectSilence();
  });
});

/** Chooses a record in a lookup of the form by its name. */
async function chooseRecord(page: Page, label: string, table: string, id: string): Promise<void> {
  const row = stage.world.seller.get(table, id);
  const name = String(row?.['fullname'] ?? row?.['name']);
  const box = page.getByRole('combobox', { name: label, exact: true });
  await box.fill(name.slice(0, 8));
  await page
    .getByRole('option', { name: new RegExp(name.slice(0, 8)) })
    .first()
    .click();
}
