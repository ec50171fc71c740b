/**
 * formContext and executionContext over a form session: the members that our scripts and most form
 * scripts use. Anything else throws by name.
 *
 * Microsoft Learn: "Client API form context", "Execution context".
 */
import type { TabModel } from '../model';
import type { Handler } from './attribute';
import { placed, type Placed } from './form-layout';
import { save, type SaveMode } from './form-save';
import type { FormSession, NoticeLevel } from './form-session';
import { say } from './metadata';
import { NotModelled, strict } from './strict';
import { bracedId } from './values';
import { attributeFacade } from './xrm-attribute';
import { controlFacade } from './xrm-control';

export interface FormContextOptions {
  readonly words: (key: string, params?: Record<string, string>) => string;
  /** Reads the record again after asking nobody. */
  readonly refresh: () => Promise<void>;
  readonly close: () => void;
}

const modes: Readonly<Record<string, SaveMode>> = { saveandclose: 2, saveandnew: 59 };

export function formContextOf(session: FormSession, options: FormContextOptions): object {
  const attributes = new Map<string, object>();
  const controls = new Map<string, object>();
  const attribute = (name: string): object | null => {
    const found = session.attributes.get(name);
    if (!found) return null;
    if (!attributes.has(name)) attributes.set(name, attributeFacade(session, found, controlsOf));
    return attributes.get(name) ?? null;
  };
  const control = (name: string): object | null => {
    const found = placed(session.form).find((each) => each.name === name || each.cell.control?.id === name);
    if (!found) return null;
    if (!controls.has(found.name))
      controls.set(
        found.name,
        controlFacade(session, found, attribute, () => sectionOf(found)),
      );
    return controls.get(found.name) ?? null;
  };
  let tabs: readonly TabFacade[] = [];
  const sectionOf = (place: Placed): object | null =>
    tabs.find((each) => each.getName() === place.tab.name)?.sections.get(place.section.name) ?? null;
  const controlsOf = (column: string): object[] =>
    placed(session.form)
      .filter((each) => each.cell.control?.column === column)
      .flatMap((each) => control(each.name) ?? []);

  const pick =
    (all: () => string[], get: (name: string) => object | null) =>
    (name?: unknown): unknown => {
      if (name === undefined) return all().flatMap((each) => get(each) ?? []);
      if (typeof name === 'function')
        return all()
          .flatMap((each) => get(each) ?? [])
          .filter(name as (each: object, index: number) => boolean);
      return typeof name === 'number' ? (get(all()[name] ?? '') ?? null) : get(String(name));
    };
  const getAttribute = pick(() => [...session.attributes.keys()], attribute);
  const getControl = pick(() => placed(session.form).map((each) => each.name), control);
  const on = (list: Handler[]) => (handler: Handler) => void (list.includes(handler) || list.push(handler));
  const off = (list: Handler[]) => (handler: Handler) =>
    void (list.includes(handler) && list.splice(list.indexOf(handler), 1));
  const saveWith = (mode: SaveMode): Promise<void> => save(session, mode, options.words);

  const entity = strict('formContext.data.entity', {
    addOnSave: on(session.onSave),
    removeOnSave: off(session.onSave),
    addOnPostSave: on(session.onPostSave),
    removeOnPostSave: off(session.onPostSave),
    attributes: {
      get: getAttribute,
      forEach: (run: (each: unknown) => void) => (getAttribute() as unknown[]).forEach(run),
      getLength: () => session.attributes.size,
    },
    getDataXml: () => {
      throw new NotModelled('formContext.data.entity.getDataXml');
    },
    getEntityName: () => session.table.name,
    getEntityReference: () => ({ id: bracedId(session.id), name: session.title, entityType: session.table.name }),
    getId: () => bracedId(session.id),
    getIsDirty: () => session.dirty,
    getPrimaryAttributeValue: () => session.valueOf(session.table.nameColumn),
    isValid: () => true,
    save: (kind?: string) => void saveWith(modes[kind ?? ''] ?? 1).catch(() => undefined),
  });
  const data = strict('formContext.data', {
    entity,
    addOnLoad: on(session.onDataLoad),
    removeOnLoad: off(session.onDataLoad),
    getIsDirty: () => session.dirty,
    isValid: () => true,
    refresh: async (saveFirst?: boolean) => {
      if (saveFirst === true) await saveWith(1);
      await options.refresh();
    },
    save: (given?: { saveMode?: number }) => saveWith((given?.saveMode ?? 1) as SaveMode),
    process: strict('formContext.data.process', {}),
  });
  tabs = session.form.tabs.map((each) => tabFacade(session, each, control));
  const ui = strict('formContext.ui', {
    addOnLoad: on(session.onFormLoad),
    removeOnLoad: off(session.onFormLoad),
    setFormNotification: (text: string, level: NoticeLevel, id: string) => {
      session.formNotices.set(id, { text, level });
      session.changed();
      return true;
    },
    clearFormNotification: (id: string) => {
      const had = session.formNotices.delete(id);
      session.changed();
      return had;
    },
    getFormType: () => ({ create: 1, update: 2, inactive: 4 })[session.phase],
    refreshRibbon: () => session.changed(),
    close: options.close,
    controls: {
      get: getControl,
      forEach: (run: (each: unknown) => void) => (getControl() as unknown[]).forEach(run),
      getLength: () => placed(session.form).length,
    },
    tabs: collection(tabs),
    formSelector: strict('formContext.ui.formSelector', {
      getCurrentItem: () => ({
        getId: () => session.form.id,
        getLabel: () => say(session.form.label, session.services.lang),
      }),
    }),
  });
  return strict('formContext', { data, ui, getAttribute, getControl });
}

