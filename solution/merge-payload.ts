/**
 * Components that carry files: web resources and code components.
 *
 * A web resource is a file and its description beside it (`.data.xml`); in the zip it lies where
 * the description says. A code component is a folder with its built manifest; everything in the
 * folder goes along.
 */
import type { Merge } from './merge';
import { text } from './xml';

export function mergeWebResources(merge: Merge): void {
  for (const { path, name } of merge.take(/^WebResources\/(.+)\.data\.xml$/)) {
    const root = merge.root(path, 'WebResource');
    const [payload] = merge.take(new RegExp(`^(WebResources/${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')})$`));
    if (!payload) merge.found('PAYLOAD_MISSING', path, `WebResources/${name} is not there`);
    if (!root) continue;
    merge.sameName(path, name, text(root, 'Name'));
    const fileName = text(root, 'FileName') ?? '';
    if (!fileName.startsWith('/WebResources/')) {
      merge.found(
        'WEB_RESOURCE_FILE_NAME',
        path,
        `FileName is ${fileName || 'empty'}, it must begin with /WebResources/`,
      );
    } else if (payload) merge.copy(payload.path, fileName.slice(1));
    merge.append(merge.section('WebResources', path), root, path);
  }
  for (const { path } of merge.take(/^(WebResources)\/.+$/)) {
    merge.found('DESCRIPTION_MISSING', path, 'a web resource needs a .data.xml beside it');
  }
}

export function mergeControls(merge: Merge): void {
  const described = new Set<string>();
  for (const { path, name } of merge.take(/^Controls\/([^/]+)\/ControlManifest\.xml\.data\.xml$/)) {
    described.add(name);
    const root = merge.root(path, 'CustomControl');
    if (!root) continue;
    merge.sameName(path, name, text(root, 'Name'));
    const manifestPath = `/Controls/${name}/ControlManifest.xml`;
    if (text(root, 'FileName') !== manifestPath) {
      merge.found('CONTROL_FOLDER', path, `FileName must be ${manifestPath}`);
    }
    if (!merge.tree.has(manifestPath.slice(1))) {
      merge.found('PAYLOAD_MISSING', path, `${manifestPath.slice(1)} is not there; build and stage the control first`);
    }
    merge.append(merge.section('CustomControls', path), root, path);
  }
  for (const { path, name } of merge.take(/^Controls\/([^/]+)\/.+$/)) {
    if (described.has(name)) merge.copy(path, path);
    else merge.found('DESCRIPTION_MISSING', path, `Controls/${name}/ControlManifest.xml.data.xml is not there`);
  }
}
