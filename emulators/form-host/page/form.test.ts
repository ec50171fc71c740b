/** @jest-environment jsdom */
import { save, SaveRefused } from './form-save';
import { Attribute } from './attribute';
import { recordId, scene, type Scene } from './test-session';
import { wordsIn } from './words';
import { formContextOf, handlerRunner } from './xrm-form';

type Facade = Record<string, (...given: unknown[]) => never>;
interface FormContext {
  getAttribute(name: string): Facade;
  getControl(name: string): Facade;
  data: {
    entity: Facade;
    save(): Promise<void>;
    refresh(save: boolean): Promise<void>;
    addOnLoad(run: () => void): void;
    getIsDirty(): boolean;
  };
  ui: Facade & { tabs: { get(name: string): Facade & { sections: { get(name: string): Facade } } } };
}

const words = wordsIn(1033) as (key: string, params?: Record<string, string>) => string;

async function open(id: string | null = recordId, changes = {}): Promise<Scene & { form: FormContext }> {
  const made = scene(id, changes);
  await made.session.load();
  const form = formContextOf(made.session, {
    words,
    refresh: () => made.session.read('form').then(() => undefined),
    close: () => undefined,
  }) as unknown as FormContext;
  made.session.runHandlers = handlerRunner(form, (source) =>
    source instanceof Attribute ? form.getAttribute(source.info.name) : form.data.entity,
  );
  return { ...made, form };
}

describe('a record goes from new over dirty to saved and closed', () => {
  test('a new record has no id, is of form type create, and gets its id by the first save', async () => {
    const { session, form, calls } = await open(null);
    expect([session.phase, form.data.entity['getId']?.(), form.ui['getFormType']?.()]).toEqual(['create', '', 1]);
    session.edit('name', 'Made here');
    await save(session, 1, words);
    expect([session.phase, session.dirty, form.data.entity['getId']?.(), form.ui['getFormType']?.()]).toEqual([
      'update',
      false,
      `{${recordId.toUpperCase()}}`,
      2,
    ]);
    expect(calls.find((call) => call.method === 'POST')?.body).toMatchObject({ name: 'Made here' });
  });

  test('only what changed is written, in the shape that the Web API takes', async () => {
    const { session, calls } = await open();
    session.edit('due', new Date(2027, 2, 31));
    session.edit('customer', [{ id: '{99999999-2222-4333-8444-555555555555}', name: 'Acme', entityType: 'account' }]);
    await save(session, 1, words);
    expect(calls.find((call) => call.method === 'PATCH')).toEqual({
      method: 'PATCH',
      path: `deals(${recordId})`,
      body: { due: '2027-03-31', 'customer_account@odata.bind': '/accounts(99999999-2222-4333-8444-555555555555)' },
    });
  });

  test('clearing a lookup writes null to its navigation property', async () => {
    const { session, calls } = await open(recordId, {
      _customer_value: '99999999-2222-4333-8444-555555555555',
      '_customer_value@Microsoft.Dynamics.CRM.lookuplogicalname': 'contact',
    });
    session.edit('customer', null);
    await save(session, 1, words);
    expect(calls.find((call) => call.method === 'PATCH')?.body).toEqual({ customer_account: null });
  });

  test('typing the old value back makes the form clean again', async () => {
    const { session } = await open();
    session.edit('name', 'Other');
    expect(session.dirty).toBe(true);
    session.edit('name', 'Deal');
    expect(session.dirty).toBe(false);
  });

  test('a won record is inactive: nothing can be edited', async () => {
    const { session, form } = await open(recordId, { statecode: 1 });
    expect([session.phase, form.ui['getFormType']?.(), form.getControl('name')['getDisabled']?.()]).toEqual([
      'inactive',
      4,
      true,
    ]);
  });
});

describe('a save can be refused', () => {
  test('an empty required field is named and nothing is sent', async () => {
    const { session, calls } = await open();
    session.edit('name', null);
    await expect(save(session, 1, words)).rejects.toThrow(SaveRefused);
    expect([...session.control('name').notices.values()].map((each) => each.text)).toEqual([
      'NAME: Required fields must be filled in.',
    ]);
    expect(calls.filter((call) => call.method !== 'GET')).toEqual([]);
  });

  test('a script prevents it, at once or after asking the service', async () => {
    const { session, calls } = await open();
    session.edit('note', 'x');
    session.onSave.push(async (context) => {
      await Promise.resolve();
      (context as { getEventArgs(): { preventDefault(): void } }).getEventArgs().preventDefault();
    });
    await expect(save(session, 1, words)).rejects.toThrow('prevented');
    expect([session.dirty, session.saving, calls.some((call) => call.method === 'PATCH')]).toEqual([
      true,
      false,
      false,
    ]);
  });

  test('a handler that fails stops the save only when it asked for that', async () => {
    const { session } = await open();
    session.edit('note', 'x');
    session.onSave.push(() => Promise.reject(new Error('offline')));
    await save(session, 1, words);
    expect(session.dirty).toBe(false);
    session.edit('note', 'y');
    session.onSave.push(
      (context) =>
        void (context as { getEventArgs(): { preventDefaultOnError(): void } }).getEventArgs().preventDefaultOnError(),
    );
    session.onSave.push(() => Promise.reject(new Error('offline')));
    await expect(save(session, 1, words)).rejects.toThrow('prevented');
  });

  test('an error that a script put on a control stops it', async () => {
    const { session, form } = await open();
    session.edit('note', 'x');
    form.getControl('note')['setNotification']?.('Not this', 'n1');
    await expect(save(session, 1, words)).rejects.toThrow(SaveRefused);
    form.getControl('note')['clearNotification']?.('n1');
    await save(session, 1, words);
    expect(session.dirty).toBe(false);
  });

  test('what the service refuses keeps the edit and is told to PostSave', async () => {
    const { session, refuse } = await open();
    const told: unknown[] = [];
    session.onPostSave.push((context) => {
      const args = (
        context as { getEventArgs(): { getIsSaveSuccess(): boolean; getSaveErrorInfo(): { message: string } } }
      ).getEventArgs();
      told.push([args.getIsSaveSuccess(), args.getSaveErrorInfo().message]);
    });
    session.edit('note', 'x');
    refuse(412, '0x80060882', 'Somebody was faster');
    await expect(save(session, 1, words)).rejects.toMatchObject({
      errorCode: 0x80060882,
      message: 'Somebody was faster',
    });
    expect([session.valueOf('note'), session.dirty, session.saving, told]).toEqual([
      'x',
      true,
      false,
      [[false, 'Somebody was faster']],
    ]);
  });

  test('a second save while the first is under way is refused', async () => {
    const { session } = await open();
    session.edit('note', 'x');
    const first = save(session, 1, words);
    await Promise.resolve();
    session.saving = true;
    await expect(save(session, 1, words)).rejects.toThrow('under way');
    await first;
  });
});

