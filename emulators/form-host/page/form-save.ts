/**
 * Saving a form: client checks, OnSave handlers (also asynchronous ones), the write, PostSave.
 *
 * Microsoft Learn: "Form OnSave event", "Save event arguments", "Form data PostSave event". Order: what
 * is missing or refused by a control's notification stops the save before any handler runs.
 */
import { whenVisible } from './form-layout';
import type { FormSession } from './form-session';
import { toWire, type Json } from './values';

/** Microsoft Learn, `getSaveMode`: 1 Save, 2 Save and Close, 5 Deactivate, 59 Save and New, 70 AutoSave. */
export type SaveMode = 1 | 2 | 5 | 59 | 70;

export class SaveRefused extends Error {
  readonly errorCode = 2416966656;
}

/** Handlers that answer a promise are waited for this long unless they ask for more. */
const asyncLimit = 10_000;

export async function save(
  session: FormSession,
  mode: SaveMode,
  words: (key: string, params?: Record<string, string>) => string,
): Promise<void> {
  if (session.saving) throw new SaveRefused('A save is under way');
  if (mode === 70 && !session.dirty) return;
  checkRequired(session, words);
  const refusal = await runOnSave(session, mode);
  if (refusal !== null) throw new SaveRefused(refusal);
  session.saving = true;
  session.changed();
  let problem: { errorCode?: number; message?: string } | null = null;
  const created = session.id === '';
  try {
    await write(session);
  } catch (error) {
    problem = error as { errorCode?: number; message?: string };
  } finally {
    session.saving = false;
    session.changed();
  }
  const entityReference = { id: session.id, name: session.title, entityType: session.table.name };
  session.runHandlers(session.onPostSave, session, {
    getEntityReference: () => entityReference,
    getIsSaveSuccess: () => problem === null,
    getSaveErrorInfo: () => problem ?? { errorCode: 0, message: '' },
  });
  if (problem) throw problem;
  if (created) session.changed();
  session.reloadGrids();
  session.runHandlers(session.onDataLoad, session, { getDataLoadState: () => 2 });
  session.afterSave(mode, created);
}

function checkRequired(session: FormSession, words: (key: string, params?: Record<string, string>) => string): void {
  let missing = 0;
  for (const state of session.controls.values()) state.notices.delete('required');
  for (const { column, names } of whenVisible(session)) {
    const attribute = session.attributes.get(column);
    if (!attribute || attribute.required !== 'required' || attribute.value !== null) continue;
    missing += 1;
    const text = words('requiredField', { field: attribute.info.label });
    for (const name of names) session.control(name).notices.set('required', { text, level: 'ERROR' });
  }
  const blocked = [...session.controls.values()].some((state) =>
    [...state.notices.values()].some((each) => each.level === 'ERROR'),
  );
  session.changed();
  if (missing > 0 || blocked) throw new SaveRefused(words('notSavedFields'));
}

/**
 * Answers why the save does not go on, or null. The platform's Close commands raise it with mode 5 before they ask for
 * details (UNVERIFIED for every version of the client).
 */
export async function runOnSave(session: FormSession, mode: SaveMode): Promise<string | null> {
  const state = { prevented: false, onError: false, noTimeout: false };
  const answers = session.runHandlers(session.onSave, session, {
    getSaveMode: () => mode,
    isDefaultPrevented: () => state.prevented,
    preventDefault: () => void (state.prevented = true),
    preventDefaultOnError: () => void (state.onError = true),
    disableAsyncTimeout: () => void (state.noTimeout = true),
  });
  const waited = answers.filter(
    (each): each is Promise<unknown> => typeof (each as Promise<unknown> | null)?.then === 'function',
  );
  for (const answer of waited) {
    try {
      await (state.noTimeout ? answer : withLimit(answer));
    } catch {
      if (state.onError) state.prevented = true;
    }
  }
  return state.prevented ? 'A handler prevented the save' : null;
}

function withLimit(answer: Promise<unknown>): Promise<unknown> {
  let timer: ReturnType<typeof setTimeout>;
  const limit = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error('The handler took too long')), asyncLimit);
  });
  return Promise.race([answer, limit]).finally(() => clearTimeout(timer));
}

async function write(session: FormSession): Promise<void> {
  const { api, metadata } = session.services;
  const creating = session.id === '';
  const body: Json = {};
  for (const attribute of session.attributes.values()) {
    const { info, submit } = attribute;
    const wanted = submit === 'always' || (submit === 'dirty' && attribute.dirty);
    if (!wanted || !(creating ? info.forCreate : info.forUpdate)) continue;
    for (const target of info.targets) await metadata.table(target);
    toWire(info, attribute.value, body, (table) => metadata.now(table).setName);
  }
  if (creating) {
    const { id } = await api.create('form', session.table.name, body);
    session.id = id;
  } else if (Object.keys(body).length > 0) {
    await api.update('form', session.table.name, session.id, body);
  }
  await session.read('form');
}
