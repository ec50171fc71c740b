/** @jest-environment jsdom */
/**
 * The panel as a seller meets it, run as the platform runs it. What needs real focus and real pixels (traps, contrast,
 * widths) is looked at in the browser tests.
 */
import { act, fireEvent } from '@testing-library/react';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { choices } from '../../../sync-worker/src/crm/generated/schema';
import { contextOf } from '../../kit/testing';
import { completeColumns, completeRow, inputs, invited, recordId, shared, type Values } from './test-deal';
import { all, announced, click, isOff, settle, showPanel, shown, the } from './test-panel';

const isOn = (name: RegExp) => (the('switch', name) as HTMLInputElement).checked;
const choose = async (combobox: RegExp, option: RegExp) => {
  await click('combobox', combobox);
  await click('option', option);
};
/** Label and text of each line of a list of facts. */
const factsIn = (element: HTMLElement) =>
  Object.fromEntries(
    [...element.querySelectorAll('dt')].map((term) => [term.textContent, term.nextElementSibling?.textContent]),
  );

describe('R-074..R-076, R-089: sharing', () => {
  test('an opportunity is not shared unless the seller says so, and nothing is read for that', async () => {
    const panel = await showPanel({});
    expect(the('heading', /^Not shared$/)).toBeTruthy();
    expect(isOn(/sync column/)).toBe(false);
    expect(panel.reads).toEqual([]);
    expect(panel.outputs).toEqual([]);
  });

  test('a private deal is shared with one click on the switch', async () => {
    const panel = await showPanel({});
    await click('switch', /sync column/);
    expect(panel.written()).toEqual({ sync: true });
  });

  test('a deal for which help is wanted is previewed before it is shared the first time', async () => {
    const panel = await showPanel({ helpRequired: 'generalOrOther', customerConsent: true });
    await click('switch', /sync column/);
    expect(panel.outputs).toEqual([]);
    expect(the('dialog').textContent).toMatch(/can’t be undone/);
    expect(factsIn(the('dialog'))).toMatchObject({
      Topic: 'Cloud migration',
      Customer: 'Adventure Works AB\nStorgatan 1\n111 22 Stockholm\nSE',
      'Customer contacts': 'Karin Berg, karin@aw.example, +46 8 2',
      'How can Microsoft help?': 'generalOrOther',
      'Deal Notes': 'Empty',
    });
    await click('button', /^Share$/);
    expect(panel.written()).toEqual({ sync: true });
    expect(all('dialog')).toEqual([]);
  });

  test('the checklist that follows the preview does not read again what the preview has just read', async () => {
    const panel = await showPanel({ helpRequired: 'generalOrOther' });
    await click('switch', /sync column/);
    await click('button', /^Share$/);
    await panel.change({ sync: true });
    expect(the('card', /Checklist/).textContent).toMatch(/Customer Consent is not Yes/);
    expect(panel.reads).toHaveLength(2);
  });

  test('cancelling the preview changes nothing', async () => {
    const panel = await showPanel({ helpRequired: 'generalOrOther' });
    await click('switch', /sync column/);
    await click('button', /Cancel/);
    expect(all('dialog')).toEqual([]);
    expect(panel.outputs).toEqual([]);
  });

  test('turning sync off after sharing says that both directions stop and the referral stays', async () => {
    const panel = await showPanel(shared);
    await click('switch', /sync column/);
    expect(the('dialog').textContent).toMatch(/in either direction.*referral stays/);
    await click('button', /Turn off/);
    expect(panel.written()).toEqual({ sync: false });
  });

  test('turning sync off before anything was shared needs no question', async () => {
    const panel = await showPanel({ sync: true });
    await click('switch', /sync column/);
    expect(panel.written()).toEqual({ sync: false });
  });
});

