/**
 * Control of a running world over HTTP, on a port of its own so that it can never be mistaken for a
 * service: clock, faults, journal, switches, and what people do at Microsoft, in the portal and in
 * the CRM. JSON in, JSON out; for the demo, for the CLI and for tests outside of this process.
 */
import { startServer, type EmulatorRequest, type EmulatorResponse } from './kit/server';
import { FaultPlan } from './kit/faults';
import { Journal } from './kit/journal';
import type { Action } from './control-input';
import { controlHandlers } from './control-routes';
import type { World } from './index';

export interface RunningControl {
  readonly url: string;
  stop(): Promise<void>;
}

export interface ControlRoute {
  readonly method: string;
  /** Names in braces are taken from the path. */
  readonly path: string;
  readonly about: string;
}

/** What the control API answers, as data: the documents are checked against it. */
export const controlRoutes: readonly ControlRoute[] = controlHandlers.map(({ method, path, about }) => ({
  method,
  path,
  about,
}));

export async function startControl(world: World, port: number): Promise<RunningControl> {
  return startServer({
    service: 'control',
    port,
    handler: (request) => answer(world, request),
    clock: world.clock,
    // Own ones: what the control API is asked is no evidence, and faults are for services.
    journal: new Journal(1000),
    faults: new FaultPlan(),
  });
}

async function answer(world: World, request: EmulatorRequest): Promise<EmulatorResponse> {
  if (request.method === 'GET' && request.path === '/') return { status: 200, body: controlRoutes };
  for (const route of controlHandlers) {
    const names = route.method === request.method ? matchPath(route.path, request.path) : undefined;
    if (names) return run(world, route.action, names, request);
  }
  return failure(404, `There is no control route ${request.method} ${request.path}`);
}

async function run(
  world: World,
  action: Action,
  names: Record<string, string>,
  request: EmulatorRequest,
): Promise<EmulatorResponse> {
  try {
    const query = Object.fromEntries(request.query);
    const result = await action({ world, names, query, body: bodyOf(request) });
    return { status: 200, body: { result: result ?? null } };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const status = (error as { status?: unknown }).status;
    return failure(typeof status === 'number' ? status : 400, error.message);
  }
}

/** A content type that no web page can send across origins without asking first. */
function bodyOf(request: EmulatorRequest): Record<string, unknown> {
  if (request.method === 'GET' || request.body.length === 0) return {};
  if (!(request.headers['content-type'] ?? '').startsWith('application/json')) {
    throw new Error('The content type must be application/json');
  }
  const value: unknown = JSON.parse(request.body.toString('utf8'));
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error('The body must be an object');
  return value as Record<string, unknown>;
}

function matchPath(pattern: string, path: string): Record<string, string> | undefined {
  const wanted = pattern.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return undefined;
  const names: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const value = given[index] ?? '';
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    if (name !== undefined) names[name] = value;
    else if (part !== value) return undefined;
  }
  return names;
}

function failure(status: number, message: string): EmulatorResponse {
  return { status, body: { error: { message } } };
}
