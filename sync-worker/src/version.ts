/** Version of the worker, as package.json has it; a test compares the two. The bundle has no package.json beside it. */
export const workerVersion = '0.1.0';
