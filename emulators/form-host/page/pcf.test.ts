/** @jest-environment jsdom */
import { readFileSync } from 'node:fs';
import {
  createSourceFile,
  forEachChild,
  isInterfaceDeclaration,
  isModuleDeclaration,
  ScriptTarget,
  type Node,
} from 'typescript';
import type { ControlModel, CustomControlBinding } from '../model';
import { contextOf } from './pcf-context';
import { DataSetSource } from './pcf-dataset';
import { complaints, PcfInstance } from './pcf-instance';
import { textsOf, type ControlInstance } from './pcf-loader';
import { parametersOf } from './pcf-parameters';
import { Shell } from './shell';
import { NotModelled } from './strict';
import { recordId, scene, type Scene } from './test-session';

const property = (
  name: string,
  type: string,
  usage: 'bound' | 'input' | 'output' = 'bound',
): ControlModel['properties'][number] => ({ name, type, usage, required: false });
const model: ControlModel = {
  name: 'abc_Abc.Echo',
  registered: 'Abc.Echo',
  virtual: false,
  properties: [
    property('text', 'SingleLine.Text'),
    property('on', 'TwoOptions'),
    property('kind', 'OptionSet'),
    property('due', 'DateAndTime.DateOnly'),
    property('who', 'Lookup.Simple'),
    property('id', 'SingleLine.Text', 'input'),
    property('limit', 'Whole.None', 'input'),
    property('gone', 'Multiple'),
  ],
  dataSets: [],
  events: ['onEcho'],
  code: 'bundle.js',
  styles: [],
  strings: [],
};
const column = (value: string): { value: string; constant: boolean } => ({ value, constant: false });
const binding: CustomControlBinding = {
  name: model.name,
  dataSets: {},
  properties: {
    text: column('name'),
    on: column('shared'),
    kind: column('kind'),
    due: column('due'),
    who: column('customer'),
    id: column('dealid'),
    limit: { value: '7', constant: true },
  },
};

async function opened(id: string | null = recordId, changes = {}): Promise<Scene> {
  const made = scene(id, changes);
  await made.session.load();
  return made;
}

function context(made: Scene): Record<string, object> {
  const { session, switches } = made;
  const nothing = (): void => undefined;
  return contextOf({
    model,
    session,
    switches,
    shell: new Shell(),
    texts: new Map(),
    design: {},
    width: -1,
    disabled: false,
    visible: true,
    label: '',
    updated: [],
    parameters: parametersOf(model, { session, binding, switches }),
    onRender: nothing,
    onTrackResize: nothing,
    onState: nothing,
    onEvent: nothing,
  }) as Record<string, object>;
}

/** Members of the interfaces in the official types, by qualified name. */
function officialMembers(): Map<string, { name: string; optional: boolean }[]> {
  const path = require.resolve('@types/powerapps-component-framework/componentframework.d.ts');
  const found = new Map<string, { name: string; optional: boolean }[]>();
  const visit = (node: Node, prefix: string): void => {
    if (isModuleDeclaration(node)) forEachChild(node, (child) => visit(child, `${prefix}${node.name.getText()}.`));
    else if (isInterfaceDeclaration(node)) {
      const members = node.members.flatMap((each) =>
        each.name ? [{ name: each.name.getText(), optional: each.questionToken !== undefined }] : [],
      );
      found.set(`${prefix}${node.name.text}`.replace(/^ComponentFramework\./, ''), [
        ...(found.get(node.name.text) ?? []),
        ...members,
      ]);
    } else forEachChild(node, (child) => visit(child, prefix));
  };
  visit(createSourceFile('types.d.ts', readFileSync(path, 'utf8'), ScriptTarget.Latest, true), '');
  return found;
}

