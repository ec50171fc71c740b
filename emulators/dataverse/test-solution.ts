/**
 * Our managed solution without what must be built first (controls, scripts and what hangs on them),
 * so that tests of rights and languages run on a fresh clone. The packer's own tests check the whole.
 */
import { managedSolution } from '../../solution/kept-pack';

export const tablesAndRoles = managedSolution;