describe('R-079, R-080: how Microsoft can help', () => {
  test('the options and their words come from the column', async () => {
    await showPanel({});
    await click('combobox', /helpRequired column/);
    expect(all('option').map((option) => option.textContent)).toEqual([
      'No help needed',
      ...Object.keys(choices.helpRequired),
    ]);
  });

  test('before sharing, help is chosen and taken back freely', async () => {
    const panel = await showPanel({});
    await choose(/helpRequired column/, /proofOfConceptOrDemo/);
    expect(panel.written()).toEqual({ helpRequired: choices.helpRequired.proofOfConceptOrDemo });
    await panel.change({ helpRequired: 'proofOfConceptOrDemo' });
    expect(shown()).toMatch(/With help: a co-sell deal/);
    await choose(/helpRequired column/, /No help/);
    expect(panel.written()).toEqual({ helpRequired: null });
  });

  test('asking for help on a shared deal turns it into co-sell after a preview only', async () => {
    const panel = await showPanel({ ...shared, helpRequired: null, dealType: 'private' });
    await choose(/helpRequired column/, /quotesOrLicensing/);
    expect(panel.outputs).toEqual([]);
    expect(shown()).toContain('quotesOrLicensing');
    await click('button', /Ask for help/);
    expect(panel.written()).toEqual({ helpRequired: choices.helpRequired.quotesOrLicensing });
  });

  test('once Microsoft is invited the choice is shown and frozen, with the reason', async () => {
    await showPanel(shared);
    expect(isOff('combobox', /helpRequired column/)).toBe(true);
    expect(the('combobox').textContent).toBe('generalOrOther');
    expect(shown()).toMatch(/Microsoft already takes part in this deal/);
  });

  test('an option that an administrator added is shown by its label', async () => {
    await showPanel({ helpRequired: 700_000_001 });
    expect(the('combobox').textContent).toBe('Another option');
  });
});

describe('R-082, G-07: visibility', () => {
  test('making a deal visible asks first and shows what Microsoft will see', async () => {
    const panel = await showPanel({ ...completeColumns, notesToMicrosoft: 'not sent for this kind' });
    await click('switch', /Visible to Microsoft/);
    expect(panel.outputs).toEqual([]);
    expect(the('dialog').textContent).toMatch(/€48,000\.50/);
    expect(the('dialog').textContent).toMatch(/Landing Zone × 2/);
    expect(the('dialog').textContent).not.toMatch(/not sent for this kind/);
    await click('button', /Make visible/);
    expect(panel.written()).toEqual({ visibility: true });
  });

  test('nothing can be confirmed before the preview is there, and a failed read can be tried again', async () => {
    let fails = true;
    await showPanel(
      {},
      {
        row: () =>
          fails
            ? Promise.reject({ errorCode: 2147746336, message: 'prvReadOpportunity' })
            : Promise.resolve(completeRow),
      },
    );
    await click('switch', /Visible to Microsoft/);
    expect(the('alert').textContent).toContain('permission');
    expect(document.body.textContent).not.toContain('prvRead');
    expect(isOff('button', /Make visible/)).toBe(true);
    fails = false;
    await click('button', /Try again/);
    expect(isOff('button', /Make visible/)).toBe(false);
  });

  test('on the create form the preview shows what is known and says what comes later', async () => {
    const panel = await showPanel({ recordId: '', dealNotes: 'Moves to the cloud.' });
    await click('switch', /Visible to Microsoft/);
    expect(shown()).toContain('Moves to the cloud.');
    expect(the('dialog').textContent).toMatch(/after the first save/);
    // What is merely not known yet is not called empty.
    expect(factsIn(the('dialog'))).toEqual({ 'Deal Notes': 'Moves to the cloud.', 'Customer Consent': 'No' });
    await click('button', /Make visible/);
    expect(panel.written()).toEqual({ visibility: true });
    expect(panel.reads).toEqual([]);
  });

  test('a visible deal stays visible and says why', async () => {
    await showPanel({ ...shared, helpRequired: null, visibility: true, dealType: 'partnerLed' });
    expect(isOn(/Visible to Microsoft/)).toBe(true);
    expect(isOff('switch', /Visible to Microsoft/)).toBe(true);
    expect(shown()).toMatch(/already see this deal/);
  });

  test('help makes a deal visible by itself', async () => {
    await showPanel({ helpRequired: 'generalOrOther' });
    expect(isOn(/Visible to Microsoft/)).toBe(true);
    expect(shown()).toMatch(/because you ask Microsoft for help/);
  });

  test('the focus goes back to the switch when the dialog closes', async () => {
    jest.useFakeTimers();
    await showPanel({});
    const visible = the('switch', /Visible to Microsoft/);
    visible.focus();
    fireEvent.click(visible);
    await settle();
    visible.blur();
    await click('button', /Cancel/);
    act(() => void jest.runOnlyPendingTimers());
    expect(document.activeElement).toBe(visible);
    jest.useRealTimers();
  });
});

