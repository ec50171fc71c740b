/**
 * Opens a record: session, facade, scripts, live refresh. What the record page and tests work with.
 */
import type { FormModel } from '../model';
import { placed } from './form-layout';
import { save, SaveRefused, type SaveMode } from './form-save';
import { FormSession } from './form-session';
import type { Host } from './host';
import { attachForm, type CommandScene } from './scripts';
import type { Json, Value } from './values';
import { formContextOf, handlerRunner } from './xrm-form';
import { Attribute } from './attribute';

export interface OpenRecord {
  readonly session: FormSession;
  readonly formContext: object;
  save(mode: SaveMode): Promise<boolean>;
  refresh(): Promise<void>;
  /** Asks first when there is something unsaved. */
  leave(to: Readonly<Record<string, string>>): Promise<void>;
  scene(): CommandScene;
  end(): void;
}

const liveMilliseconds = 2000;
/** Microsoft Learn: autosave, 30 seconds after a change. */
const autosaveMilliseconds = 30_000;

export async function openRecord(host: Host, table: string, id: string | null): Promise<OpenRecord> {
  const { model, services, shell, words, switches } = host;
  const form = model.forms.find((each) => each.table === table);
  if (!form) throw new Error(`There is no form of ${table}`);
  const info = await services.metadata.table(table);
  const session = new FormSession(info, withKnownColumns(form, new Set(info.columns.keys())), services, id);
  await session.load();
  session.afterSave = (mode, created) => {
    if (mode === 2) return shell.go({ pagetype: 'entitylist', etn: table });
    if (mode === 59) return shell.go({ pagetype: 'entityrecord', etn: table });
    if (!created) return;
    // Staying: the record's own address without drawing the page anew, as the platform does.
    const query = new URLSearchParams(window.location.search);
    query.set('id', session.id);
    window.history.replaceState(null, '', `?${query.toString()}`);
    if (switches.onLoadAfterCreate) session.runHandlers(session.onFormLoad, session, {});
  };
  const refresh = async (): Promise<void> => {
    if (session.id !== '') await session.read('form');
    session.runHandlers(session.onDataLoad, session, { getDataLoadState: () => 2 });
    session.reloadGrids();
  };
  const formContext = formContextOf(session, {
    words: words as (key: string) => string,
    refresh,
    close: () => shell.go({ pagetype: 'entitylist', etn: table }),
  });
  const facadeOf = (source: unknown): unknown =>
    source instanceof Attribute
      ? (formContext as { getAttribute(name: string): unknown }).getAttribute(source.info.name)
      : (formContext as { data: { entity: object } }).data.entity;
  session.runHandlers = handlerRunner(formContext, facadeOf);

  const record: OpenRecord = {
    session,
    formContext,
    refresh,
    save: async (mode) => {
      session.formNotices.delete('host-save');
      try {
        await save(session, mode, words as (key: string, params?: Record<string, string>) => string);
      } catch (error) {
        await explain(error);
        return false;
      }
      return true;
    },
    leave: async (to) => {
      if (session.dirty && session.id !== '') {
        const text = {
          kind: 'confirm',
          title: words('leaveTitle'),
          text: words('leaveText'),
          confirmLabel: words('discard'),
        } as const;
        if ((await shell.ask(text)) !== true) return;
      }
      shell.go(to);
    },
    scene: () => ({
      place: 'form',
      table,
      primaryControl: formContext,
      selected: [],
      primaryId: session.id,
      formType: { create: 1, update: 2, inactive: 4 }[session.phase],
      valueOf: (column) => session.valueOf(column) as Value,
    }),
    end: () => {
      session.closed = true;
      clearInterval(timer);
      clearInterval(autosave);
    },
  };
  const explain = async (error: unknown): Promise<void> => {
    if (error instanceof SaveRefused) {
      // A handler that prevents a save explains it itself; what the client checks is said by the form.
      if (error.message === words('notSavedFields'))
        session.formNotices.set('host-save', { text: error.message, level: 'ERROR' });
      session.changed();
      return;
    }
    const { message, raw } = error as { message?: string; raw?: string };
    await shell.ask({
      kind: 'error',
      title: '',
      text: message ?? String(error),
      ...(raw === undefined || raw === '' ? {} : { details: raw }),
    });
  };
  const timer = setInterval(() => void live(host, session, refresh), liveMilliseconds);
  const autosave = setInterval(
    () => void (switches.autosave && session.dirty && session.id !== '' && record.save(70)),
    autosaveMilliseconds,
  );
  await attachForm(session, session.form);
  session.runHandlers(session.onFormLoad, session, { getDataLoadState: () => 1 });
  session.runHandlers(session.onDataLoad, session, { getDataLoadState: () => 1 });
  session.changed();
  return record;
}

/** Reads the version only; the rest follows when it moved. A person's unsaved values are never touched. */
async function live({ switches, services }: Host, session: FormSession, refresh: () => Promise<void>): Promise<void> {
  if (!switches.live || session.id === '' || session.dirty || session.saving || session.closed) return;
  const row: Json = await services.api
    .retrieve('live', session.table.name, session.id, `?$select=${session.table.nameColumn}`)
    .catch(() => ({}));
  const etag = String(row['@odata.etag'] ?? session.etag);
  if (etag !== session.etag && !session.dirty && !session.saving && !session.closed) await refresh();
}

/** A base form names columns that an organization may not have. */
function withKnownColumns(form: FormModel, known: ReadonlySet<string>): FormModel {
  if (placed(form).every(({ cell }) => cell.control?.column === undefined || known.has(cell.control.column)))
    return form;
  return {
    ...form,
    tabs: form.tabs.map((tab) => ({
      ...tab,
      columns: tab.columns.map((column) => ({
        ...column,
        sections: column.sections.map((section) => ({
          ...section,
          rows: section.rows.map((row) =>
            row.filter((cell) => !cell.id.startsWith('base-') || known.has(cell.control?.column ?? '')),
          ),
        })),
      })),
    })),
  };
}
