/**
 * How the services of a world answer where their documents leave it open.
 */
import { pick, type Random } from './random';

/** What the services' documents leave open is different from world to world. */
export function switchesOf(random: Random): Record<string, string | number> {
  const some: readonly (readonly [string, readonly (string | number)[]])[] = [
    ['list.includesMicrosoft', ['off', 'on']],
    ['patch.noPrefer', [204, 200]],
    ['patch.noChange', ['newVersion', 'keep']],
    ['patch.extraPaths', ['name+attributes', 'none']],
    ['related.movesOwn', ['off', 'on']],
    ['etagMismatch', ['412 preconditionFailed', '412 resourceModified', '409 resourceModified']],
    ['terminal', [400, 409, 422]],
    ['list.continuation', ['offset', 'keyset']],
    ['crm.conditionsInChangeSet', ['accept', 'accept', 'accept', 'refuse']],
    ['crm.deltaInBatch', ['accept', 'refuse']],
    ['crm.wonLostReadOnly', ['off', 'on']],
    ['crm.unselectedColumnChangesSurface', ['on', 'off']],
    ['crm.deltaDuplicateRow', ['off', 'on']],
    ['crm.deletesLast', ['on', 'off']],
  ];
  return Object.fromEntries(
    some.map(([name, values]) => [name, random() < 0.7 ? (values[0] as string) : pick(random, values)]),
  );
}