describe('G-02: the checklist', () => {
  const bare = { ...completeRow, parentaccountid: null, parentcontactid: null };

  test('names what is missing while sharing is on, with at most two reads', async () => {
    const panel = await showPanel({ sync: true, helpRequired: 'generalOrOther' }, { row: bare });
    expect(panel.reads).toEqual([`opportunity ${recordId}`, 'connection']);
    const items = all('item').map((item) => item.textContent);
    expect(items).toHaveLength(5);
    expect(items.join()).toMatch(
      /No account is chosen.*No customer contact.*Customer Consent.*Purchase Intent.*Recommended: Deal notes/,
    );
    expect(shown()).toMatch(/Complete what is missing/);
  });

  test('one click goes to the field', async () => {
    const panel = await showPanel({ sync: true }, { row: bare });
    await click('button', /Go to field: No account/);
    expect(panel.jumps).toEqual([{ record: 'opportunity', field: 'customer' }]);
  });

  test('where the platform has no events for controls the findings are words', async () => {
    await showPanel({ sync: true }, { row: bare, context: { events: {} } });
    expect(all('button', /Go to field/)).toEqual([]);
    expect(shown()).toMatch(/No account is chosen/);
  });

  test('follows what the seller types without reading again', async () => {
    const panel = await showPanel({ ...completeColumns, customerConsent: false });
    expect(shown()).toMatch(/Customer Consent is not Yes/);
    await panel.change({ customerConsent: true });
    expect(shown()).not.toMatch(/Customer Consent is not Yes/);
    expect(shown()).toMatch(/Everything is complete/);
    expect(panel.reads).toHaveLength(2);
  });

  test('reads again after a sync, when solutions changed, and when the platform hands the same values over', async () => {
    const panel = await showPanel(completeColumns);
    await panel.change({ solutionCount: 2 });
    expect(panel.reads).toHaveLength(4);
    await panel.change({ syncStatus: 'needsAttention' });
    expect(panel.reads).toHaveLength(6);
    await panel.change({}, ['sync']);
    expect(panel.reads).toHaveLength(8);
    // A change of the layout alone is no save.
    await panel.change({}, ['layout']);
    expect(panel.reads).toHaveLength(8);
  });

  test('counts solutions that were chosen before the first save, also when they became rows after it had read', async () => {
    let saved = false;
    const none = { ...completeRow, cosell_opportunity_opportunitysolution: [] };
    const solutionDraft = JSON.stringify({
      solutions: [{ id: 'SOL-70421-QLM', name: 'Cold chain', type: 'Name', quantity: null, value: null }],
    });
    const panel = await showPanel(
      { ...completeColumns, solutionDraft },
      { row: () => Promise.resolve(saved ? completeRow : none) },
    );
    expect(the('card', /^Checklist$/).textContent).not.toContain('No solution is chosen');
    saved = true;
    await panel.change({ solutionDraft: null });
    expect(the('card', /^Checklist$/).textContent).not.toContain('No solution is chosen');
  });

  test('is opened on request where sharing is off, and closed again', async () => {
    const panel = await showPanel({});
    await click('button', /Check what is missing/);
    expect(the('card', /^Checklist$/)).toBeTruthy();
    expect(panel.reads).toHaveLength(2);
    await click('button', /^Close$/);
    expect(all('card', /^Checklist$/)).toEqual([]);
  });

  test('a failed read is told in plain words and tried again on request', async () => {
    let fails = true;
    await showPanel(completeColumns, {
      row: () => (fails ? Promise.reject({ status: 429, message: 'rate limit 6000' }) : Promise.resolve(completeRow)),
    });
    expect(the('alert').textContent).toContain('busy');
    expect(document.body.textContent).not.toContain('6000');
    fails = false;
    await click('button', /Try again/);
    expect(shown()).toMatch(/Everything is complete/);
  });

  test('says that it is checking while the answer is on its way', async () => {
    let answer: (row: typeof completeRow) => void = () => undefined;
    await showPanel(completeColumns, { row: () => new Promise((resolve) => (answer = resolve)) });
    expect(shown()).toMatch(/Checking the opportunity/);
    await act(async () => answer(completeRow));
    expect(shown()).toMatch(/Everything is complete/);
  });

  test('reads on request with Check again', async () => {
    const panel = await showPanel(completeColumns);
    await click('button', /Check again/);
    expect(panel.reads).toHaveLength(4);
  });

  test('on the create form reads nothing and lists what is checked later', async () => {
    const panel = await showPanel({ recordId: '', sync: true });
    expect(panel.reads).toEqual([]);
    expect(shown()).toMatch(/Checked after the first save/);
    expect(shown()).toMatch(/shared after you save it/);
    await panel.change({ recordId });
    expect(panel.reads).toHaveLength(2);
  });

  test('G-05: the worker’s finding is not said twice, its other messages are', async () => {
    const panel = await showPanel(
      {
        ...completeColumns,
        syncStatus: 'needsAttention',
        syncMessageCode: '[{"code":"CUSTOMER_MISSING"}]',
        syncMessage: 'No account is chosen',
      },
      { row: bare },
    );
    expect(shown().match(/No account is chosen/g)).toHaveLength(1);
    await panel.change({ syncMessageCode: '[{"code":"REFERRAL_CLOSED"}]', syncMessage: 'x' });
    expect(shown()).toMatch(/cannot be changed any more/);
  });
});

