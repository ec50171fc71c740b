/**
 * The worker as the simulation runs it: the one entry that is bundled again for each mutant.
 *
 * Errors are instances of the bundle's own classes, so whatever the simulated wire throws must come from here too.
 */
export { compose } from '../../sync-worker/src/compose';
export { loadConfig } from '../../sync-worker/src/config';
export { abortError } from '../../sync-worker/src/clock';
export { SyncError } from '../../sync-worker/src/errors';
export { lostAnswer, safeOf } from '../../sync-worker/src/http/safe';
export { run } from '../../sync-worker/src/run';
