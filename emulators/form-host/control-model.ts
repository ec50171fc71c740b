/**
 * ControlManifest.xml of a built code component -> what the page needs to load and feed it.
 *
 * Only the built form is read (not the input manifest). Kinds of resources that no control of ours
 * uses are refused by name. Microsoft Learn: "Manifest schema reference".
 */
import type { Element } from '@xmldom/xmldom';
import { all, attribute, child, children } from '../dataverse/solution-read';
import type { ControlModel, ControlProperty } from './model';
import { parseXml } from './package-files';

const knownResources = new Set(['code', 'css', 'resx', 'platform-library', 'img']);

/** `name`: deployed name with the publisher's prefix, such as `cosell_Cosell.CosellPanel`. */
export function controlOf(name: string, manifest: string): ControlModel {
  const control = child(parseXml(manifest, `${name}/ControlManifest.xml`), 'control');
  if (!control) throw new Error(`${name}: the manifest has no control element`);
  const resources = child(control, 'resources');
  refuseUnknownResources(name, resources);
  const paths = (kind: string): string[] =>
    children(resources ?? control, kind).map((each) => attribute(each, 'path') ?? '');
  const [code] = paths('code');
  if (code === undefined) throw new Error(`${name}: the manifest names no code`);
  return {
    name,
    registered: `${attribute(control, 'namespace') ?? ''}.${attribute(control, 'constructor') ?? ''}`,
    virtual: ['virtual', 'react'].includes(attribute(control, 'control-type') ?? 'standard'),
    properties: children(control, 'property').map(propertyOf),
    dataSets: children(control, 'data-set').map((each) => ({
      name: attribute(each, 'name') ?? '',
      columns: all(each, 'property-set').map((set) => attribute(set, 'name') ?? ''),
    })),
    events: children(control, 'event').map((each) => attribute(each, 'name') ?? ''),
    code,
    styles: paths('css'),
    strings: paths('resx'),
  };
}

function propertyOf(element: Element): ControlProperty {
  const usage = attribute(element, 'usage') ?? '';
  if (usage !== 'bound' && usage !== 'input' && usage !== 'output')
    throw new Error(`Usage ${usage} of a property is not modelled`);
  const preset = attribute(element, 'default-value');
  return {
    name: attribute(element, 'name') ?? '',
    usage,
    type: attribute(element, 'of-type') ?? attribute(element, 'of-type-group') ?? '',
    required: attribute(element, 'required') === 'true',
    ...(preset === undefined ? {} : { defaultValue: preset }),
  };
}

function refuseUnknownResources(name: string, resources: Element | undefined): void {
  for (let node = resources?.firstChild ?? null; node; node = node.nextSibling) {
    if (node.nodeType === 1 && !knownResources.has(node.nodeName)) {
      throw new Error(`${name}: the form host does not model the resource ${node.nodeName}`);
    }
  }
}