describe('R-099, G-03, G-10: a deal on hold', () => {
  const soon = (milliseconds: number): Values => ({
    ...invited,
    referralExpiresOn: new Date(Date.now() + milliseconds),
  });

  test('says who invites and until when', async () => {
    await showPanel(soon(5 * 3_600_000 + 60_000));
    expect(the('card', /Microsoft invites you/)).toBeTruthy();
    expect(shown().split('\n')).toContain('Expires in 5 hours');
  });

  test('names another partner as the one who invites', async () => {
    await showPanel({ ...invited, dealType: 'partnerToPartner' });
    expect(the('card', /Another partner invites/)).toBeTruthy();
  });

  test('is accepted after the rules were asked', async () => {
    const panel = await showPanel(soon(86_400_000));
    await click('button', /^Accept$/);
    expect(panel.reads).toHaveLength(2);
    expect(panel.written()).toEqual({ requestedAction: choices.requestedAction.accept });
  });

  test('is not accepted while value or close date are missing, and says which', async () => {
    const panel = await showPanel(invited, { row: { ...completeRow, estimatedvalue: null } });
    await click('button', /^Accept$/);
    expect(panel.outputs).toEqual([]);
    expect(shown()).toMatch(/Deal value is empty/);
    expect(isOff('button', /^Accept$/)).toBe(false);
  });

  test('is not accepted when nobody could check it, and can be tried again', async () => {
    const panel = await showPanel(invited, { row: () => Promise.reject(new TypeError('Failed to fetch')) });
    await click('button', /^Accept$/);
    expect(panel.outputs).toEqual([]);
    expect(the('alert').textContent).toContain('could not be reached');
  });

  test('is declined with a reason from the column’s own list', async () => {
    const panel = await showPanel(invited);
    await click('button', /Decline…/);
    await choose(/Reason/, /timelineTooShort/i);
    await click('button', /^Decline$/);
    expect(panel.written()).toEqual({
      requestedAction: choices.requestedAction.decline,
      closeReason: choices.closeReason.proposedTimelineTooShort,
      actionReason: null,
    });
  });

  test('is not declined without a reason', async () => {
    const panel = await showPanel(invited);
    await click('button', /Decline…/);
    await click('button', /^Decline$/);
    expect(panel.outputs).toEqual([]);
    expect(the('alert').textContent).toContain('Choose a reason');
  });

  test('a seller’s own words go along, and carry the reason where its column may not be written', async () => {
    const panel = await showPanel(invited, { security: { closeReason: { editable: false } } });
    await click('button', /Decline…/);
    await choose(/Reason/, /notACustomer/);
    await act(async () => void fireEvent.change(the('textbox'), { target: { value: ' Left the market ' } }));
    await click('button', /^Decline$/);
    expect(panel.written()).toEqual({
      requestedAction: choices.requestedAction.decline,
      actionReason: 'notACustomer: Left the market',
    });
  });

  test('shows what was asked for until the worker has done it', async () => {
    const panel = await showPanel({ ...invited, requestedAction: 'accept' });
    expect(announced()).toContain('You asked to accept this deal');
    expect(isOff('button', /^Accept$/)).toBe(true);
    await panel.change({ requestedAction: null, syncStatus: 'synced', referralStatus: 'active' });
    expect(announced()).toBe('In sync with Partner Center');
    expect(all('button', /^Accept$/)).toEqual([]);
  });

  test('an expired invitation can’t be answered any more', async () => {
    await showPanel(soon(-60_000));
    expect(shown().split('\n')).toContain('Expired');
    expect(isOff('button', /^Accept$/)).toBe(true);
    expect(isOff('button', /Decline/)).toBe(true);
  });

  test('the countdown goes on while the form stays open, and stops when the control is hidden', async () => {
    jest.useFakeTimers({ now: new Date('2026-03-02T08:00:00Z') });
    const panel = await showPanel({ ...invited, referralExpiresOn: new Date('2026-03-02T09:30:00Z') });
    expect(shown().split('\n')).toContain('Expires in 90 minutes');
    await act(async () => void jest.advanceTimersByTime(60_000));
    expect(shown().split('\n')).toContain('Expires in 89 minutes');
    await panel.change({}, [], { visible: false });
    expect(jest.getTimerCount()).toBe(0);
    panel.destroy();
    jest.useRealTimers();
  });

  test('how to link it to an existing opportunity is told', async () => {
    await showPanel(invited);
    expect(shown()).toMatch(/Link to an existing opportunity/);
  });
});

