/** What every action of the control API is given, and how it reads its body. */
import type { World } from './index';

export interface ActionInput {
  readonly world: World;
  /** Parts of the path. */
  readonly names: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
}

export type Action = (input: ActionInput) => unknown;

export interface ControlHandler {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly about: string;
  readonly action: Action;
}

/** Method, path, what it does, how. */
export type ControlRow = readonly [ControlHandler['method'], string, string, Action];

export function found<Value>(value: Value | undefined): Value {
  if (value === undefined) throw Object.assign(new Error('There is no such thing'), { status: 404 });
  return value;
}

export function textOf(body: Readonly<Record<string, unknown>>, name: string): string {
  const value = body[name];
  if (typeof value !== 'string') throw new Error(`${name} is required`);
  return value;
}

export function optionalText(body: Readonly<Record<string, unknown>>, name: string): string | undefined {
  return body[name] === undefined ? undefined : textOf(body, name);
}

export function oneOf<Choice extends string>(
  body: Readonly<Record<string, unknown>>,
  name: string,
  choices: readonly Choice[],
): Choice {
  const choice = choices.find((known) => known === body[name]);
  if (choice === undefined) throw new Error(`${name} must be one of: ${choices.join(', ')}`);
  return choice;
}
