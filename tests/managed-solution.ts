/** The managed solution without its controls, scripts and forms: what the worker needs. */
export { managedSolution } from '../solution/kept-pack';
