/**
 * Where columns stand on a form, and what follows from it: control names, visibility, whether a
 * control may be edited. Pure.
 */
import type { CellModel, FormModel, SectionModel, TabModel } from '../model';
import type { FormSession } from './form-session';

export interface Placed {
  readonly tab: TabModel;
  readonly section: SectionModel;
  readonly cell: CellModel;
  /** Name that `getControl` knows: the column, then column1, column2 for repetitions. */
  readonly name: string;
}

const layouts = new WeakMap<FormModel, readonly Placed[]>();

export function placed(form: FormModel): readonly Placed[] {
  let found = layouts.get(form);
  if (!found) {
    const seen = new Map<string, number>();
    found = form.tabs.flatMap((tab) =>
      tab.columns.flatMap(({ sections }) =>
        sections.flatMap((section) =>
          section.rows.flat().flatMap((cell) => {
            const base = cell.control?.column ?? cell.control?.id;
            if (base === undefined) return [];
            const count = seen.get(base) ?? 0;
            seen.set(base, count + 1);
            return [{ tab, section, cell, name: count === 0 ? base : `${base}${count}` }];
          }),
        ),
      ),
    );
    layouts.set(form, found);
  }
  return found;
}

export function nameOfCell(form: FormModel, cell: CellModel): string {
  return placed(form).find((each) => each.cell === cell)?.name ?? '';
}

export function isShown(session: FormSession, { tab, section, cell, name }: Placed): boolean {
  const tabVisible = session.part(tab.name).visible ?? tab.visible;
  const sectionVisible = session.part(`${tab.name}/${section.name}`).visible ?? section.visible;
  const controlVisible = session.control(name).visible ?? cell.visible;
  return tabVisible && sectionVisible && controlVisible;
}

/** Columns with a control that a person can see, with the names of their controls. */
export function whenVisible(session: FormSession): { column: string; names: string[] }[] {
  const found = new Map<string, string[]>();
  for (const each of placed(session.form)) {
    const column = each.cell.control?.column;
    if (column === undefined || !isShown(session, each)) continue;
    found.set(column, [...(found.get(column) ?? []), each.name]);
  }
  return [...found].map(([column, names]) => ({ column, names }));
}

export function isDisabled(session: FormSession, name: string, byForm: boolean): boolean {
  if (session.phase === 'inactive') return true;
  return session.controls.get(name)?.disabled ?? byForm;
}