describe('R-077, R-078, R-083, G-08: what comes from Partner Center', () => {
  const answered: Values = {
    ...shared,
    microsoftStatus: 'accepted',
    microsoftTeam: 'Ada Lovelace\nGrace Hopper',
    microsoftNotes: 'Call on Thursday',
    microsoftCrmIdentifier: '7-3KQ9ZT',
  };

  test('Microsoft’s status, sellers, notes and CRM id are shown', async () => {
    await showPanel(answered);
    expect(factsIn(the('card', /Microsoft’s side/))).toEqual({
      Status: 'accepted',
      Sellers: 'Ada Lovelace\nGrace Hopper',
      Notes: 'Call on Thursday',
      'CRM ID': '7-3KQ9ZT',
    });
  });

  test('our own deal notes, copied to Microsoft’s record, are not shown as Microsoft’s', async () => {
    await showPanel({ ...answered, dealNotes: 'Call on Thursday' });
    expect(factsIn(the('card', /Microsoft’s side/))).not.toHaveProperty('Notes');
  });

  test('nothing is shown of Microsoft before it has said something', async () => {
    await showPanel(shared);
    expect(all('card', /Microsoft’s side/)).toEqual([]);
  });

  test('the referral’s id is copied, and the link opens in a new tab', async () => {
    const copied: string[] = [];
    Object.defineProperty(navigator, 'clipboard', {
      configurable: true,
      value: { writeText: (text: string) => Promise.resolve(void copied.push(text)) },
    });
    await showPanel(shared);
    await click('button', /Copy referral ID/);
    expect(copied).toEqual([shared.referralIdentifier]);
    expect(document.body.textContent).toContain('Copied');
    const link = the('link', /Open in Partner Center/) as HTMLAnchorElement;
    expect([link.target, link.rel, link.protocol]).toEqual(['_blank', 'noopener noreferrer', 'https:']);
  });

  test('a browser that does not let copy is told about', async () => {
    Object.defineProperty(navigator, 'clipboard', { configurable: true, value: undefined });
    await showPanel(shared);
    await click('button', /Copy referral ID/);
    expect(document.body.textContent).toMatch(/didn’t allow copying/);
  });

  test.each([
    'javascript:alert(1)',
    'http://partner.microsoft.com/',
    'https://partner.microsoft.com@evil.example/',
    'not a link',
    '',
  ])('%s is no link', async (referralLink) => {
    await showPanel({ ...shared, referralLink });
    expect(all('link')).toEqual([]);
  });

  test('a closed deal says so and can be shared again', async () => {
    const panel = await showPanel({
      ...shared,
      syncStatus: 'closed',
      referralStatus: 'closed',
      syncMessageCode: '[{"code":"EXPIRED"}]',
      syncMessage: 'x',
    });
    expect(the('heading', /^Closed in Partner Center$/)).toBeTruthy();
    expect(all('combobox')).toEqual([]);
    await click('button', /Share again/);
    expect(panel.written()).toEqual({ requestedAction: choices.requestedAction.shareAgain });
  });

  test('a deal with a problem can be synced now', async () => {
    const panel = await showPanel({ ...shared, syncStatus: 'needsAttention' });
    await click('button', /Sync now/);
    expect(panel.written()).toEqual({ requestedAction: choices.requestedAction.syncNow });
  });

  test('a state that this version does not know is shown by its label', async () => {
    await showPanel({ ...shared, syncStatus: 77 });
    expect(the('heading', /^Another option$/)).toBeTruthy();
  });
});

