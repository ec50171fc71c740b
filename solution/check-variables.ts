/**
 * Environment variable definitions: type, and a default that fits it.
 */
import type { Check } from './check';
import { prefixOf, variablesOf } from './package';
import { attr, children, text } from './xml';

/** Type code to what a default of it must look like. Data sources and secrets are not used. */
const defaults: Readonly<Record<string, (value: string) => boolean>> = {
  '100000000': () => true,
  '100000001': (value) => /^-?\d+(\.\d+)?$/.test(value),
  '100000002': (value) => value === 'yes' || value === 'no',
  '100000003': isJson,
};
const maxDefaultLength = 2000;

export const checkVariables: Check = (pkg, report) => {
  const prefix = `${prefixOf(pkg)}_`;
  for (const { path, root } of variablesOf(pkg)) {
    const name = attr(root, 'schemaname') ?? '';
    if (!name.startsWith(prefix)) report('ENVIRONMENT_VARIABLE', path, `${name} must begin with ${prefix}`);
    if (path.split('/')[1] !== name) report('ENVIRONMENT_VARIABLE', path, `${name} must lie in a folder of its name`);
    const fits = defaults[text(root, 'type') ?? ''];
    const value = text(root, 'defaultvalue');
    if (!fits)
      report('ENVIRONMENT_VARIABLE', path, `${name}: type ${text(root, 'type') ?? 'is absent'} is not known here`);
    else if (value !== undefined && (!fits(value) || value.length > maxDefaultLength)) {
      report('ENVIRONMENT_VARIABLE_DEFAULT', path, `${name}: ${value.slice(0, 40)} does not fit the type`);
    }
    for (const part of ['displayname', 'description']) {
      const element = children(root, part)[0];
      if (!attr(element, 'default') || children(element, 'label').length === 0) {
        report('LABEL_MISSING', path, `${name} has no ${part}`);
      }
    }
  }
  for (const path of pkg.parts.keys()) {
    if (path.endsWith('/environmentvariablevalues.json')) {
      report('ENVIRONMENT_VARIABLE_VALUE', path, "a value in the solution would overwrite the customer's own");
    }
  }
};

function isJson(value: string): boolean {
  try {
    JSON.parse(value);
    return true;
  } catch {
    return false;
  }
}
