/**
 * Code components and web resources: what they name is in the package, and is the built thing.
 */
import type { Check } from './check';
import { readManifest } from './control-manifest';
import { inSection, prefixOf } from './package';
import { text } from './xml';

/** Type codes of web resources (Microsoft Learn: "Web resources for model-driven apps"); Silverlight (8) is gone. */
const webResourceTypes = ['1', '2', '3', '4', '5', '6', '7', '9', '10', '11', '12'];

export const checkControls: Check = (pkg, report) => {
  const prefix = `${prefixOf(pkg)}_`;
  const read = (path: string): string | undefined => {
    const bytes = pkg.parts.get(path);
    return bytes && new TextDecoder().decode(bytes);
  };
  for (const control of inSection(pkg, 'CustomControls')) {
    const name = text(control, 'Name') ?? '';
    const folder = `Controls/${name}`;
    const manifest = readManifest(pkg, name);
    if (!manifest) {
      report('CONTROL_MANIFEST', control, `${folder}/ControlManifest.xml is absent or not a manifest`);
      continue;
    }
    if (name !== prefix + manifest.name)
      report('CONTROL_FOLDER', control, `${name} holds the component ${manifest.name}`);
    if (!/^\d+\.\d+\.\d+$/.test(manifest.version))
      report('CONTROL_MANIFEST', control, `${name} has version ${manifest.version}`);
    for (const resource of manifest.resources) {
      if (!pkg.parts.has(`${folder}/${resource}`))
        report('CONTROL_RESOURCE_MISSING', control, `${folder}/${resource} is not there`);
    }
    const bundle = manifest.code === undefined ? undefined : read(`${folder}/${manifest.code}`);
    // A build registers its class with the framework by this very name; a stub or the source does not.
    const registers = new RegExp(`registerControl\\(\\s*['"]${manifest.name.replace('.', '\\.')}['"]`);
    if (bundle !== undefined && !registers.test(bundle)) {
      report(
        'CONTROL_BUNDLE_STUB',
        control,
        `${folder}/${manifest.code} does not register ${manifest.name}; is it built?`,
      );
    }
  }
  for (const resource of inSection(pkg, 'WebResources')) {
    const name = text(resource, 'Name') ?? '';
    const path = text(resource, 'FileName')?.slice(1) ?? '';
    if (!name.startsWith(prefix)) report('WEB_RESOURCE_NAME', resource, `${name} must begin with ${prefix}`);
    if (!webResourceTypes.includes(text(resource, 'WebResourceType') ?? '')) {
      report('WEB_RESOURCE_TYPE', resource, `${name} has type ${text(resource, 'WebResourceType') ?? 'none'}`);
    }
    const bytes = pkg.parts.get(path);
    if (!bytes) report('PAYLOAD_MISSING', resource, `${path || 'FileName'} of ${name} is not there`);
    else if (bytes.length === 0) report('PAYLOAD_EMPTY', resource, `${path} of ${name} is empty`);
  }
};
