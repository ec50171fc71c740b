/**
 * A model-driven form, read and written without surprises.
 *
 * Every customer's form is another one: any column may be missing from it, on it twice, or hidden. Nothing in here
 * throws for that, and nothing decides about deals.
 */
import type { Ref, Row } from './records';

export type Form = Xrm.FormContext;
type Control = Xrm.Controls.StandardControl;

export function attributeOf(form: Form, column: string): Xrm.Attributes.Attribute | null {
  return form.getAttribute<Xrm.Attributes.Attribute>(column) ?? null;
}

export function has(form: Form, column: string): boolean {
  return attributeOf(form, column) !== null;
}

/** The value as the form holds it; null when the column is empty or not on the form. */
export function valueOf(form: Form, column: string): unknown {
  return (attributeOf(form, column)?.getValue() as unknown) ?? null;
}

export function setValue(form: Form, column: string, value: unknown): void {
  attributeOf(form, column)?.setValue(value as Xrm.Attributes.AttributeValues | null);
}

/** All places in which the form shows the column. */
export function controlsOf(form: Form, column: string): Control[] {
  const controls: Control[] = [];
  attributeOf(form, column)?.controls.forEach((control) => controls.push(control as Control));
  return controls;
}

/** Id without braces in lower case; '' for a record that was never saved. */
export function recordId(form: Form): string {
  return guid(form.data.entity.getId());
}

export function tableOf(form: Form): string {
  return form.data.entity.getEntityName();
}

export function guid(id: string | null | undefined): string {
  return (id ?? '').replace(/[{}]/g, '').toLowerCase();
}

/** The record that a lookup column points to. */
export function refOf(form: Form, column: string): Ref | null {
  return asRef(valueOf(form, column));
}

/** Values of some columns in the shape in which the Web API's rows come, so that rules need not know their origin. */
export function rowOf(form: Form, columns: readonly string[]): Row {
  const row: Record<string, Row[string]> = {};
  for (const column of columns) if (has(form, column)) row[column] = plain(valueOf(form, column));
  return row;
}

function plain(value: unknown): Row[string] {
  if (value instanceof Date) return day(value);
  if (Array.isArray(value)) return asRef(value);
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
}

function asRef(value: unknown): Ref | null {
  const [first] = Array.isArray(value) ? (value as (Xrm.LookupValue | undefined)[]) : [];
  return first ? { id: guid(first.id), table: first.entityType, name: first.name ?? '' } : null;
}

/** A form gives a day as midnight of the user's own day, whatever the time zone. */
function day(at: Date): string {
  const two = (part: number): string => String(part).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

/** Is the record open for edits here? Inactive records and users without the right see a read-only form. */
export function isEditable(form: Form): boolean {
  const type = form.ui.getFormType() as number;
  const create = 1;
  const update = 2;
  return type === create || type === update;
}
