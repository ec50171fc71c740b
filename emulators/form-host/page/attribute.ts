/**
 * One column of the record on the form: current value, saved value, and what scripts may set on it.
 */
import type { ColumnInfo } from './metadata';
import { same, type Value } from './values';

export type RequiredLevel = 'none' | 'recommended' | 'required';
export type SubmitMode = 'dirty' | 'always' | 'never';
export type Handler = (context: unknown) => unknown;

export class Attribute {
  required: RequiredLevel;
  submit: SubmitMode = 'dirty';
  readonly onChange: Handler[] = [];
  private current: Value = null;
  private saved: Value = null;

  constructor(readonly info: ColumnInfo) {
    this.required = info.required ? 'required' : info.recommended ? 'recommended' : 'none';
  }

  get value(): Value {
    return this.current;
  }

  get dirty(): boolean {
    return !same(this.current, this.saved);
  }

  get savedValue(): Value {
    return this.saved;
  }

  /** Takes what the service says; the attribute is clean then. Answers whether the value is another. */
  load(value: Value): boolean {
    const moved = !same(this.current, value);
    this.current = value;
    this.saved = value;
    return moved;
  }

  set(value: Value): boolean {
    const next = value === '' ? null : value;
    const moved = !same(this.current, next);
    this.current = next;
    return moved;
  }
}
