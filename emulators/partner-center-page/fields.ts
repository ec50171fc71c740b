/** Fields of forms, each with its label tied to it. */
import { html, type Html } from './html';

export interface Field {
  readonly form: string;
  readonly name: string;
  readonly label: string;
  readonly value?: string | number | null;
  readonly type?: 'text' | 'email' | 'tel' | 'number' | 'date';
  readonly required?: boolean;
  readonly hint?: string;
  readonly autocomplete?: string;
}

const idOf = ({ form, name }: Pick<Field, 'form' | 'name'>): string => `${form}-${name}`.replace(/\W/g, '-');

export function input(field: Field): Html {
  const id = idOf(field);
  const type = field.type ?? 'text';
  return html`<p class="field">
    <label for="${id}">${field.label}${field.required && html` <span class="must">(required)</span>`}</label>
    <input
      id="${id}"
      name="${field.name}"
      type="${type}"
      value="${field.value ?? ''}"
      autocomplete="off"
      ${type === 'number' && html`step="any" inputmode="decimal"`}
      ${field.required && html`required`}
      ${field.hint && html`aria-describedby="${id}-hint"`}
    />
    ${field.hint && html`<span class="hint" id="${id}-hint">${field.hint}</span>`}
  </p>`;
}

export function area(field: Field): Html {
  const id = idOf(field);
  return html`<p class="field wide">
    <label for="${id}">${field.label}</label>
    <textarea id="${id}" name="${field.name}" rows="3">${field.value ?? ''}</textarea>
  </p>`;
}

export function select(field: Field, options: readonly (readonly [value: string, label: string])[]): Html {
  const id = idOf(field);
  return html`<p class="field">
    <label for="${id}">${field.label}</label>
    <select id="${id}" name="${field.name}">
      ${options.map(
        ([value, label]) => html`<option value="${value}" ${value === field.value && html`selected`}>${label}</option>`,
      )}
    </select>
  </p>`;
}

export interface Box {
  readonly value: string;
  readonly label: string;
  readonly checked: boolean;
}

export function boxes(form: string, name: string, legend: string, options: readonly Box[]): Html {
  return html`<fieldset class="field wide">
    <legend>${legend}</legend>
    ${options.map(
      ({ value, label, checked }, at) =>
        html`<label class="box" for="${form}-${name}-${at}">
          <input
            type="checkbox"
            id="${form}-${name}-${at}"
            name="${name}"
            value="${value}"
            ${checked && html`checked`}
          />
          <span>${label}</span>
        </label>`,
    )}
  </fieldset>`;
}

/** A form that was refused: its name and what was typed. */
export interface Typed {
  readonly form: string;
  readonly values: URLSearchParams;
}

/** The same fields, which remember what was typed into the form that was refused. */
export interface Parts {
  readonly typedForm: string | undefined;
  input(field: Field): Html;
  area(field: Field): Html;
  select(field: Field, options: readonly (readonly [value: string, label: string])[]): Html;
  boxes(form: string, name: string, legend: string, options: readonly Box[]): Html;
}

export function partsFor(typed: Typed | undefined): Parts {
  const recall = (field: Field): Field =>
    typed?.form === field.form ? { ...field, value: typed.values.get(field.name) ?? '' } : field;
  return {
    typedForm: typed?.form,
    input: (field) => input(recall(field)),
    area: (field) => area(recall(field)),
    select: (field, options) => select(recall(field), options),
    boxes: (form, name, legend, options) =>
      boxes(
        form,
        name,
        legend,
        typed?.form !== form
          ? options
          : options.map((option) => ({ ...option, checked: typed.values.getAll(name).includes(option.value) })),
      ),
  };
}
