/**
 * The routes of the control API, one row each. A row only translates: what happens is the emulators'
 * own business, and so are the refusals.
 */
import type { ControlHandler } from './control-input';
import { peopleRows } from './control-people';
import { worldRows } from './control-world';

export const controlHandlers: readonly ControlHandler[] = [...worldRows, ...peopleRows].map(
  ([method, path, about, action]) => ({ method, path, about, action }),
);
