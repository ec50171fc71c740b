/**
 * Checked assignment of switches that came as JSON, for the services whose switches are plain typed
 * objects: same name, same kind of value. A text in place of a number would make an emulator lie.
 */
import type { DataverseSwitches } from './dataverse';
import type { EntraSwitches } from './entra';

export function setEntraSwitch(switches: EntraSwitches, name: string, value: unknown): void {
  assign(switches, name, value);
}

/** Members of `limits` may be given alone. */
export function setDataverseSwitch(switches: DataverseSwitches, name: string, value: unknown): void {
  if (name !== 'limits') return assign(switches, name, value);
  for (const [limit, one] of Object.entries((value ?? {}) as Record<string, unknown>))
    assign(switches.limits, limit, one);
}

/** On/off and the other words of the two services, so that a slip of the pen is found. */
const words = new Set([
  ...['on', 'off', 'accept', 'refuse', 'allow', 'base', 'fixed400', 'inner', 'one', 'each'],
  ...['oldStaysValid', 'oldRevokedAfterUse', 'reuseRevokesFamily', 'signsIn', 'cancels'],
]);

function assign(switches: object, name: string, value: unknown): void {
  const was = (switches as Record<string, unknown>)[name];
  if (!Object.hasOwn(switches, name)) throw new Error(`There is no switch ${name}`);
  const fits = Array.isArray(was) ? Array.isArray(value) : typeof was === typeof value;
  if (!fits || (typeof value === 'string' && !words.has(value))) {
    throw new Error(`${name} does not take ${JSON.stringify(value)}`);
  }
  Object.assign(switches, { [name]: value });
}
