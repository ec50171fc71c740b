import { column, environmentOf, settingsWith } from './fixture';
import { readYesNo } from './settings';

describe('settings', () => {
  it('have the documented defaults when nothing is set', () => {
    expect(settingsWith()).toMatchObject({
      displayCheckMark: true,
      coSellOnly: true,
      paused: false,
      defaultOwner: '',
      inboundScope: 'all',
      logRetentionDays: 180,
      closedStage: '',
      valueColumn: 'estimatedvalue',
      currencyColumn: 'transactioncurrencyid',
      countryColumn: 'address1_country',
      findings: [],
    });
  });

  it.each([
    ['Yes', true],
    ['no', false],
    ['TRUE', true],
    ['False', false],
    [' 1 ', true],
    ['0', false],
    ['maybe', null],
    ['', null],
  ])('%p as yes or no is %p', (text, value) => {
    expect(readYesNo(text)).toBe(value);
  });

  it('name the variable of a wrong type and keep the last good value', () => {
    const last = settingsWith({ displaycheckmark: 'no', logretentiondays: '30' });
    const now = settingsWith(
      { displaycheckmark: 'perhaps', logretentiondays: 'a month', inboundscope: 'everything', closedstage: 'Won' },
      environmentOf(),
      last,
    );
    expect(now).toMatchObject({ displayCheckMark: false, logRetentionDays: 30, inboundScope: 'all', closedStage: '' });
    expect(now.findings.map(({ code, params }) => [code, params?.['variable'], params?.['value']])).toEqual(
      expect.arrayContaining([
        ['settingWrongType', 'cosell_displaycheckmark', 'perhaps'],
        ['settingWrongType', 'cosell_logretentiondays', 'a month'],
        ['settingWrongType', 'cosell_inboundscope', 'everything'],
        ['settingWrongType', 'cosell_closedstage', 'Won'],
      ]),
    );
    expect(now.findings).toHaveLength(4);
  });

  it.each([['Est. revenue'], ['geschätzter umsatz']])(
    'tell that %s is a label, and the name that was meant',
    (label) => {
      const settings = settingsWith({ dealvaluefield: label });
      expect(settings.valueColumn).toBe('estimatedvalue');
      expect(settings.findings).toEqual([
        {
          code: 'settingIsLabel',
          params: { variable: 'cosell_dealvaluefield', value: label, suggestion: 'estimatedvalue' },
        },
      ]);
    },
  );

  it('tell a name in capitals, a column that is not there and one of the wrong type apart', () => {
    const findings = (value: string): unknown => settingsWith({ dealvaluefield: value }).findings[0];
    expect(findings('EstimatedValue')).toMatchObject({
      code: 'settingIsLabel',
      params: { suggestion: 'estimatedvalue' },
    });
    expect(findings('nothing')).toMatchObject({ code: 'settingUnknownColumn' });
    expect(findings('name')).toMatchObject({ code: 'settingWrongType', params: { variable: 'cosell_dealvaluefield' } });
  });

  it('let no default stand in for a money column that nobody knows, nor for a scope, right after a start', () => {
    const first = settingsWith({ dealvaluefield: 'new_acvv', dealvaluecurrencyfield: 'name_', inboundscope: 'linke' });
    expect(first).toMatchObject({ valueColumn: '', currencyColumn: '', inboundScope: 'linked' });
    const last = settingsWith({ inboundscope: 'all' });
    expect(settingsWith({ dealvaluefield: 'new_acvv', inboundscope: 'linke' }, environmentOf(), last)).toMatchObject({
      valueColumn: 'estimatedvalue',
      inboundScope: 'all',
    });
  });

  it('take another money column, and a text column with the currency code', () => {
    const environment = environmentOf({
      opportunity: [column('new_acv', 'Money'), column('new_currency', 'String', { maxLength: 3 })],
    });
    expect(
      settingsWith({ dealvaluefield: 'new_acv', dealvaluecurrencyfield: 'new_currency' }, environment),
    ).toMatchObject({ valueColumn: 'new_acv', currencyColumn: 'new_currency', currencyIsLookup: false, findings: [] });
  });

  it.each(['linked', 'ALL', 'location:1,2', 'campaign: a , b'])('take the inbound scope %s', (scope) => {
    expect(settingsWith({ inboundscope: scope }).findings).toEqual([]);
  });

  it('keep the last good stage and mapping, and say what is wrong with the new ones', () => {
    const last = settingsWith({ onholdstagename: 'En attente' });
    const now = settingsWith(
      { onholdstagename: 'Parked', mapping: '{"fields":{"dealNotes":{"opportunity":"no_such"}}}' },
      environmentOf(),
      last,
    );
    expect(now.stages.hold).toBe(2);
    expect(now.mapping.columns.opportunity).toEqual(last.mapping.columns.opportunity);
    expect(now.findings.map(({ code }) => code)).toEqual(['settingUnknownStage', 'settingMappingInvalid']);
  });

  it('stop at the first start with a mapping that cannot work', () => {
    expect(() => settingsWith({ mapping: '{"fields":{"dealNotes":{"opportunity":"no_such"}}}' })).toThrow(
      /MAPPING_INVALID.*dealNotes.*no_such/,
    );
  });
});
