/**
 * The few shapes that the panel is made of: note, card, list of facts, badges, button, choice, dialog.
 *
 * Here and not in each view, so that they look alike everywhere and the bundle holds each of them once.
 */
import { useEffect, useState } from 'react';
import {
  Button,
  Card as FluentCard,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Dropdown,
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  Option,
  type ButtonProps,
  type DropdownProps,
} from '@fluentui/react-components';
import { LockIcon } from '../../kit/icons';
import * as React from '../../kit/react';
import { useView } from './view';

type Children = { readonly children?: React.ReactNode };

export function Hint({ lock, children }: Children & { readonly lock?: boolean }): React.ReactElement {
  return (
    <span className={useView().styles.hint}>
      {lock && <LockIcon />}
      {lock && ' '}
      {children}
    </span>
  );
}

interface NoteProps {
  readonly lines: readonly string[];
  readonly intent?: 'info' | 'warning' | 'error';
  readonly onRetry?: () => void;
}

/** What can be tried again speaks up at once; everything else is announced by the panel's one live region. */
export function Note({ lines, intent = 'warning', onRetry }: NoteProps): React.ReactElement {
  const { strings } = useView();
  return (
    <div role={onRetry && 'alert'}>
      <MessageBar intent={intent} layout="multiline">
        <MessageBarBody>
          {lines.map((line) => (
            <div key={line}>{line}</div>
          ))}
        </MessageBarBody>
        {onRetry && (
          <MessageBarActions>
            <Small onClick={onRetry}>{strings('kit_retry')}</Small>
          </MessageBarActions>
        )}
      </MessageBar>
    </div>
  );
}

export function Small(props: ButtonProps): React.ReactElement {
  return <Button size="small" {...props} />;
}

/** A group and no landmark: two panels on one page would have landmarks of the same name. */
export function Card({
  title,
  actions,
  children,
}: Children & { readonly title: string; readonly actions?: React.ReactNode }): React.ReactElement {
  const { styles } = useView();
  return (
    <FluentCard appearance="filled-alternative" role="group" aria-label={title}>
      <div className={styles.wrap}>
        <div className={styles.grow}>
          <h4 className={styles.heading}>{title}</h4>
        </div>
        {actions}
      </div>
      {children}
    </FluentCard>
  );
}

/** Key of the label, and value; a value that is missing or may not be read says so. */
export type Fact = readonly [label: string, value: string | null, readable?: boolean];

export function FactList({ facts }: { readonly facts: readonly Fact[] }): React.ReactElement {
  const { strings, styles } = useView();
  return (
    <dl className={styles.facts}>
      {facts.map(([label, value, readable = true]) => (
        <React.Fragment key={label}>
          <dt>{strings(label)}</dt>
          <dd>{value || <Hint lock={!readable}>{strings(readable ? 'preview_empty' : 'kit_masked')}</Hint>}</dd>
        </React.Fragment>
      ))}
    </dl>
  );
}

interface ChoiceProps extends Omit<DropdownProps, 'onChange' | 'value'> {
  readonly options: readonly { readonly value: number | string; readonly label: string }[];
  readonly chosen: number | string | null | undefined;
  /** Shown for an option that is not listed. */
  readonly otherwise?: string;
  readonly onChoose: (value: string) => void;
}

export function Choice({ options, chosen, otherwise = '', onChoose, ...rest }: ChoiceProps): React.ReactElement {
  const value = String(chosen ?? '');
  return (
    <Dropdown
      {...rest}
      value={options.find((option) => String(option.value) === value)?.label ?? otherwise}
      selectedOptions={[value]}
      style={{ minWidth: 0 }}
      onOptionSelect={(_event, { optionValue = '' }) => onChoose(optionValue)}
    >
      {options.map((option) => (
        <Option key={option.value} value={String(option.value)}>
          {option.label}
        </Option>
      ))}
    </Dropdown>
  );
}

interface AskProps extends Children {
  readonly title: string;
  /** Text of the button that goes on; without it there is nothing to decide. */
  readonly confirm?: string | undefined;
  readonly disabled?: boolean;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

export function Ask({ title, confirm, disabled, onConfirm, onClose, children }: AskProps): React.ReactElement {
  const { strings, styles } = useView();
  // Fluent gives the focus back only to its own triggers, and here it is often a switch that opens the dialog.
  const [opener] = useState(() => document.activeElement as HTMLElement | null);
  // After the dialog is gone: until then its trap would take the focus back.
  useEffect(() => () => void setTimeout(() => opener?.focus()), [opener]);
  return (
    <Dialog open onOpenChange={onClose}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{title}</DialogTitle>
          <DialogContent className={styles.group}>{children}</DialogContent>
          <DialogActions fluid>
            {confirm && (
              <Button appearance="primary" disabled={disabled} onClick={onConfirm}>
                {confirm}
              </Button>
            )}
            <Button onClick={onClose}>{strings(confirm ? 'cancel' : 'close')}</Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