describe('the context is the one of the official types', () => {
  const official = officialMembers();

  test.each([
    ['Context', []],
    ['Client', ['client']],
    ['Device', ['device']],
    ['Factory', ['factory']],
    ['Formatting', ['formatting']],
    ['Mode', ['mode']],
    ['Navigation', ['navigation']],
    ['Resources', ['resources']],
    ['UserSettings', ['userSettings']],
    ['UserSettingApi.DateFormattingInfo', ['userSettings', 'dateFormattingInfo']],
    ['UserSettingApi.NumberFormattingInfo', ['userSettings', 'numberFormattingInfo']],
    ['Utility', ['utils']],
    ['WebApi', ['webAPI']],
    ['Copilot', ['copilot']],
  ] as const)(
    '%s: each member is there or says by name that it is not modelled, and none is invented',
    async (name, path) => {
      const object = path.reduce<Record<string, unknown>>(
        (at, key) => at[key] as Record<string, unknown>,
        context(await opened()),
      );
      const members = official.get(name) ?? [];
      expect(members.length).toBeGreaterThan(0);
      for (const member of members) {
        if (member.name in object || member.optional) continue;
        expect(() => object[member.name]).toThrow(NotModelled);
      }
      expect(Object.keys(object).filter((key) => !members.some((member) => member.name === key))).toEqual([]);
    },
  );

  test('undocumented members that controls in the wild lean on throw', async () => {
    const made = context(await opened());
    for (const member of ['page', 'accessibility', 'orgSettings'])
      expect(() => made[member]).toThrow(`context.${member}`);
    expect(() => (made['mode'] as Record<string, unknown>)['contextInfo']).toThrow('mode.contextInfo');
    expect(() => (made['webAPI'] as Record<string, unknown>)['execute']).toThrow('webAPI.execute');
  });

  test('a data set has the members of the types', async () => {
    const { session } = await opened();
    const view = {
      id: 'v',
      table: 'deal',
      label: {},
      isDefault: true,
      queryType: 0,
      columns: [{ name: 'name', width: 100 }],
      fetchXml: '<fetch><entity name="deal"><attribute name="name"/></entity></fetch>',
    };
    const source = new DataSetSource({
      session,
      view,
      binding: { viewId: 'v', table: 'deal', relationship: 'r', columns: {} },
      caller: 'c',
      openForm: () => undefined,
      now: () => new Date(),
      changed: () => undefined,
    });
    const facade = source.facade() as Record<string, Record<string, unknown>>;
    for (const [name, object] of [
      ['PropertyTypes.DataSet', facade],
      ['PropertyHelper.DataSetApi.Paging', facade['paging'] ?? {}],
    ] as const) {
      const members = official.get(name) ?? [];
      expect(members.map((each) => each.name).filter((each) => !(each in object))).toEqual([]);
    }
  });
});

describe('parameters are what the form holds', () => {
  test('raw values in the kinds of the types', async () => {
    const made = await opened(recordId, { shared: null, kind: 2 });
    const raw = (name: string): unknown =>
      parametersOf(model, { session: made.session, binding, switches: made.switches })[name]?.raw;
    expect([raw('text'), raw('on'), raw('kind'), raw('due'), raw('who'), raw('id'), raw('limit'), raw('gone')]).toEqual(
      ['Deal', false, 2, new Date(2026, 4, 1), [], recordId, 7, null],
    );
  });

  test('the record id is empty before the first save', async () => {
    const { session, switches } = await opened(null);
    expect(parametersOf(model, { session, binding, switches })['id']?.raw).toBeNull();
  });

  test('choices come with their options in the order of the column, yes/no with No first', async () => {
    const { session, switches } = await opened();
    const { kind, on } = parametersOf(model, { session, binding, switches }) as Record<
      string,
      { attributes: { Options: { Label: string }[] } }
    >;
    expect([
      kind?.attributes.Options.map((each) => each.Label),
      on?.attributes.Options.map((each) => each.Label),
    ]).toEqual([
      ['One', 'Two'],
      ['No', 'Yes'],
    ]);
  });

  test('a masked column shows no value, a locked one cannot be edited', async () => {
    const { session, switches } = await opened();
    switches.masked = 'name';
    switches.readonly = 'kind';
    const { text, kind } = parametersOf(model, { session, binding, switches });
    expect([text?.raw, text?.formatted, text?.security]).toEqual([
      null,
      '',
      { editable: false, readable: false, secured: true },
    ]);
    expect(kind?.security).toEqual({ editable: false, readable: true, secured: true });
  });
});

