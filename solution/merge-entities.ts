/**
 * Tables with their forms, views, charts and ribbon.
 *
 * An `Entity.xml` names by an empty element each kind of thing that lies in files beside it.
 * SolutionPackager drops a whole folder without a word, or breaks, when that placeholder is
 * missing, so it is a finding here.
 */
import { idText, onlyChild, type Merge, type Taken } from './merge';
import { child, text, type Element } from './xml';

export function mergeEntities(merge: Merge): void {
  const tables = new Map<string, Element | undefined>();
  for (const { path, name } of merge.take(/^Entities\/([^/]+)\/Entity\.xml$/)) {
    const root = merge.root(path, 'Entity');
    if (root) merge.sameName(path, name, text(root, 'Name'));
    tables.set(name, root && merge.append(merge.section('Entities', path), root, path));
  }
  for (const [name, table] of tables) {
    mergeForms(merge, name, table);
    mergeViews(merge, name, table);
    mergeCharts(merge, name, table);
    mergeRibbon(merge, name, table);
  }
  for (const { path } of merge.take(/^Entities\/([^/]+)\/.+/)) {
    const folder = path.split('/')[1] ?? '';
    if (tables.has(folder)) merge.found('UNKNOWN_FILE', path, 'no kind of component of a table lives here');
    else merge.found('FILE_MISSING', `Entities/${folder}/Entity.xml`, `needed by ${path}`);
  }
}

function mergeForms(merge: Merge, table: string, element: Element | undefined): void {
  const files = merge.take(new RegExp(`^Entities/${quoted(table)}/FormXml/[^/]+/(\\{[^/]+\\})(?:_managed)?\\.xml$`));
  if (files.length === 0) return;
  const placeholder = placeholderOf(merge, table, element, 'FormXml');
  const byType = new Map<string, Element>();
  const chosen = merge.chooseVariant(files);
  for (const { path, name } of chosen) {
    const root = merge.root(path, 'forms');
    const form = root && onlyChild(merge, root, 'systemform', path);
    if (!form) continue;
    merge.sameName(path, name, idText(form, 'formid'));
    if (!placeholder) continue;
    const type = path.split('/')[3] ?? '';
    const group = byType.get(type) ?? merge.create('forms');
    if (!byType.has(type)) {
      group.setAttribute('type', type);
      placeholder.appendChild(group);
      byType.set(type, group);
    }
    merge.append(group, form, path);
  }
  const kept = new Set(chosen.map((file) => file.name.toLowerCase()));
  for (const { name } of files) if (!kept.has(name.toLowerCase())) merge.formsLeftOut.add(name.toLowerCase());
}

/** A table with a place for views gets the list even when it is empty: SolutionPackager writes it, and cannot read without. */
function mergeViews(merge: Merge, table: string, element: Element | undefined): void {
  const files = filesIn(merge, table, 'SavedQueries');
  if (files.length === 0 && !child(element, 'SavedQueries')) return;
  const placeholder = placeholderOf(merge, table, element, 'SavedQueries');
  const list = merge.create('savedqueries');
  placeholder?.appendChild(list);
  for (const { path, name } of files) {
    const root = merge.root(path, 'savedqueries');
    const view = root && onlyChild(merge, root, 'savedquery', path);
    if (!view) continue;
    merge.sameName(path, name, idText(view, 'savedqueryid'));
    merge.append(list, view, path);
  }
}

function mergeCharts(merge: Merge, table: string, element: Element | undefined): void {
  const files = filesIn(merge, table, 'Visualizations');
  if (files.length === 0) return;
  const placeholder = placeholderOf(merge, table, element, 'Visualizations');
  for (const { path, name } of files) {
    const root = merge.root(path, 'visualization');
    if (!root) continue;
    merge.sameName(path, name, idText(root, 'savedqueryvisualizationid'));
    merge.append(placeholder, root, path);
  }
}

function mergeRibbon(merge: Merge, table: string, element: Element | undefined): void {
  for (const { path } of merge.take(new RegExp(`^Entities/${quoted(table)}/(RibbonDiff)\\.xml$`))) {
    const root = merge.root(path, 'RibbonDiffXml');
    const placeholder = placeholderOf(merge, table, element, 'RibbonDiffXml');
    if (!root || !placeholder) continue;
    const copy = merge.append(element, root, path);
    if (copy) placeholder.parentNode?.replaceChild(copy, placeholder);
  }
}

function filesIn(merge: Merge, table: string, folder: string): Taken[] {
  return merge.take(new RegExp(`^Entities/${quoted(table)}/${folder}/(\\{[^/]+\\})\\.xml$`));
}

function placeholderOf(merge: Merge, table: string, element: Element | undefined, name: string): Element | undefined {
  const placeholder = child(element, name);
  if (element && !placeholder) {
    merge.found(
      'PLACEHOLDER_MISSING',
      `Entities/${table}/Entity.xml`,
      `an empty ${name} element must say where the files go`,
    );
  }
  if (placeholder?.hasChildNodes()) {
    merge.found(
      'PLACEHOLDER_FILLED',
      `Entities/${table}/Entity.xml`,
      `${name} must be empty, its content lies in files of its own`,
    );
  }
  return placeholder;
}

function quoted(name: string): string {
  return name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
