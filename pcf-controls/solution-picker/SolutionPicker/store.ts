/**
 * State of the picker on one opportunity, outside of React: forms mount and unmount as they like, picks must outlive
 * that.
 *
 * An unsaved opportunity keeps its picks in the draft column; a saved one has rows, which are written at once. It goes
 * on when the control is gone, because the seller takes what he saw on the screen as saved. It never tries again by
 * itself; a failure is shown, and a person decides. After "Save & Close" on the create form the next opening makes the
 * rows, unless the worker was first: the alternate key of the table keeps doing both harmless.
 */
import { formatSolutionDraft, parseSolutionDraft } from '../../../domain/solution-draft';
import { draftOf, isShown, nextWrite, patch, pickOf, shownPicks, takeDraft, takeRows } from './picks';
import type { Amounts, Pick, Picks, Write } from './picks';
import type { Rows } from './rows';
import type { Explain, PickerInput, PickerStore } from './store-shape';

/** Edits of an amount within this time become one write. */
export const pauseInTyping = 800;
const noAmounts: Amounts = { price: null, quantity: null };

/**
 * @param rows   null on the create form
 * @param notify tells the form that `outputs()` has something new
 * @param picks  what the seller picked before the first save
 */
export function pickerStore(
  rows: Rows | null,
  explain: Explain,
  notify: () => void,
  picks: Picks = new Map(),
): PickerStore {
  /** Picks that are being written, '' while all of them are gone through; and those that wait for more typing. */
  const active = new Set<string>();
  const due = new Set<string>();
  let timer = 0;
  let emit = (): void => undefined;
  let input: PickerInput = { draft: '', count: null, maxItems: 0, readable: false, editable: false, shown: false };
  let ready = !rows;
  let problem: string | null = null;
  let malformed: string | null = null;
  let removed: Pick | null = null;
  let edited = false;
  let reads = 0;
  /** Saved: the draft that Dataverse still holds. Unsaved: the draft as it was read or written last. */
  let draft: string | null = null;
  /** Own drafts before that, which the form may still give back late. */
  const replaced = new Set<string>();

  const count = (): number => [...picks.values()].filter(({ want, row }) => (rows ? row : want)).length;

  const readText = (text: string): void => {
    const parsed = parseSolutionDraft(text);
    malformed = parsed.problem === 'malformed' ? text : null;
    draft = text;
    takeDraft(picks, parsed.picks);
  };

  const read = async (): Promise<void> => {
    if (!rows) return;
    const mine = ++reads;
    problem = null;
    try {
      // The form's draft is only a hint: Dataverse is asked whether it is still there.
      const [found, text] = await Promise.all([rows.read(), input.draft && rows.readDraft()]);
      // A later reading is under way: its answer is the newer one.
      if (mine !== reads) return;
      takeRows(picks, found);
      readText(text);
      ready = true;
      void writeAll();
    } catch (error) {
      if (mine === reads) problem = explain(error).message;
    }
    emit();
  };

  /** Rows for the picks of the draft, and everything that was edited before reading was done. */
  const writeAll = async (): Promise<void> => {
    if (!ready || !input.editable) return;
    active.add('');
    // One after the other: the rows keep the order of the picks, and the form keeps its connections.
    for (const [id, { failure }] of [...picks]) if (!failure) await settle(id);
    active.delete('');
    settled();
  };

  const settled = (): void => {
    emit();
    if (!rows || active.size || due.size) return;
    if (edited && count() !== input.count) notify();
    // Once rows are made the draft holds only what has none yet, usually nothing.
    const rest = formatSolutionDraft(draftOf(picks));
    const before = draft;
    if (!before || rest === before || malformed !== null || !input.editable) return;
    draft = rest;
    // Rows know more than a draft. A failure costs nothing: the next edit, the next opening or the worker does it.
    rows.writeDraft(rest).then(rest ? emit : read, () => (draft = before));
  };

  /** One write at a time, the next one made from what is still missing: quick edits join and none overtakes another. */
  const settle = async (id: string): Promise<void> => {
    if (active.has(id)) return;
    active.add(id);
    for (let pick = picks.get(id); pick; pick = picks.get(id)) {
      const write = nextWrite(pick);
      if (!write) break;
      patch(picks, id, { failure: null });
      emit();
      const failure = await perform(pick, write);
      // An edit that came while the request failed is another write, and gets its own try.
      if (failure && picks.get(id)?.want === pick.want) {
        patch(picks, id, { failure });
        break;
      }
    }
    active.delete(id);
    settled();
  };

  const perform = async ({ solution }: Pick, write: Write): Promise<Pick['failure']> => {
    const { what, want, row } = write;
    const { id } = solution;
    if (!rows) return null;
    try {
      if (!row) patch(picks, id, { row: { ...want, id: await rows.add(solution, want) } });
      else if (want) patch(picks, id, { row: { ...want, id: await rows.change(row, want) } });
      else patch(picks, id, { row: await rows.remove(row) });
    } catch (error) {
      const { problem: kind, message } = explain(error);
      // Somebody else, or the worker, was first. What that row has is kept unless the seller typed an amount.
      const [found] = kind === 'duplicate' ? await rows.read(id).catch(() => []) : [];
      if (found) {
        const now = picks.get(id)?.want ?? null;
        patch(picks, id, { row: found.row, want: now && (now.price || now.quantity ? now : found.row) });
      } else if (kind !== 'gone') return { what, message };
      else {
        // The opportunity is open here: without a row to change it is the solution that no longer exists.
        patch(picks, id, { row: null });
        return want && { what: row ? 'gone' : 'deleted', message };
      }
    }
    return null;
  };

  const flush = (): void => {
    for (const id of due) {
      due.delete(id);
      void settle(id);
    }
  };

  const edit = (id: string, change: Partial<Pick>, pause?: number): void => {
    patch(picks, id, change);
    edited = true;
    // Before everything was read it waits for that.
    if (!rows) tellDraft();
    else if (ready) {
      due.add(id);
      clearTimeout(timer);
      if (pause) timer = window.setTimeout(flush, pause);
      else flush();
    }
    emit();
  };

  const tellDraft = (): void => {
    if (draft !== null) replaced.add(draft);
    draft = formatSolutionDraft(draftOf(picks));
    replaced.delete(draft);
    edited = true;
    notify();
  };

  const remove = (id: string): void => {
    removed = picks.get(id) ?? null;
    edit(id, { want: null, failure: null });
  };

  return {
    state: () => {
      // A draft that can't be read must not be written over; rows of a saved record are not in its way.
      const canSearch = input.editable && ready && (rows !== null || malformed === null);
      return { input, picks, ready, problem, malformed, removed, canSearch };
    },
    update(given) {
      const before = input;
      input = given;
      if (!given.shown) return;
      if (!rows) {
        // Not our own coming back: the first one, or one that a script or another picker wrote.
        if (given.draft === draft) replaced.clear();
        else if (!replaced.has(given.draft)) {
          picks.clear();
          readText(given.draft);
        }
        return;
      }
      // A count that is not ours comes from another picker on the page, or from the server: there are other rows now.
      const other = ready && given.count !== before.count && given.count !== count();
      if (!reads || other) void read();
      else if (given.editable && !before.editable) void writeAll();
    },
    subscribe(listener) {
      emit = listener;
      return () => {
        emit = () => undefined;
      };
    },
    outputs: () => (edited ? { ...(!rows && { selectionDraft: draft ?? '' }), solutionCount: count() } : {}),
    flush,
    carried: (text) => (!rows && text === draft ? picks : undefined),
    toggle(solution) {
      const { id } = solution;
      const mine = picks.get(id);
      if (isShown(mine)) remove(id);
      else if (shownPicks(picks).length < input.maxItems) {
        removed = null;
        // At the end of the list. A row whose removal is under way is still known: the next write puts things right.
        picks.delete(id);
        picks.set(id, pickOf(solution, noAmounts, mine?.row ?? null));
        edit(id, {});
      }
    },
    remove,
    undo() {
      const back = removed;
      removed = null;
      if (back) edit(back.solution.id, { want: back.want, failure: null });
    },
    setAmount(id, name, amount) {
      const want = picks.get(id)?.want;
      if (!want || want[name] === amount) return;
      removed = null;
      edit(id, { want: { ...want, [name]: amount } }, pauseInTyping);
    },
    retry: (id) => edit(id, {}),
    giveUp: (id) => edit(id, { failure: null, want: picks.get(id)?.row ?? null }),
    reload() {
      void read();
      emit();
    },
    startOver() {
      malformed = null;
      if (rows) settled();
      else tellDraft();
      emit();
    },
  };
}