describe('scripts see the form as the platform shows it', () => {
  test("a person's edit fires OnChange, a script's setValue does not", async () => {
    const { session, form } = await open();
    const seen: unknown[] = [];
    const listen = (context: { getEventSource(): Facade }): number =>
      seen.push(context.getEventSource()['getName']?.());
    form.getAttribute('note')['addOnChange']?.(listen);
    form.getAttribute('note')['setValue']?.('by script');
    expect(seen).toEqual([]);
    session.edit('note', 'by hand');
    expect(seen).toEqual(['note']);
    form.getAttribute('note')['fireOnChange']?.();
    expect(seen).toEqual(['note', 'note']);
  });

  test('values come in the kinds that Xrm knows', async () => {
    const { form } = await open(recordId, { kind: 2, shared: true, count: 3, seen: '2026-05-01T08:00:00Z' });
    const value = (name: string): unknown => form.getAttribute(name)['getValue']?.();
    expect([value('kind'), value('shared'), value('amount'), value('due'), value('seen')]).toEqual([
      2,
      true,
      10.5,
      new Date(2026, 4, 1),
      new Date('2026-05-01T08:00:00Z'),
    ]);
    expect([form.getAttribute('kind')['getText']?.(), form.getAttribute('kind')['getAttributeType']?.()]).toEqual([
      'Two',
      'optionset',
    ]);
  });

  test('a value of the wrong kind, or an option that does not exist, is an error in the script', async () => {
    const { form } = await open();
    expect(() => form.getAttribute('kind')['setValue']?.('2')).toThrow('setValue of a string');
    expect(() => form.getAttribute('kind')['setValue']?.(7)).toThrow('no option 7');
    expect(() => form.getAttribute('due')['setValue']?.('2026-01-01')).toThrow('DateTime');
  });

  test('a column twice on the form has two controls, and focus opens the tab', async () => {
    const { session, form } = await open();
    expect(form.getControl('name1')['getName']?.()).toBe('name1');
    form.getControl('name1')['setFocus']?.();
    expect(session.tab).toBe('second');
    form.ui.tabs.get('first')['setFocus']?.();
    expect(session.tab).toBe('first');
  });

  test('a control knows its section and its tab', async () => {
    const { session, form } = await open();
    const section = form.getControl('due')['getParent']?.() as unknown as Facade;
    const tab = section['getParent']?.() as unknown as Facade;
    expect([section['getName']?.(), tab['getName']?.(), tab['getDisplayState']?.()]).toEqual([
      'low',
      'second',
      'collapsed',
    ]);
    tab['setDisplayState']?.('expanded');
    expect(session.tab).toBe('second');
  });

  test('a hidden required field does not stop the save', async () => {
    const { session, form } = await open();
    form.getAttribute('note')['setRequiredLevel']?.('required');
    form.getControl('note')['setVisible']?.(false);
    await save(session, 1, words);
    form.getControl('note')['setVisible']?.(true);
    await expect(save(session, 1, words)).rejects.toThrow(SaveRefused);
    form.ui.tabs.get('first').sections.get('top')['setVisible']?.(false);
    await save(session, 1, words);
  });

  test('what a column is told never to submit is not sent', async () => {
    const { session, form, calls } = await open();
    form.getAttribute('note')['setSubmitMode']?.('never');
    session.edit('note', 'secret');
    session.edit('name', 'New name');
    await save(session, 1, words);
    expect(calls.find((call) => call.method === 'PATCH')?.body).toEqual({ name: 'New name' });
  });

  test('an unknown column and an unknown control are null, as scripts test for', async () => {
    const { form } = await open();
    expect([form.getAttribute('nothing'), form.getControl('nothing')]).toEqual([null, null]);
  });

  test.each(['getProcess', 'process2', 'navigation'])('ui.%s is not modelled and says so', async (member) => {
    const { form } = await open();
    expect(() => (form.ui as unknown as Record<string, unknown>)[member]).toThrow(`formContext.ui.${member}`);
  });
});
