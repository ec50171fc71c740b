/**
 * The few shapes that the panel is made of: note, card, list of facts, badges, button, dialog.
 *
 * Here and not in each view, so that they look alike everywhere and the bundle holds each of them once.
 */
import * as React from 'react';
import {
  Badge,
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  mergeClasses,
  MessageBar,
  MessageBarActions,
  MessageBarBody,
} from '@fluentui/react-components';
import { LockIcon } from '../../kit/icons';
import type { PanelIo } from './io';
import { useStyles } from './styles';

type Strings = PanelIo['strings'];
type Children = { readonly children?: React.ReactNode };

export function Hint({ lock, children }: Children & { readonly lock?: boolean }): React.ReactElement {
  return (
    <span className={useStyles().hint}>
      {lock && <LockIcon />}
      {lock && ' '}
      {children}
    </span>
  );
}

interface NoteProps {
  readonly lines: readonly string[];
  readonly intent?: 'info' | 'warning' | 'error';
  /** Text of the button and what it does. */
  readonly action?: readonly [string, () => void];
}

/** An error speaks up at once; everything else is announced by the panel's one live region. */
export function Note({ lines, intent = 'warning', action }: NoteProps): React.ReactElement {
  return (
    <div {...(action && { role: 'alert' })}>
      <MessageBar intent={intent} layout="multiline">
        <MessageBarBody>
          {lines.map((line) => (
            <div key={line}>{line}</div>
          ))}
        </MessageBarBody>
        {action && (
          <MessageBarActions>
            <Small text={action[0]} onClick={action[1]} appearance="secondary" />
          </MessageBarActions>
        )}
      </MessageBar>
    </div>
  );
}

interface SmallProps {
  readonly text: string;
  readonly onClick: () => void;
  readonly appearance?: 'secondary' | 'subtle';
  readonly icon?: React.ReactElement;
  readonly disabled?: boolean | undefined;
  readonly 'aria-label'?: string;
  readonly 'aria-expanded'?: boolean;
}

export function Small({ text, appearance = 'subtle', ...rest }: SmallProps): React.ReactElement {
  return (
    <Button size="small" appearance={appearance} style={{ flexShrink: 0 }} {...rest}>
      {text}
    </Button>
  );
}

/** A group and no landmark: two panels on one page would have landmarks of the same name. */
export function Card({
  title,
  actions,
  children,
}: Children & { readonly title: string; readonly actions?: React.ReactNode }): React.ReactElement {
  const styles = useStyles();
  return (
    <div className={styles.card} role="group" aria-label={title}>
      <div className={styles.wrap}>
        <h4 className={mergeClasses(styles.heading, styles.grow)}>{title}</h4>
        {actions}
      </div>
      {children}
    </div>
  );
}

interface MaskedProps {
  readonly field: { readonly readable: boolean };
  readonly label: string;
  readonly strings: Strings;
  readonly children: React.ReactElement;
}

/** A column that this person may not read: said so, instead of a control that shows a value which it has not. */
export function Masked({ field, label, strings, children }: MaskedProps): React.ReactElement {
  const { grow } = useStyles();
  if (field.readable) return children;
  return (
    <div className={grow}>
      {label}
      <Hint lock>{strings('kit_masked')}</Hint>
    </div>
  );
}

/** Label and value; a value that is missing or may not be read says so. */
export type Fact = readonly [label: string, value: string | null, readable?: boolean];

export function FactList({
  facts,
  strings,
}: {
  readonly facts: readonly Fact[];
  readonly strings: Strings;
}): React.ReactElement {
  return (
    <dl className={useStyles().facts}>
      {facts.map(([label, value, readable]) => (
        <React.Fragment key={label}>
          <dt>{strings(label)}</dt>
          <dd>
            {value || (
              <Hint lock={readable === false}>{strings(readable === false ? 'kit_masked' : 'preview_empty')}</Hint>
            )}
          </dd>
        </React.Fragment>
      ))}
    </dl>
  );
}

interface BadgesProps {
  readonly texts: readonly string[];
  readonly color: 'success' | 'informative';
  readonly icon: React.ReactElement;
}

export function Badges({ texts, color, icon }: BadgesProps): React.ReactElement {
  return (
    <div className={useStyles().wrap}>
      {texts.map((text) => (
        <Badge key={text} appearance="tint" color={color} icon={icon}>
          {text}
        </Badge>
      ))}
    </div>
  );
}

interface AskProps extends Children {
  readonly title: string;
  /** Text of the button that goes on; without it there is nothing to decide. */
  readonly confirm?: string | undefined;
  readonly disabled?: boolean;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
  readonly strings: Strings;
}

export function Ask({ title, confirm, disabled, onConfirm, onClose, strings, children }: AskProps): React.ReactElement {
  // Fluent gives the focus back only to its own triggers, and here it is often a switch that opens the dialog.
  const [opener] = React.useState(() => document.activeElement as HTMLElement | null);
  React.useEffect(
    () => () => {
      // After the dialog is gone: until then its trap would take the focus back.
      setTimeout(() => opener?.focus());
    },
    [opener],
  );
  return (
    <Dialog open onOpenChange={onClose}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{title}</DialogTitle>
          <DialogContent className={useStyles().group}>{children}</DialogContent>
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
