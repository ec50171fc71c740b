/**
 * Command bars: buttons lead to commands, commands to rules and functions, and everything named is there.
 *
 * The server imports a ribbon with a misspelt command without a word; the button then never shows,
 * or does nothing when pressed. What is defined and never used is refused as well: it is the other
 * half of a misspelling.
 */
import type { Check, Report } from './check';
import { inSection, prefixOf, tablesOf, type Package } from './package';
import { attr, at, child, children, descendants, text, type Element } from './xml';

/** Commands, rules and labels of the platform begin like this. */
const platform = /^Mscrm\./;

export const checkRibbons: Check = (pkg, report) => {
  const seen = new Set<string>();
  const resources = webResourcesOf(pkg);
  for (const table of tablesOf(pkg)) {
    const ribbon = child(table.element, 'RibbonDiffXml');
    if (ribbon)
      checkRibbon(ribbon, { where: `ribbon of ${table.name}`, prefix: `${prefixOf(pkg)}_`, resources, seen }, report);
  }
};

/** Content of the web resources in the package, by name; undefined for one whose file is not there. */
export function webResourcesOf(pkg: Package): ReadonlyMap<string, string | undefined> {
  return new Map(
    inSection(pkg, 'WebResources').map((resource) => {
      const bytes = pkg.parts.get(text(resource, 'FileName')?.slice(1) ?? '');
      return [text(resource, 'Name') ?? '', bytes && new TextDecoder().decode(bytes)];
    }),
  );
}

/** True when a script has the last part of a dotted name in it; minifiers keep the names of members. */
export function hasFunction(script: string, dotted: string): boolean {
  const member = (dotted.split('.').at(-1) ?? '').replace(/[^\w$]/g, '');
  return member !== '' && new RegExp(`(?<![\\w$])${member.replace(/\$/g, '\\$')}(?![\\w$])`).test(script);
}

interface Scope {
  where: string;
  prefix: string;
  resources: ReadonlyMap<string, string | undefined>;
  /** Ids of all ribbons so far: they share one space. */
  seen: Set<string>;
}

function checkRibbon(ribbon: Element, scope: Scope, report: Report): void {
  const commands = defined(at(ribbon, 'CommandDefinitions'), 'CommandDefinition', scope, report);
  const enableRules = defined(at(ribbon, 'RuleDefinitions', 'EnableRules'), 'EnableRule', scope, report);
  const displayRules = defined(at(ribbon, 'RuleDefinitions', 'DisplayRules'), 'DisplayRule', scope, report);
  const labels = defined(at(ribbon, 'LocLabels'), 'LocLabel', scope, report);
  const actions = child(ribbon, 'CustomActions');
  defined(actions, 'CustomAction', scope, report);

  const buttons = descendants(actions, 'Button', 'FlyoutAnchor', 'SplitButton', 'ToggleButton');
  unique(buttons, scope, report);
  refer(
    'RIBBON_COMMAND',
    buttons.map((b) => [attr(b, 'Command'), b]),
    commands,
    scope,
    report,
  );
  const definitions = [...commands.values()];
  const rulesOf = (list: string, name: string): [string | undefined, Element][] =>
    definitions.flatMap((command) =>
      children(child(command, list), name).map((rule) => [attr(rule, 'Id'), rule] as [string | undefined, Element]),
    );
  refer('RIBBON_RULE', rulesOf('EnableRules', 'EnableRule'), enableRules, scope, report);
  refer('RIBBON_RULE', rulesOf('DisplayRules', 'DisplayRule'), displayRules, scope, report);
  refer('RIBBON_LABEL', labelsNamed(actions), labels, scope, report);
  checkResources(ribbon, scope, report);
}

/** Elements by their id; one id twice makes the server drop one of them. */
function defined(parent: Element | undefined, name: string, scope: Scope, report: Report): Map<string, Element> {
  const elements = children(parent, name);
  unique(elements, scope, report);
  return new Map(elements.map((element) => [attr(element, 'Id') ?? '', element]));
}

function unique(elements: readonly Element[], scope: Scope, report: Report): void {
  for (const element of elements) {
    const id = attr(element, 'Id') ?? '';
    const key = `${element.nodeName} ${id}`;
    if (id === '' || scope.seen.has(key))
      report('RIBBON_ID', element, `${scope.where}: ${key} is there twice or has no Id`);
    scope.seen.add(key);
  }
}

function refer(
  code: string,
  named: readonly [string | undefined, Element][],
  targets: ReadonlyMap<string, Element>,
  ...[scope, report]: [Scope, Report]
): void {
  const used = new Set(named.map(([name]) => name));
  for (const [name, element] of named) {
    if (name === undefined || (!targets.has(name) && !platform.test(name)))
      report(code, element, `${scope.where}: ${element.nodeName} names ${name ?? 'nothing'}, which is not defined`);
  }
  for (const [name, element] of targets) {
    if (!used.has(name)) report(code, element, `${scope.where}: ${name} is defined, but nothing uses it`);
  }
}

function labelsNamed(actions: Element | undefined): [string | undefined, Element][] {
  return withDescendants(actions).flatMap((element) =>
    Array.from(element.attributes, (a) => a.value)
      .filter((value) => value.startsWith('$LocLabels:'))
      .map((value): [string, Element] => [value.slice('$LocLabels:'.length), element]),
  );
}

/** Scripts, icons and functions that the ribbon names. */
function checkResources(ribbon: Element, scope: Scope, report: Report): void {
  for (const element of withDescendants(ribbon)) {
    for (const { value } of Array.from(element.attributes)) {
      const name = /^\$webresource:(.+)$/i.exec(value)?.[1];
      if (name?.startsWith(scope.prefix) && !scope.resources.has(name))
        report('RIBBON_RESOURCE', element, `${scope.where} uses ${name}, which is not in the package`);
    }
    const functionName = attr(element, 'FunctionName');
    if (functionName === undefined) continue;
    const library = attr(element, 'Library')?.replace(/^\$webresource:/i, '') ?? '';
    const script = scope.resources.get(library);
    if (script !== undefined && !hasFunction(script, functionName))
      report('RIBBON_FUNCTION', element, `${scope.where} calls ${functionName}, which ${library} does not have`);
  }
}

function withDescendants(element: Element | undefined): Element[] {
  return element ? [element, ...children(element).flatMap((part) => withDescendants(part))] : [];
}
