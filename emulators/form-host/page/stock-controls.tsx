/**
 * The platform's own controls for ordinary columns, in the new look: filled fields that commit when
 * they are left.
 */
import * as React from 'react';
import { Dropdown, Input, Link, Option, Switch, Textarea } from '@fluentui/react-components';
import { DateField } from './date-field';
import type { FormSession } from './form-session';
import { useHost } from './host';
import { LookupField } from './lookup-field';
import type { ColumnInfo } from './metadata';
import { isChoice, isLookup, isNumber, type Reference, type Value } from './values';

export interface FieldProps {
  readonly session: FormSession;
  readonly info: ColumnInfo;
  readonly value: Value;
  readonly disabled: boolean;
  readonly label: string;
  readonly rows: number;
  readonly onCommit: (value: Value) => void;
  readonly onProblem: (text: string | null) => void;
}

const look = 'filled-darker';

export function StockField(props: FieldProps): React.ReactElement {
  const { info } = props;
  if (isLookup(info)) return <LookupField {...props} value={(props.value as Reference[] | null) ?? []} />;
  if (props.disabled && info.type !== 'Boolean') return <LockedField {...props} />;
  if (isChoice(info)) return <ChoiceField {...props} />;
  if (info.type === 'Boolean') return <YesNoField {...props} />;
  if (info.type === 'DateTime') return <DateField {...props} />;
  if (isNumber(info)) return <NumberField {...props} />;
  return <TextField {...props} />;
}

/** What may not be edited is still read, focused and copied. */
function LockedField({ session, info, value, label, rows }: FieldProps): React.ReactElement {
  const text = value === null ? '' : session.textOf(info.name);
  if (/url/i.test(info.format) && /^https?:/i.test(text))
    return (
      <Link className="field-url" href={text} target="_blank" rel="noopener noreferrer">
        {text}
      </Link>
    );
  if (info.type === 'Memo')
    return (
      <Textarea
        appearance={look}
        className="field-memo field-locked"
        aria-label={label}
        readOnly
        rows={Math.max(rows, 2)}
        resize="vertical"
        placeholder="---"
        value={text}
      />
    );
  return (
    <Input
      appearance={look}
      className="field field-locked"
      aria-label={label}
      readOnly
      placeholder="---"
      value={text}
    />
  );
}

/** Keeps what is typed until the field is left; a new value from outside wins. */
function useDraft(text: string): [string, (next: string) => void] {
  const [draft, setDraft] = React.useState(text);
  React.useEffect(() => setDraft(text), [text]);
  return [draft, setDraft];
}

function TextField({ info, value, disabled, label, rows, onCommit, onProblem }: FieldProps): React.ReactElement {
  const { words } = useHost();
  const text = value === null ? '' : String(value);
  const [draft, setDraft] = useDraft(text);
  const isUrl = /url/i.test(info.format);
  const commit = (): void => {
    if (isUrl && draft !== '' && !/^https?:\/\/\S+$/i.test(draft)) return onProblem(words('invalidUrl'));
    onProblem(null);
    if (draft !== text) onCommit(draft === '' ? null : draft);
  };
  if (info.type === 'Memo') {
    return (
      <Textarea
        appearance={look}
        className="field-memo"
        aria-label={label}
        disabled={disabled}
        rows={Math.max(rows, 2)}
        resize="vertical"
        placeholder="---"
        maxLength={info.maxLength}
        value={draft}
        onChange={(_, data) => setDraft(data.value)}
        onBlur={commit}
      />
    );
  }
  return (
    <Input
      appearance={look}
      className="field"
      aria-label={label}
      disabled={disabled}
      placeholder="---"
      maxLength={info.maxLength}
      value={draft}
      onChange={(_, data) => setDraft(data.value)}
      onBlur={commit}
      onKeyDown={(event) => event.key === 'Enter' && commit()}
    />
  );
}

function NumberField({ session, info, value, disabled, label, onCommit, onProblem }: FieldProps): React.ReactElement {
  const { words } = useHost();
  const { formats } = session.services;
  const digits = info.type === 'Integer' || info.type === 'BigInt' ? 0 : info.precision;
  const shown =
    value === null
      ? ''
      : info.type === 'Money'
        ? formats.money(Number(value), 2, session.currencySymbol)
        : formats.number(Number(value), digits);
  const [draft, setDraft] = useDraft(shown);
  const commit = (): void => {
    const next = formats.parseNumber(draft);
    if (next === undefined) return onProblem(words('invalidNumber'));
    if (next !== null && (next < info.min || next > info.max)) {
      return onProblem(words('belowMinimum', { min: formats.number(info.min, 0), max: formats.number(info.max, 0) }));
    }
    onProblem(null);
    if (next !== value) onCommit(next);
    else setDraft(shown);
  };
  return (
    <Input
      appearance={look}
      className="field"
      aria-label={label}
      disabled={disabled}
      placeholder="---"
      inputMode="decimal"
      value={draft}
      onChange={(_, data) => setDraft(data.value)}
      onBlur={commit}
      onKeyDown={(event) => event.key === 'Enter' && commit()}
    />
  );
}

function ChoiceField({ info, value, disabled, label, onCommit, session }: FieldProps): React.ReactElement {
  const state = session.valueOf('statecode');
  // A status reason can only be one of the record's state; another needs closing or reopening.
  const options = info.options.filter(
    (each) => each.state === undefined || each.state === state || each.value === value,
  );
  const chosen = options.find((each) => each.value === value);
  const closed = options.find((each) => each.value === value) === undefined;
  return (
    <Dropdown
      appearance={look}
      className="field"
      aria-label={label}
      disabled={disabled}
      placeholder="---"
      value={closed ? '' : (chosen?.label ?? '')}
      selectedOptions={value === null ? [] : [String(value)]}
      onOptionSelect={(_, data) =>
        onCommit(data.optionValue === undefined || data.optionValue === '' ? null : Number(data.optionValue))
      }
    >
      {[
        ...(info.required
          ? []
          : [
              <Option key="" value="" text="---">
                ---
              </Option>,
            ]),
        ...options.map((each) => (
          <Option key={each.value} value={String(each.value)} text={each.label}>
            {each.label}
          </Option>
        )),
      ]}
    </Dropdown>
  );
}

function YesNoField({ info, value, disabled, label, onCommit }: FieldProps): React.ReactElement {
  const text = info.options.find((each) => each.value === Number(value === true))?.label ?? '';
  return (
    <Switch
      className="field-switch"
      checked={value === true}
      disabled={disabled}
      label={text}
      aria-label={label}
      onChange={(_, data) => onCommit(data.checked)}
    />
  );
}
