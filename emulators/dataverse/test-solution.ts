/**
 * Our managed solution without what must be built first (controls, scripts and what hangs on them),
 * so that tests of rights and languages run on a fresh clone. The packer's own tests check the whole.
 */
import { join } from 'node:path';
import { packSolution } from '../../solution/pack';
import { readTree } from '../../solution/tree';
import { withoutPayload } from '../../solution/without-payload';

let packed: Uint8Array | undefined;

export function tablesAndRoles(): Uint8Array {
  packed ??= packSolution(withoutPayload(readTree(join(__dirname, '..', '..', 'solution', 'src'))), { managed: true });
  return packed;
}
