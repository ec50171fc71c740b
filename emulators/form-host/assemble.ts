/**
 * The packed zip, and control folders beside it -> the whole model, and the bytes of what it names.
 *
 * `controlFolders` exists for people who work on a control before it is packed: such a control takes
 * the place of the packed one of the same name.
 */
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { strFromU8 } from 'fflate';
import { all, textIn } from '../dataverse/solution-read';
import { appsOf } from './app-model';
import { baseForms } from './base-forms';
import { baseViews, salesApp } from './base-views';
import { baseTables } from './base-labels';
import { controlOf } from './control-model';
import { chartsOf, dashboardsOf } from './dashboard-model';
import { formsOf } from './form-model';
import type { ButtonModel, ChartModel, ControlModel, FormModel, HostModel, TableModel, ViewModel } from './model';
import { readPackage, type PackageFiles } from './package-files';
import { withPreview } from './preview-form';
import { buttonsOf } from './ribbon-model';
import { tablesOf } from './table-model';
import { viewsOf } from './view-model';

export interface Installed {
  readonly model: HostModel;
  /** Path below the site, such as `controls/<name>/bundle.js` or `WebResources/<name>` -> content. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

export function assemble(zip: Uint8Array, controlFolders: readonly string[] = []): Installed {
  const pkg = readPackage(zip);
  const files = new Map<string, Uint8Array>();
  const packed = packedControls(pkg, files);
  const loose = looseControls(controlFolders, files);
  const webResources = packedWebResources(pkg, files);
  const own = {
    forms: [] as FormModel[],
    views: [] as ViewModel[],
    charts: [] as ChartModel[],
    buttons: {} as Record<string, ButtonModel[]>,
  };
  for (const entity of all(pkg.customizations, 'Entities', 'Entity')) {
    const table = (textIn(entity, 'Name') ?? '').toLowerCase();
    own.forms.push(...formsOf(entity, table));
    own.views.push(...viewsOf(entity, table));
    own.charts.push(...chartsOf(entity, table));
    own.buttons[table] = buttonsOf(entity);
  }
  const model: HostModel = {
    tables: mergedTables(baseTables(), tablesOf(pkg.customizations)),
    forms: mergedForms(baseForms(), own.forms),
    views: [...baseViews(), ...own.views],
    buttons: own.buttons,
    controls: { ...packed, ...loose },
    webResources,
    apps: [salesApp(), ...appsOf(pkg.customizations)],
    charts: own.charts,
    dashboards: dashboardsOf(pkg.customizations),
  };
  return { model: withPreview(model, Object.keys(loose)), files };
}

function packedControls(pkg: PackageFiles, files: Map<string, Uint8Array>): Record<string, ControlModel> {
  const controls: Record<string, ControlModel> = {};
  for (const [part, content] of Object.entries(pkg.parts)) {
    const [, name, path] = /^Controls\/([^/]+)\/(.+)$/.exec(part) ?? [];
    if (name === undefined || path === undefined) continue;
    files.set(`controls/${name}/${path}`, content);
    if (path === 'ControlManifest.xml') controls[name] = controlOf(name, strFromU8(content));
  }
  return controls;
}

/** Folders that a control's build wrote: each holds ControlManifest.xml, or folders that do. */
function looseControls(folders: readonly string[], files: Map<string, Uint8Array>): Record<string, ControlModel> {
  const controls: Record<string, ControlModel> = {};
  for (const manifest of folders
    .flatMap((folder) => filesBelow(folder))
    .filter((path) => path.endsWith(`${sep}ControlManifest.xml`))) {
    const folder = join(manifest, '..');
    const text = readFileSync(manifest, 'utf8');
    // The publisher's prefix is no part of a control's own output.
    const name = `cosell_${controlOf('', text).registered}`;
    controls[name] = controlOf(name, text);
    for (const path of filesBelow(folder))
      files.set(`controls/${name}/${relative(folder, path).split(sep).join('/')}`, readFileSync(path));
  }
  return controls;
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder).flatMap((entry) => {
    const path = join(folder, entry);
    return statSync(path).isDirectory() ? (entry === 'node_modules' ? [] : filesBelow(path)) : [path];
  });
}

function packedWebResources(pkg: PackageFiles, files: Map<string, Uint8Array>): Record<string, number> {
  const found: Record<string, number> = {};
  for (const resource of all(pkg.customizations, 'WebResources', 'WebResource')) {
    const name = textIn(resource, 'Name') ?? '';
    const part = (textIn(resource, 'FileName') ?? '').replace(/^\//, '');
    const content = pkg.parts[part];
    if (!content) throw new Error(`The web resource ${name} has no file ${part} in the zip`);
    found[name] = Number(textIn(resource, 'WebResourceType'));
    files.set(`WebResources/${name}`, content);
  }
  return found;
}

function mergedTables(base: Record<string, TableModel>, own: Record<string, TableModel>): Record<string, TableModel> {
  const merged = { ...base };
  for (const [name, table] of Object.entries(own)) {
    const under = base[name];
    merged[name] = under ? { ...under, columns: { ...under.columns, ...table.columns } } : table;
  }
  return merged;
}

/** A form of ours on a platform table is a difference: its tabs follow the platform's, its handlers join. */
function mergedForms(base: readonly FormModel[], own: readonly FormModel[]): FormModel[] {
  const merged = base.map((form) => {
    const added = own.filter((each) => each.table === form.table);
    return {
      ...form,
      tabs: [...form.tabs, ...added.flatMap((each) => each.tabs)],
      libraries: [...new Set(added.flatMap((each) => each.libraries))],
      handlers: added.flatMap((each) => each.handlers),
    };
  });
  const extended = new Set(base.map((form) => form.table));
  return [...merged, ...own.filter((form) => !extended.has(form.table))];
}
