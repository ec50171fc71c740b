/**
 * The tree without what a build makes, and without what refers to it: tables, choices, roles, settings.
 *
 * For tests of the worker and of the emulators, which need the data model and must not wait for
 * front-end builds. What is left is a whole solution that passes every check; nothing that a
 * customer installs is packed from it.
 */
import { textOf, type Tree } from './tree';
import { attr, child, children, parseXml, printXml, rootOf, type Element } from './xml';

const manifestPath = 'Other/Solution.xml';
const customizationsPath = 'Other/Customizations.xml';

/** Code components, web resources, apps and what shows them. */
const payloadTypes = new Set(['61', '66', '62', '80']);
const payloadFolders = /^(Controls|WebResources|AppModules|AppModuleSiteMaps)\//;

/** A ribbon without commands, as every table has one. */
const emptyRibbon = `<?xml version="1.0" encoding="utf-8"?>
<RibbonDiffXml>
  <CustomActions />
  <Templates>
    <RibbonTemplates Id="Mscrm.Templates" />
  </Templates>
  <CommandDefinitions />
  <RuleDefinitions>
    <TabDisplayRules />
    <DisplayRules />
    <EnableRules />
  </RuleDefinitions>
  <LocLabels />
</RibbonDiffXml>
`;

export function withoutPayload(tree: Tree): Tree {
  const left = new Map<string, Uint8Array>();
  const formsLeftOut = new Set<string>();
  for (const [path, bytes] of tree) {
    if (payloadFolders.test(path)) continue;
    if (refersToPayload(path, tree)) {
      const form = /\/FormXml\/[^/]+\/(\{[^}]+\})/.exec(path)?.[1];
      if (form !== undefined) formsLeftOut.add(form.toLowerCase());
      else left.set(path, new TextEncoder().encode(emptyRibbon));
    } else left.set(path, bytes);
  }
  left.set(manifestPath, manifestWithout(tree, formsLeftOut));
  // Microsoft's schema has no empty list of apps.
  const customizations = (textOf(tree, customizationsPath) ?? '').replace(/\s*<AppModules \/>/, '');
  left.set(customizationsPath, new TextEncoder().encode(customizations));
  return left;
}

/** Forms that host a code component or load a script, and ribbons that call one. */
function refersToPayload(path: string, tree: Tree): boolean {
  if (!/^Entities\/[^/]+\/(FormXml\/.+|RibbonDiff\.xml$)/.test(path)) return false;
  return /cosell_\/|name="cosell_[A-Za-z]+\.[A-Za-z]+"/.test(textOf(tree, path) ?? '');
}

function manifestWithout(tree: Tree, forms: ReadonlySet<string>): Uint8Array {
  const doc = parseXml(textOf(tree, manifestPath) ?? '');
  const manifest = child(rootOf(doc), 'SolutionManifest');
  const gone = (component: Element | undefined): boolean => {
    const type = attr(component, 'type') ?? '';
    return payloadTypes.has(type) || (type === '60' && forms.has((attr(component, 'id') ?? '').toLowerCase()));
  };
  for (const component of children(child(manifest, 'RootComponents'))) {
    if (gone(component)) component.parentNode?.removeChild(component);
  }
  for (const dependency of children(child(manifest, 'MissingDependencies'))) {
    if (gone(child(dependency, 'Dependent'))) dependency.parentNode?.removeChild(dependency);
  }
  return new TextEncoder().encode(printXml(doc));
}
