/** A panel on a form for tests: what it reads, where it sends the seller, and what it writes. */
import { act, fireEvent } from '@testing-library/react';
import { contextOf, renderControl, textsOf } from '../../kit/testing';
import type { ContextOptions } from '../../kit/testing';
import type { IInputs, IOutputs } from '../CosellPanel/generated/ManifestTypes';
import { CosellPanel } from '../CosellPanel/index';
import { completeRow, inputs, type Row, type Security, type Values } from './test-deal';

export interface ShowOptions {
  readonly row?: Row | (() => Promise<Row>);
  readonly people?: readonly Row[];
  readonly security?: Partial<Record<keyof IInputs, Security>>;
  readonly absent?: readonly string[];
  readonly context?: Partial<ContextOptions<IInputs>>;
}

export async function showPanel(first: Values, options: ShowOptions = {}) {
  const { row = completeRow, people = [], security, absent } = options;
  let values = first;
  const reads: string[] = [];
  const jumps: unknown[] = [];
  const webAPI = {
    retrieveRecord: (table: string, id: string) => {
      reads.push(`${table} ${id}`);
      return (typeof row === 'function' ? row() : Promise.resolve(row)) as Promise<ComponentFramework.WebApi.Entity>;
    },
    retrieveMultipleRecords: (table: string) => {
      reads.push(table);
      return Promise.resolve({ entities: [...people], nextLink: '' });
    },
  };
  const context = (extra: Partial<ContextOptions<IInputs>> = {}) =>
    contextOf<IInputs>({
      parameters: inputs(values, security, absent),
      texts: textsOf('cosell-panel', options.context?.languageId ?? extra.languageId),
      webAPI,
      events: { onJumpToField: (payload) => void jumps.push(payload) },
      ...options.context,
      ...extra,
    });
  const rendered = renderControl<IInputs, IOutputs>(CosellPanel, context());
  await settle();
  return {
    ...rendered,
    reads,
    jumps,
    /** Another state of the form, as after a save or a change by a script. */
    /** @param updated what the platform says has changed */
    change: (
      next: Values,
      updated: string[] = Object.keys(next),
      extra: Partial<ContextOptions<IInputs>> = {},
    ): Promise<void> => {
      values = { ...values, ...next };
      return act(async () => {
        rendered.update(Object.assign(context(extra), { updatedProperties: updated }));
        await answers();
      });
    },
    /** All columns that were written, later ones over earlier ones. */
    written: (): IOutputs => Object.assign({}, ...rendered.outputs) as IOutputs,
  };
}

/** Lets answers of the Web API arrive. */
export const settle = (): Promise<void> => act(answers);

/** A read passes through a dozen promises before it is drawn. */
async function answers(): Promise<void> {
  for (let turn = 0; turn < 12; turn++) await Promise.resolve();
}

const selectors = {
  button: 'button:not([role])',
  switch: '[role=switch]',
  combobox: '[role=combobox]',
  option: '[role=option]',
  link: 'a[href]',
  heading: 'h3, h4',
  card: '[role=group][aria-label]',
  dialog: '[role=dialog]',
  alert: '[role=alert]',
  textbox: 'textarea',
  item: 'li',
} as const;
export type Role = keyof typeof selectors;

/**
 * What a person finds under a name. By selector, because the library's search by role computes the style of every
 * element, which takes seconds for a page of Fluent in jsdom; the browser tests look at the real accessibility tree.
 */
export function all(role: Role, name: RegExp = /./): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>(selectors[role])].filter((element) => name.test(nameOf(element)));
}

/** @throws Error when there is none, or more than one */
export function the(role: Role, name?: RegExp): HTMLElement {
  const found = all(role, name);
  if (found[0] && found.length === 1) return found[0];
  throw new Error(`${found.length} × ${role} ${String(name ?? '')}; there are: ${all(role).map(nameOf).join(' | ')}`);
}

function nameOf(element: HTMLElement): string {
  const label = element.id && document.querySelector(`label[for="${element.id}"]`)?.textContent;
  return element.getAttribute('aria-label') ?? (label || (element.textContent ?? ''));
}

export const click = (role: Role, name: RegExp): Promise<void> =>
  act(async () => {
    fireEvent.click(the(role, name));
    await answers();
  });
/** Also what can be reached by keyboard, so that the focus has where to stay. */
export const isOff = (role: Role, name: RegExp): boolean =>
  (the(role, name) as HTMLButtonElement).disabled || the(role, name).getAttribute('aria-disabled') === 'true';
/** Everything that can be read, the announcements left out. */
export const shown = (): string =>
  [...document.body.querySelectorAll('*')]
    .filter((element) => element.getAttribute('role') !== 'status' && !element.closest('[role=status]'))
    .flatMap((element) => [...element.childNodes])
    .map((node) => (node.nodeType === Node.TEXT_NODE ? node.textContent : ''))
    .filter(Boolean)
    .join('\n');
/** What a screen reader is told when it changes. */
export const announced = (): string => document.querySelector('[role=status]')?.textContent ?? '';