interface Named {
  getName(): string;
}

interface Collection {
  get(name?: string | number | ((item: Named, index: number) => boolean)): object | null;
  forEach(run: (item: Named, index: number) => void): void;
  getLength(): number;
}

type TabFacade = Named & { readonly sections: Collection };

function collection(items: readonly Named[]): Collection {
  return {
    get: (name?: string | number | ((item: Named, index: number) => boolean)): object | null => {
      if (name === undefined) return [...items];
      if (typeof name === 'function') return items.filter(name);
      return (typeof name === 'number' ? items[name] : items.find((each) => each.getName() === name)) ?? null;
    },
    forEach: (run: (item: Named, index: number) => void) => items.forEach(run),
    getLength: () => items.length,
  };
}

function tabFacade(session: FormSession, tab: TabModel, control: (name: string) => object | null): TabFacade {
  const state = session.part(tab.name);
  const show = (): void => {
    session.tab = tab.name;
    session.changed();
  };
  const sections = tab.columns
    .flatMap((column) => column.sections)
    .map((section) => {
      const own = session.part(`${tab.name}/${section.name}`);
      return strict(`section ${section.name}`, {
        getName: () => section.name,
        getParent: () => facade,
        getLabel: () => own.label ?? say(section.label, session.services.lang),
        setLabel: (label: string) => void ((own.label = label), session.changed()),
        getVisible: () => own.visible ?? section.visible,
        setVisible: (visible: boolean) => void ((own.visible = visible), session.changed()),
        controls: collection(
          placed(session.form)
            .filter((each) => each.section === section)
            .flatMap((each) => (control(each.name) as Named | null) ?? []),
        ),
      });
    });
  const facade: TabFacade = strict(`tab ${tab.name}`, {
    getName: () => tab.name,
    getLabel: () => state.label ?? say(tab.label, session.services.lang),
    setLabel: (label: string) => void ((state.label = label), session.changed()),
    getVisible: () => state.visible ?? tab.visible,
    setVisible: (visible: boolean) => void ((state.visible = visible), session.changed()),
    getDisplayState: () => (session.tab === tab.name ? 'expanded' : 'collapsed'),
    setDisplayState: (wanted: string) => (wanted === 'expanded' ? show() : undefined),
    setFocus: show,
    addTabStateChange: () => {
      throw new NotModelled('tab.addTabStateChange');
    },
    sections: collection(sections),
  });
  return facade;
}

/** Runs handlers one after the other; each gets an execution context of its own. */
export function handlerRunner(formContext: object, sourceOf: (source: unknown) => unknown): FormSession['runHandlers'] {
  return (handlers, source, args) => {
    const shared = new Map<string, unknown>();
    return [...handlers].map((handler, index) =>
      handler(
        strict('executionContext', {
          getFormContext: () => formContext,
          getEventSource: () => sourceOf(source),
          getEventArgs: () => args ?? null,
          getDepth: () => index,
          getContext: () =>
            (globalThis as { Xrm?: { Utility: { getGlobalContext(): unknown } } }).Xrm?.Utility.getGlobalContext(),
          getSharedVariable: (name: string) => shared.get(name),
          setSharedVariable: (name: string, value: unknown) => void shared.set(name, value),
        }),
      ),
    );
  };
}
