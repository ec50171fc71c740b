/**
 * RibbonDiffXml -> buttons with their commands, rules and texts.
 *
 * Knows the three places where our solution puts commands: a table's form, its main grid and its
 * sub-grid. Microsoft Learn: "Customize commands and the ribbon", "Define ribbon enable rules".
 */
import type { Element } from '@xmldom/xmldom';
import { all, attribute, child, children } from '../dataverse/solution-read';
import type { ButtonModel, CommandAction, CommandParameter, RuleModel, Words } from './model';
import { attributesOf, wordsOf } from './package-files';

interface Definitions {
  readonly commands: ReadonlyMap<string, Element>;
  readonly rules: ReadonlyMap<string, readonly Element[]>;
  readonly labels: ReadonlyMap<string, Words>;
}

export function buttonsOf(entity: Element): ButtonModel[] {
  const diff = child(entity, 'RibbonDiffXml');
  const byId = (elements: readonly Element[]): Map<string, Element> =>
    new Map(elements.map((each) => [attribute(each, 'Id') ?? '', each]));
  const rules = new Map<string, readonly Element[]>();
  for (const kind of ['EnableRule', 'DisplayRule']) {
    for (const rule of all(diff, 'RuleDefinitions', `${kind}s`, kind))
      rules.set(`${kind} ${attribute(rule, 'Id') ?? ''}`, elementsIn(rule));
  }
  const definitions: Definitions = {
    commands: byId(all(diff, 'CommandDefinitions', 'CommandDefinition')),
    rules,
    labels: new Map(
      all(diff, 'LocLabels', 'LocLabel').map((each) => [
        attribute(each, 'Id') ?? '',
        wordsOf(each, [['Titles', 'Title']]),
      ]),
    ),
  };
  return all(diff, 'CustomActions', 'CustomAction')
    .flatMap((action) => {
      const place = placeOf(attribute(action, 'Location') ?? '');
      const sequence = Number(attribute(action, 'Sequence') ?? 0);
      return all(action, 'CommandUIDefinition')
        .flatMap(elementsIn)
        .flatMap((each) => buttonOf(each, place, sequence, definitions));
    })
    .sort((a, b) => a.sequence - b.sequence);
}

function placeOf(location: string): string {
  const kind = /^Mscrm\.(Form|HomepageGrid|SubGrid)\./.exec(location)?.[1];
  if (!kind) throw new Error(`The form host does not model commands at ${location}`);
  return { Form: 'form', HomepageGrid: 'grid', SubGrid: 'subgrid' }[kind] ?? '';
}

function buttonOf(element: Element, place: string, sequence: number, definitions: Definitions): ButtonModel[] {
  const kind = element.nodeName;
  if (kind === 'Group')
    return all(element, 'Controls')
      .flatMap(elementsIn)
      .flatMap((each) => buttonOf(each, place, sequence, definitions));
  if (!['Button', 'FlyoutAnchor', 'SplitButton'].includes(kind))
    throw new Error(`The form host does not model the ribbon element ${kind}`);
  const { actions, rules } = commandOf(attribute(element, 'Command') ?? '', definitions);
  const icon = /^\$webresource:(.+)$/.exec(
    attribute(element, 'ModernImage') ?? attribute(element, 'Image16by16') ?? '',
  )?.[1];
  const menu = all(element, 'Menu', 'MenuSection', 'Controls')
    .flatMap(elementsIn)
    .flatMap((each) => buttonOf(each, place, Number(attribute(each, 'Sequence') ?? 0), definitions));
  return [
    {
      id: attribute(element, 'Id') ?? '',
      place,
      sequence,
      label: textOf(attribute(element, 'LabelText'), definitions),
      description: textOf(attribute(element, 'ToolTipDescription') ?? attribute(element, 'ToolTipTitle'), definitions),
      ...(icon === undefined ? {} : { icon }),
      ...(kind === 'Button' ? {} : { menu: menu.sort((a, b) => a.sequence - b.sequence) }),
      actions,
      rules,
    },
  ];
}

function textOf(text: string | undefined, { labels }: Definitions): Words {
  const id = /^\$LocLabels:(.+)$/.exec(text ?? '')?.[1];
  if (id === undefined) return text === undefined ? {} : { '1033': text };
  const words = labels.get(id);
  if (!words) throw new Error(`The ribbon has no LocLabel ${id}`);
  return words;
}

function commandOf(id: string, definitions: Definitions): { actions: CommandAction[]; rules: RuleModel[] } {
  const command = definitions.commands.get(id);
  // A flyout may carry a command of the platform; it has nothing to run and its rules are the platform's.
  if (!command) {
    if (id === '' || id.startsWith('Mscrm.')) return { actions: [], rules: [] };
    throw new Error(`The ribbon has no command ${id}`);
  }
  const rules = ['EnableRule', 'DisplayRule'].flatMap((kind) =>
    all(command, `${kind}s`, kind).flatMap((use) => {
      const rule = attribute(use, 'Id') ?? '';
      const defined = definitions.rules.get(`${kind} ${rule}`);
      if (defined) return defined.map(ruleOf);
      if (rule.startsWith('Mscrm.')) return [{ kind: rule, attributes: {}, parameters: [], groups: [] }];
      throw new Error(`The ribbon has no ${kind} ${rule}`);
    }),
  );
  return { actions: all(command, 'Actions').flatMap(elementsIn).map(actionOf), rules };
}

function actionOf(element: Element): CommandAction {
  if (element.nodeName !== 'JavaScriptFunction')
    throw new Error(`The form host does not model the action ${element.nodeName}`);
  return {
    library: webResourceName(attribute(element, 'Library')),
    functionName: attribute(element, 'FunctionName') ?? '',
    parameters: parametersOf(element),
  };
}

function ruleOf(element: Element): RuleModel {
  const attributes = attributesOf(element);
  if (attributes['Library'] !== undefined) attributes['Library'] = webResourceName(attributes['Library']);
  return {
    kind: element.nodeName,
    attributes,
    parameters: parametersOf(element),
    groups: children(element, 'Or').map((group) => elementsIn(group).map(ruleOf)),
  };
}

function webResourceName(library: string | undefined): string {
  return (library ?? '').replace(/^\$webresource:/, '');
}

function parametersOf(element: Element): CommandParameter[] {
  return elementsIn(element)
    .filter((each) => each.nodeName.endsWith('Parameter'))
    .map((each) => ({ kind: each.nodeName, value: attribute(each, 'Value') ?? '' }));
}

function elementsIn(parent: Element): Element[] {
  const found: Element[] = [];
  for (let node = parent.firstChild; node; node = node.nextSibling)
    if (node.nodeType === 1) found.push(node as Element);
  return found;
}