describe('who may not', () => {
  test('an inactive record shows its values and lets nothing be changed', async () => {
    await showPanel({ ...shared, microsoftTeam: 'Ada Lovelace' }, { context: { disabled: true } });
    expect(shown()).toMatch(/read-only for you/);
    expect(shown().split('\n')).toContain('Ada Lovelace');
    expect(isOff('switch', /sync column/)).toBe(true);
    expect(isOff('button', /Sync now/)).toBe(true);
  });

  test('a masked column is said to be masked, and never shown as empty or off', async () => {
    await showPanel(
      { ...shared, microsoftStatus: 'accepted', microsoftNotes: 'secret' },
      {
        security: {
          sync: { readable: false },
          helpRequired: { readable: false },
          microsoftNotes: { readable: false },
          referralIdentifier: { readable: false },
        },
      },
    );
    expect(all('switch', /sync column/)).toEqual([]);
    expect(all('combobox')).toEqual([]);
    expect(shown().match(/don[’']t have permission to see/g)).toHaveLength(4);
    expect(document.body.textContent).not.toContain('secret');
  });

  test('a column that may be seen and not written is shown as it is', async () => {
    await showPanel({ sync: true }, { security: { sync: { editable: false } } });
    expect(isOn(/sync column/)).toBe(true);
    expect(isOff('switch', /sync column/)).toBe(true);
  });

  test('offline nothing is read or asked for, and the panel says why', async () => {
    const panel = await showPanel({ ...shared, syncStatus: 'needsAttention' }, { context: { offline: true } });
    expect(panel.reads).toEqual([]);
    expect(shown()).toMatch(/You are offline/);
    expect(isOff('button', /Sync now/)).toBe(true);
  });

  test('a form that binds only the switch still shows a usable panel', async () => {
    const optional = Object.keys(inputs({})).filter((name) => name !== 'sync');
    const panel = await showPanel({}, { absent: optional });
    expect(the('heading', /^Not shared$/)).toBeTruthy();
    expect(all('combobox')).toEqual([]);
    await click('switch', /sync column/);
    expect(panel.written()).toEqual({ sync: true });
  });
});

describe('as a control', () => {
  test('draws nothing anew when nothing changed', async () => {
    const { control } = await showPanel(shared);
    const context = (values: Values) => contextOf({ parameters: inputs(values) });
    const first = control.updateView(context(shared));
    expect(control.updateView(context(shared))).toBe(first);
    expect(control.updateView(context({ ...shared, sync: false }))).not.toBe(first);
  });

  test('gives out each change once, so that it does not undo what a script sets later', async () => {
    const { control } = await showPanel({});
    await click('switch', /sync column/);
    expect(control.getOutputs?.()).toEqual({});
  });

  test('two panels on one page have no id in common', async () => {
    await showPanel(shared);
    await showPanel(invited);
    const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('taking it off the form twice does no harm', async () => {
    const { control, destroy } = await showPanel(shared);
    destroy();
    expect(() => control.destroy()).not.toThrow();
  });

  test.each([1036, 1053, 1028])('in language %i no text is left in English or as a key', async (languageId) => {
    const read = (language: number) =>
      JSON.parse(readFileSync(join(__dirname, '..', 'strings', `${language}.json`), 'utf8')) as Record<string, string>;
    const english = read(1033);
    for (const values of [
      {},
      { sync: true },
      shared,
      invited,
      { ...shared, syncStatus: 'closed', referralStatus: 'closed' },
    ] as Values[]) {
      const { destroy } = await showPanel(values, { context: { languageId } });
      const shown = document.body.textContent ?? '';
      expect(shown).not.toMatch(/\b(state|next|explain|frozen|part|hold|check)_/);
      for (const [key, text] of Object.entries(english)) {
        if (text.length > 12 && text !== read(languageId)[key]) expect(shown).not.toContain(text);
      }
      destroy();
    }
  });
});