describe('a control lives on the form', () => {
  class Echo implements ControlInstance {
    static last: Echo;
    readonly updates: string[][] = [];
    next: Record<string, unknown> = {};
    notify: () => void = () => undefined;
    destroyed = 0;
    context:
      | {
          parameters: Record<string, { raw: unknown }>;
          updatedProperties: string[];
          events: Record<string, (payload: unknown) => void>;
          factory: { requestRender(): void };
        }
      | undefined;
    init(_context: unknown, notify?: () => void): void {
      Echo.last = this;
      this.notify = notify ?? this.notify;
    }
    updateView(context: unknown): null {
      this.context = context as NonNullable<Echo['context']>;
      this.updates.push(this.context.updatedProperties);
      return null;
    }
    getOutputs(): Record<string, unknown> {
      return this.next;
    }
    destroy(): void {
      this.destroyed += 1;
    }
  }
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
  };
  const errors: unknown[] = [];
  async function mounted(disabled = false): Promise<Scene & { instance: PcfInstance; echo: Echo }> {
    const made = await opened();
    const instance = new PcfInstance({
      loaded: { model, construct: Echo, texts: new Map() },
      binding,
      session: made.session,
      shell: new Shell(),
      switches: made.switches,
      container: document.createElement('div'),
      name: 'name',
      design: () => ({ isDarkTheme: false }),
      mode: () => ({ disabled, visible: true, label: 'Name' }),
      onError: (error) => void errors.push(error),
      viewOf: () => {
        throw new Error('no view');
      },
    });
    made.session.subscribe(() => instance.refresh());
    await settle();
    return { ...made, instance, echo: Echo.last };
  }

  test('a change of a bound column by a script draws it again, a change elsewhere does not', async () => {
    const { session, echo } = await mounted();
    session.attributes.get('name')?.set('By script');
    session.changed();
    await settle();
    expect([echo.updates, echo.context?.parameters['text']?.raw]).toEqual([[[], ['text']], 'By script']);
    session.edit('note', 'not bound');
    await settle();
    expect(echo.updates).toHaveLength(2);
  });

  test('what it puts out becomes an edit; what it leaves out stays', async () => {
    const { session, echo } = await mounted();
    echo.next = { text: 'Typed', kind: undefined, due: null };
    echo.notify();
    await settle();
    expect([session.valueOf('name'), session.valueOf('kind'), session.valueOf('due'), session.dirty]).toEqual([
      'Typed',
      null,
      null,
      true,
    ]);
  });

  test('writing while disabled is held against it', async () => {
    const { echo } = await mounted(true);
    echo.next = { text: 'Typed anyway' };
    echo.notify();
    await settle();
    expect(complaints.at(-1)).toBe('abc_Abc.Echo wrote text while disabled');
  });

  test('an output that its manifest does not have is an error', async () => {
    const { echo } = await mounted();
    echo.next = { other: 1 };
    echo.notify();
    await settle();
    expect(String(errors.at(-1))).toContain('other');
  });

  test('its events reach the handlers of its control, with what they carry', async () => {
    const { session, echo } = await mounted();
    const heard: unknown[] = [];
    session.control('name').events.set('onEcho', [(payload) => heard.push(payload)]);
    echo.context?.events['onEcho']?.({ field: 'kind' });
    expect(heard).toEqual([{ field: 'kind' }]);
    expect(() => echo.context?.events['onOther']).toThrow('onOther');
  });

  test('it draws again when it asks, and not after it was destroyed', async () => {
    const { instance, echo } = await mounted();
    echo.context?.factory.requestRender();
    await settle();
    expect(echo.updates).toHaveLength(2);
    instance.destroy();
    instance.destroy();
    echo.context?.factory.requestRender();
    await settle();
    expect([echo.updates.length, echo.destroyed]).toEqual([2, 1]);
  });
});

test('texts of a resx are read with entities and line ends', () => {
  expect(
    textsOf(
      '<root><data name="a"><value>L&apos;été &amp; l\'hiver</value></data><data name="b"><value></value></data></root>',
    ),
  ).toEqual(
    new Map([
      ['a', "L'été & l'hiver"],
      ['b', ''],
    ]),
  );
});
