import { zipSync, strToU8 } from 'fflate';
import { assemble } from './assemble';
import { controlOf } from './control-model';
import { hostSolution } from './test-solution';

const { model, files } = assemble(hostSolution());
const opportunity = model.forms.find((form) => form.table === 'opportunity');

describe('what the page shows comes out of the packed zip', () => {
  test('a tab of the solution stands behind the tabs of the platform, in both its languages', () => {
    expect(opportunity?.tabs.map((tab) => tab.label['1036'])).toEqual(['Résumé', 'Supplément']);
    expect(opportunity?.tabs[1]?.columns[0]?.sections[0]).toMatchObject({
      columns: 2,
      label: { '1033': 'Extra section' },
    });
  });

  test('a code component is bound as the web client has it, constants apart from columns', () => {
    const cell = opportunity?.tabs[1]?.columns[0]?.sections[0]?.rows[0]?.[0];
    expect(cell?.control?.custom).toEqual({
      name: 'abc_Abc.Echo',
      dataSets: {},
      properties: {
        text: { value: 'abc_reference', constant: false },
        recordId: { value: 'opportunityid', constant: false },
        limit: { value: '7', constant: true },
      },
    });
    expect(cell).toMatchObject({ showLabel: false, colSpan: 2 });
  });

  test('handlers and libraries of the form are known', () => {
    expect(opportunity?.libraries).toEqual(['abc_/form.js']);
    expect(
      opportunity?.handlers.map(({ event, functionName, passContext }) => [event, functionName, passContext]),
    ).toEqual([
      ['onload', 'Abc.onLoad', true],
      ['onsave', 'Abc.onSave', true],
    ]);
  });

  test('commands carry their texts, rules and parameters', () => {
    expect(model.buttons['opportunity']).toEqual([
      {
        id: 'abc.stamp',
        place: 'form',
        sequence: 20,
        label: { '1033': 'Stamp', '1036': 'Tamponner' },
        description: {},
        actions: [
          {
            library: 'abc_/form.js',
            functionName: 'Abc.stamp',
            parameters: [
              { kind: 'CrmParameter', value: 'PrimaryControl' },
              { kind: 'StringParameter', value: 'stamped' },
            ],
          },
        ],
        rules: [{ kind: 'FormStateRule', attributes: { State: 'Existing' }, parameters: [], groups: [] }],
      },
    ]);
  });

  test('a view of the solution is offered with its columns and its query', () => {
    const view = model.views.find((each) => each.id === 'bbbbbbbb-0000-4000-8000-000000000001');
    expect(view).toMatchObject({
      table: 'opportunity',
      columns: [
        { name: 'name', width: 300 },
        { name: 'abc_reference', width: 120 },
      ],
    });
    expect(view?.fetchXml).toContain('not-null');
  });

  test('columns and choices have the texts of the solution', () => {
    expect(model.tables['abc_link']?.columns['abc_state']?.options?.map((each) => each.label['1033'])).toEqual([
      'Red',
      'Blue',
    ]);
    expect(model.tables['opportunity']?.columns['abc_reference']?.label).toEqual({ '1033': 'abc_reference' });
    expect(model.tables['opportunity']?.columns['name']?.label['1028']).toBe('主題');
  });

  test('the manifest says what the control wants, and its files can be fetched', () => {
    expect(model.controls['abc_Abc.Echo']).toMatchObject({
      registered: 'Abc.Echo',
      virtual: true,
      events: ['onEcho'],
      code: 'bundle.js',
    });
    expect([...files.keys()]).toEqual(
      expect.arrayContaining(['controls/abc_Abc.Echo/bundle.js', 'WebResources/abc_/form.js']),
    );
  });
});

describe('what the host cannot show right is refused by name', () => {
  const manifest = (inner: string): string =>
    `<manifest><control namespace="A" constructor="B" control-type="virtual">${inner}</control></manifest>`;
  test.each([
    ['a file that is no zip', () => assemble(strToU8('hello')), 'not a zip'],
    ['a zip without customizations', () => assemble(zipSync({ 'a.txt': strToU8('a') })), 'customizations.xml'],
    ['broken XML', () => assemble(hostSolution((xml) => xml.replace('</Entities>', ''))), 'not valid XML'],
    [
      'a command that is not defined',
      () =>
        assemble(
          hostSolution((xml) =>
            xml.replace('CommandDefinition Id="abc.stamp.Command"', 'CommandDefinition Id="abc.other"'),
          ),
        ),
      'no command abc.stamp.Command',
    ],
    [
      'a rule that is not defined',
      () =>
        assemble(
          hostSolution((xml) => xml.replace('<EnableRule Id="abc.saved"><Form', '<EnableRule Id="abc.other"><Form')),
        ),
      'no EnableRule abc.saved',
    ],
    [
      'a label that is not defined',
      () => assemble(hostSolution((xml) => xml.replace('LocLabel Id="abc.stamp.Label"', 'LocLabel Id="abc.other"'))),
      'no LocLabel abc.stamp.Label',
    ],
    [
      'a command elsewhere on the ribbon',
      () => assemble(hostSolution((xml) => xml.replace('Mscrm.Form.opportunity', 'Mscrm.BasicHomeTab.opportunity'))),
      'Mscrm.BasicHomeTab',
    ],
    [
      'a ribbon element it does not know',
      () => assemble(hostSolution((xml) => xml.replaceAll('<Button ', '<ToggleButton '))),
      'ToggleButton',
    ],
    [
      'a web resource without its file',
      () => assemble(hostSolution((xml) => xml.replace('/WebResources/abc_formjs', '/WebResources/gone'))),
      'no file WebResources/gone',
    ],
    [
      'a control with a library of its own',
      () => controlOf('x', manifest('<resources><code path="b.js"/><library name="l"/></resources>')),
      'resource library',
    ],
    ['a control without code', () => controlOf('x', manifest('<resources/>')), 'names no code'],
    [
      'a property of unknown use',
      () => controlOf('x', manifest('<property name="p" usage="magic"/><resources><code path="b.js"/></resources>')),
      'Usage magic',
    ],
  ])('%s', (_what, act, message) => {
    expect(act).toThrow(message);
  });
});
