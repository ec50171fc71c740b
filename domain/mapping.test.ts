import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sameFieldValue } from './compare';
import { fieldMappingByName, fieldMappings, mappingFor, notMapped, shownColumns } from './mapping';

const by = (name: 'wins' | 'direction' | 'frozen' | 'owner', value: string): string[] =>
  fieldMappings.filter((row) => row[name] === value).map((row) => row.field);

describe('mapping', () => {
  test('has one row for each value of a deal, named like it', () => {
    const source = readFileSync(join(__dirname, 'deal.ts'), 'utf8').split('export interface DealValues {')[1] ?? '';
    const members = [...source.matchAll(/^ {2}(\w+)\?:/gm)].map(([, name]) => name ?? '');
    expect(members.length).toBeGreaterThan(15);
    expect(fieldMappings.map((row) => row.field).sort()).toEqual(members.sort());
    expect(mappingFor('closeDate')).toBe(fieldMappingByName.closeDate);
  });

  test('lets the CRM win every field, as Microsoft documents no other rule', () => {
    expect(by('wins', 'partnerCenter')).toEqual([]);
  });

  test('keeps eight fields the same in both directions', () => {
    expect(by('direction', 'both')).toEqual([
      'name',
      'dealValue',
      'closeDate',
      'dealNotes',
      'salesStage',
      'solutions',
      'team',
      'contacts',
    ]);
    expect(by('direction', 'toPartnerCenter')).toEqual([
      'statusReason',
      'crmId',
      'campaignId',
      'helpRequired',
      'visibility',
    ]);
    expect(by('direction', 'toCrm')).toEqual([]);
  });

  test('freezes what Partner Center freezes', () => {
    expect(by('frozen', 'oneWay')).toEqual(['helpRequired', 'visibility', 'notesToMicrosoft']);
    expect(by('frozen', 'afterShare')).toEqual(['contacts']);
    expect(by('frozen', 'afterInvite')).toEqual(['coSellType', 'partnerRole', 'solutionArea', 'solutionPlay']);
    expect(by('frozen', 'afterCreate')).toEqual(['consent', 'customer']);
  });

  test('calls a column ours exactly when its name carries our prefix', () => {
    for (const row of fieldMappings)
      expect([row.field, row.owner === 'cosell']).toEqual([row.field, row.crm.opportunity?.startsWith('cosell_')]);
    for (const row of shownColumns) expect(row.crm.opportunity).toBe(row.column);
    expect(shownColumns.filter((row) => row.crm.lead !== undefined).map((row) => row.column)).toEqual([
      'cosell_referralidentifier',
      'cosell_referrallink',
      'cosell_referralexpireson',
    ]);
    expect(shownColumns.filter((row) => row.record === 'microsoft').map((row) => row.label)).toEqual([
      'Microsoft Status',
      'Microsoft Team',
      'Microsoft Notes',
      'Microsoft Reason',
    ]);
  });

  test('accounts for every property that a referral has, and for each only once', () => {
    const properties =
      'id engagementId name organizationId organizationName lastModifiedVia lastRunId createdVia externalReferenceId ' +
      'createdDateTime updatedDateTime expirationDateTime acceptedDateTime closedDateTime status substatus statusReason ' +
      'type qualification referralSource callToAction direction eTag favorite campaignId salesStage quality isSpam mpnId ' +
      'referralProgram dealSensitivity tags registrationStatus registrations isAutoRegistrationEnabled exception target ' +
      'customerProfile consent details team inviteContext links trackingInfo';
    const mapped = [...fieldMappings, ...shownColumns].flatMap((row) => row.partnerCenter.split(' + '));
    const known = [...mapped, ...notMapped.map((row) => row.partnerCenter)].map((path) => path.split('.')[0]);
    for (const property of properties.split(' ')) expect(known).toContain(property);
    const left = notMapped.map((row) => row.partnerCenter);
    expect(new Set(left).size).toBe(left.length);
    expect(left.filter((path) => mapped.includes(path))).toEqual([]);
    for (const row of notMapped) expect(row.why).toMatch(/\.$/);
  });
});

describe('comparison of a field', () => {
  const person = { firstName: 'A', lastName: 'B', phone: '1', email: 'a@b.example' };
  const solution = { id: 'S', name: '', type: '', publisher: '', price: null, quantity: null };
  const address = { line1: '', line2: '', city: '', state: '', postalCode: '', country: 'SE' };
  const customer = { name: 'Fabrikam', address, size: null, duns: '' };

  test('follows the kind in its row', () => {
    expect(sameFieldValue('name', 'A &amp; B', 'A & B ')).toBe(true);
    expect(sameFieldValue('name', 'A', 'B')).toBe(false);
    expect(sameFieldValue('dealValue', { amount: '1.0', currency: 'EUR' }, { amount: '1', currency: 'EUR' })).toBe(
      true,
    );
    expect(sameFieldValue('closeDate', '2026-01-01', '2026-01-02')).toBe(false);
    expect(sameFieldValue('solutions', [solution], [{ ...solution, name: 'other' }])).toBe(true);
    expect(sameFieldValue('team', [person], [{ ...person, phone: '2' }])).toBe(false);
    expect(sameFieldValue('customer', customer, { ...customer, name: 'Contoso' })).toBe(false);
    expect(sameFieldValue('visibility', true, false)).toBe(false);
    expect(sameFieldValue('salesStage', '40', '40')).toBe(true);
  });

  test('takes absent, null and empty for the same, but not for a value', () => {
    expect(sameFieldValue('name', undefined, '')).toBe(true);
    expect(sameFieldValue('dealValue', undefined, null)).toBe(true);
    expect(sameFieldValue('closeDate', null, '')).toBe(true);
    expect(sameFieldValue('solutions', undefined, [])).toBe(true);
    expect(sameFieldValue('solutions', [], undefined)).toBe(true);
    expect(sameFieldValue('contacts', [], null)).toBe(true);
    expect(sameFieldValue('purchaseIntent', '', null)).toBe(true);
    expect(sameFieldValue('helpRequired', undefined, '')).toBe(true);
    expect(sameFieldValue('customer', undefined, null)).toBe(true);
    expect(sameFieldValue('customer', undefined, customer)).toBe(false);
    expect(sameFieldValue('contacts', undefined, [person])).toBe(false);
  });
});
