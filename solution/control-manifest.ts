/**
 * What the manifest of a code component declares, as far as solutions depend on it.
 */
import { inSection, type Package } from './package';
import { attr, child, children, MalformedXml, parseXml, rootOf, text, type Element } from './xml';

export interface ControlProperty {
  usage: string;
  required: boolean;
  /** `of-type`; empty when the manifest gives a group of types instead. */
  type: string;
  /** Names of the values of an Enum. */
  values: readonly string[];
}

export interface ControlManifest {
  /** `Namespace.Constructor`, without the publisher's prefix. */
  name: string;
  version: string;
  properties: ReadonlyMap<string, ControlProperty>;
  dataSets: ReadonlySet<string>;
  /** Paths of code, styles, strings and images, relative to the manifest. */
  resources: readonly string[];
  /** Path of the code among them. */
  code: string | undefined;
}

/** Manifests of all components in the package, by component name; those that can be read. */
export function controlsOf(pkg: Package): ReadonlyMap<string, ControlManifest> {
  const manifests = new Map<string, ControlManifest>();
  for (const control of inSection(pkg, 'CustomControls')) {
    const name = text(control, 'Name') ?? '';
    const manifest = readManifest(pkg, name);
    if (manifest) manifests.set(name, manifest);
  }
  return manifests;
}

/** Undefined when it is absent or is not a manifest; the checks of components report that. */
export function readManifest(pkg: Package, control: string): ControlManifest | undefined {
  const bytes = pkg.parts.get(`Controls/${control}/ControlManifest.xml`);
  if (!bytes) return undefined;
  try {
    const element = child(rootOf(parseXml(new TextDecoder().decode(bytes))), 'control');
    return element && manifestOf(element);
  } catch (error) {
    if (error instanceof MalformedXml) return undefined;
    throw error;
  }
}

function manifestOf(control: Element): ControlManifest {
  const resources = children(child(control, 'resources')).filter((r) =>
    ['code', 'css', 'resx', 'img'].includes(r.nodeName),
  );
  return {
    name: `${attr(control, 'namespace') ?? ''}.${attr(control, 'constructor') ?? ''}`,
    version: attr(control, 'version') ?? '',
    properties: new Map(
      children(control, 'property').map((property) => [
        attr(property, 'name') ?? '',
        {
          usage: attr(property, 'usage') ?? '',
          required: attr(property, 'required') === 'true',
          type: attr(property, 'of-type') ?? '',
          values: children(property, 'value').map((value) => value.textContent?.trim() ?? ''),
        },
      ]),
    ),
    dataSets: new Set(children(control, 'data-set').map((dataSet) => attr(dataSet, 'name') ?? '')),
    resources: resources.map((resource) => attr(resource, 'path') ?? ''),
    code: attr(
      resources.find((resource) => resource.nodeName === 'code'),
      'path',
    ),
  };
}
