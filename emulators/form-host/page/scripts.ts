/**
 * Runs the solution's web resources: form libraries with their handlers, and command functions with
 * the parameters that the ribbon hands over.
 */
import type { ButtonModel, CommandParameter, FormModel, RuleModel } from '../model';
import type { Handler } from './attribute';
import type { FormSession } from './form-session';
import { runScript } from './pcf-loader';
import { NotModelled } from './strict';

const loaded = new Map<string, Promise<void>>();

export function loadLibrary(name: string): Promise<void> {
  let found = loaded.get(name);
  if (!found) {
    found = runScript(`/WebResources/${name}`);
    loaded.set(name, found);
    found.catch(() => loaded.delete(name));
  }
  return found;
}

/** `Cosell.Opportunity.onLoad` -> the function, found from the global object. */
export function globalFunction(path: string): (...given: unknown[]) => unknown {
  let value: unknown = globalThis;
  let owner: unknown = undefined;
  for (const part of path.split('.')) {
    owner = value;
    value = (value as Record<string, unknown> | undefined | null)?.[part];
  }
  if (typeof value !== 'function') throw new Error(`There is no function ${path}; is its library on the form?`);
  const run = value as (...given: unknown[]) => unknown;
  return (...given) => run.apply(owner, given);
}

/** Loads the form's libraries and hangs its handlers on the session; OnLoad is for the caller to run. */
export async function attachForm(session: FormSession, form: FormModel): Promise<void> {
  for (const library of form.libraries) await loadLibrary(library);
  for (const handler of form.handlers) {
    await loadLibrary(handler.library);
    const extra = constantsOf(handler.parameters);
    const run = globalFunction(handler.functionName);
    const call: Handler = (context) => run(...(handler.passContext ? [context] : []), ...extra);
    if (handler.event === 'onload') session.onFormLoad.push(call);
    else if (handler.event === 'onsave') session.onSave.push(call);
    else if (handler.event === 'onchange' && handler.column !== undefined)
      session.attributes.get(handler.column)?.onChange.push(call);
    else throw new NotModelled(`the form event ${handler.event}`);
  }
}

function constantsOf(text: string): unknown[] {
  if (text.trim() === '') return [];
  return JSON.parse(`[${text}]`) as unknown[];
}

/** What a command can be told about where it stands. */
export interface CommandScene {
  readonly place: 'form' | 'grid' | 'subgrid';
  readonly table: string;
  /** formContext or gridContext. */
  readonly primaryControl: object | null;
  readonly selected: readonly { readonly id: string; readonly name: string }[];
  readonly primaryId: string;
  /** 1 create, 2 update, 4 disabled. */
  readonly formType: number;
  readonly valueOf: (column: string) => unknown;
}

export async function runCommand(button: ButtonModel, scene: CommandScene): Promise<void> {
  for (const action of button.actions) {
    if (action.library !== '') await loadLibrary(action.library);
    await globalFunction(action.functionName)(...action.parameters.map((each) => argumentOf(each, scene)));
  }
}

function argumentOf({ kind, value }: CommandParameter, scene: CommandScene): unknown {
  if (kind === 'StringParameter') return value;
  if (kind === 'BoolParameter') return value === 'true';
  if (kind === 'IntParameter' || kind === 'DecimalParameter') return Number(value);
  const ids = scene.selected.map((each) => each.id);
  switch (value) {
    case 'PrimaryControl':
    case 'SelectedControl':
      return scene.primaryControl;
    case 'SelectedControlSelectedItemIds':
      return ids;
    case 'SelectedControlSelectedItemCount':
      return ids.length;
    case 'SelectedControlSelectedItemReferences':
      return scene.selected.map(({ id, name }) => ({ Id: id, Name: name, TypeName: scene.table, TypeCode: 3 }));
    case 'FirstSelectedItemId':
      return ids[0] ?? null;
    case 'PrimaryItemIds':
      return scene.primaryId === '' ? [] : [scene.primaryId];
    case 'FirstPrimaryItemId':
      return scene.primaryId === '' ? null : scene.primaryId;
    case 'PrimaryEntityTypeName':
    case 'SelectedEntityTypeName':
      return scene.table;
    case 'CommandProperties':
      return { SourceControlId: '' };
    default:
      throw new NotModelled(`the command parameter ${value}`);
  }
}

/** All rules must hold; asynchronous ones are awaited, as the platform does for unified clients. */
export async function allows(rules: readonly RuleModel[], scene: CommandScene): Promise<boolean> {
  for (const rule of rules) if (!(await holds(rule, scene))) return false;
  return true;
}

async function holds(rule: RuleModel, scene: CommandScene): Promise<boolean> {
  const answer = await judge(rule, scene);
  return rule.attributes['InvertResult'] === 'true' ? !answer : answer;
}

async function judge(rule: RuleModel, scene: CommandScene): Promise<boolean> {
  const { attributes } = rule;
  switch (rule.kind) {
    case 'CustomRule': {
      await loadLibrary(attributes['Library'] ?? '');
      return Boolean(
        await globalFunction(attributes['FunctionName'] ?? '')(
          ...rule.parameters.map((each) => argumentOf(each, scene)),
        ),
      );
    }
    case 'ValueRule':
      return String(scene.valueOf(attributes['Field'] ?? '') ?? '') === (attributes['Value'] ?? '');
    case 'FormStateRule':
      return { Create: 1, Existing: 2, Disabled: 4, ReadOnly: 3 }[attributes['State'] ?? ''] === scene.formType;
    case 'SelectionCountRule': {
      const count = scene.selected.length;
      return (
        count >= Number(attributes['Minimum'] ?? 0) && count <= Number(attributes['Maximum'] ?? Number.MAX_SAFE_INTEGER)
      );
    }
    case 'OrRule': {
      for (const group of rule.groups) if (await allows(group, scene)) return true;
      return false;
    }
    case 'CrmClientTypeRule':
      return attributes['Type'] === 'Web';
    case 'CommandClientTypeRule':
      return attributes['Type'] === 'Refresh';
    case 'CrmOfflineAccessStateRule':
      return attributes['State'] === 'Online';
    case 'EntityRule':
      return attributes['EntityName'] === undefined || attributes['EntityName'] === scene.table;
    // The service has the last word on rights; a button too many answers 403.
    case 'RecordPrivilegeRule':
    case 'EntityPrivilegeRule':
    case 'MiscellaneousPrivilegeRule':
    case 'SkuRule':
      return true;
    default:
      throw new NotModelled(`the ribbon rule ${rule.kind}`);
  }
}
