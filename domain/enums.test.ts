import * as fc from 'fast-check';
import {
  asksForHelp,
  closeReasonFor,
  closeReasons,
  customerSizeFor,
  customerSizes,
  errorReasons,
  helpCodes,
  noHelpCode,
  partnerRoles,
  profileTypes,
  purchaseIntents,
  qualifications,
  readSalesStage,
  referralTypes,
  registrationStatuses,
  salesStages,
  solutionTypes,
  statuses,
  substatuses,
  targetTypes,
} from './enums';
import { helpValues } from './help';

/* One seed, so that a red run is red again. */
fc.configureGlobal({ seed: 20260601, numRuns: 300 });

describe('vocabularies', () => {
  test('the six kinds of help have the numbers of the bulk template', () => {
    expect(Object.fromEntries(helpCodes.map((code) => [code.csv, code.value]))).toEqual({
      1: 'WorkloadSpecificValueProposition',
      2: 'CustomerTechnicalArchitecture',
      3: 'ProofOfConceptOrDemo',
      4: 'QuotesOrLicensing',
      5: 'PostSalesCustomerSuccess',
      6: 'GeneralOrOther',
    });
    expect(helpCodes.map((code) => code.value)).toEqual(helpValues);
  });

  test('reasons are numbered without gaps: eight for lost, nine for error', () => {
    expect(closeReasons.map((reason) => reason.csv)).toEqual(['1', '2', '3', '4', '5', '6', '7', '8']);
    expect(errorReasons.map((reason) => reason.csv)).toEqual(['1', '2', '3', '4', '5', '6', '7', '8', '9']);
    expect(closeReasons[0]).toEqual({
      value: 'BudgetNotAdequate',
      csv: '1',
      labelKey: 'closeReason_BudgetNotAdequate',
      label: 'Project budget not adequate',
      text: 'Project budget not adequate',
    });
  });

  test('every label key and every value is used once', () => {
    const choices = [...helpCodes, ...closeReasons, ...errorReasons, ...purchaseIntents];
    const keys = [...choices, ...salesStages].map((entry) => entry.labelKey);
    expect(new Set(keys).size).toBe(keys.length);
    const lists = [
      statuses,
      substatuses,
      referralTypes,
      qualifications,
      targetTypes,
      solutionTypes,
      profileTypes,
      registrationStatuses,
      partnerRoles,
    ];
    for (const list of lists) expect(new Set(list).size).toBe(list.length);
  });

  test('no help, an empty code and "Unknown" do not ask Microsoft for help; a code of next year does', () => {
    for (const none of [null, undefined, '', '  ', noHelpCode]) expect(asksForHelp(none)).toBe(false);
    for (const { value } of helpCodes) expect(asksForHelp(value)).toBe(true);
    expect(asksForHelp('CodeOfNextYear')).toBe(true);
  });

  test("a listed close reason is found from Partner Center's text; other words are nobody's", () => {
    for (const reason of closeReasons) expect(closeReasonFor(` ${reason.text.toUpperCase()} `)).toBe(reason);
    expect(closeReasonFor('They bought a boat')).toBeNull();
  });
});

describe('customer size', () => {
  test.each([
    [1, '1to9employees'],
    [9, '1to9employees'],
    [9.5, '1to9employees'],
    [10, '10to50employees'],
    [50, '10to50employees'],
    [51, '51to250employees'],
    [250, '51to250employees'],
    [251, '251to1000employees'],
    [1000, '251to1000employees'],
    [1001, '1001to5000employees'],
    [5001, '5001to10000employees'],
    [10001, '10001to20000employees'],
    [20000, '10001to20000employees'],
    [20001, 'Morethan20000employees'],
    [Infinity, 'Morethan20000employees'],
  ])('%s employees are %s', (employees, size) => {
    expect(customerSizeFor(employees)).toBe(size);
    expect(customerSizes).toContain(size);
  });

  test('a number that says nothing gives no size', () => {
    for (const none of [0, -5, 0.5, NaN]) expect(customerSizeFor(none)).toBe('');
  });

  test('the service knows eleven sizes', () => {
    expect(new Set(customerSizes).size).toBe(11);
  });
});

describe('sales stage', () => {
  test.each([
    ['Qualify', '20'],
    ['Develop', '40'],
    ['propose', '60'],
    ['Close', '80'],
    ['Won', '100'],
    ['40', '40'],
    [' 40 ', '40'],
    [40, '40'],
    ['40.0', '40'],
    ['40 %', '40'],
    ['040', '40'],
    ['55', '55'],
    ['0', '0'],
  ])('%s is read as %s percent', (raw, percent) => {
    expect(readSalesStage(raw)).toBe(percent);
  });

  test.each([null, undefined, '', '   ', 'Engaged', '101', '-1', '40.5', NaN, '1e1', 2 ** 64])(
    '%s is no stage',
    (raw) => {
      expect(readSalesStage(raw)).toBeNull();
    },
  );

  test('what was read is read again as itself', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.integer({ min: -200, max: 200 })), (raw) => {
        const percent = readSalesStage(raw);
        expect(readSalesStage(percent)).toBe(percent);
      }),
    );
    for (const { percent } of salesStages) expect(readSalesStage(percent)).toBe(percent);
  });
});
