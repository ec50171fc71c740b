/**
 * The checklist: what is missing with one click to it, what is done, what is looked at later.
 */
import * as React from 'react';
import { Spinner } from '@fluentui/react-components';
import { isError, messageKey, type Finding } from '../../../domain/finding';
import { CheckIcon, ClockIcon, CrossIcon, WarningIcon } from '../../kit/icons';
import type { Checklist, Part } from './checklist';
import type { PanelIo } from './io';
import { useStyles } from './styles';
import { Badges, Card, Hint, Note, Small } from './ui';
import type { KnownFacts } from './use-facts';

export interface ChecklistProps {
  readonly checks: Checklist | undefined;
  readonly known: KnownFacts;
  readonly io: PanelIo;
  /** A saved record, so that there is something to read. */
  readonly saved: boolean;
  readonly offline: boolean;
  /** Key of the heading: before what. */
  readonly title: 'check_title' | 'check_titleAccept';
  /** Absent while sharing is on and not done: then it stays open. */
  readonly onClose: (() => void) | undefined;
}

export function ChecklistView({
  checks,
  known,
  io,
  saved,
  offline,
  title,
  onClose,
}: ChecklistProps): React.ReactElement {
  const { strings } = io;
  const loading = known.state === 'loading';
  const actions = (
    <>
      {saved && <Small text={strings('check_again')} disabled={loading || offline} onClick={known.retry} />}
      {onClose && <Small text={strings('close')} onClick={onClose} />}
    </>
  );
  return (
    <Card title={strings(title)} actions={actions}>
      <ReadState known={known} io={io} loaded={checks !== undefined} />
      {checks && <Result checks={checks} saved={saved} io={io} />}
    </Card>
  );
}

/** Under way or failed; a failure can be tried again. */
export function ReadState({
  known,
  io,
  loaded,
}: Pick<ChecklistProps, 'known' | 'io'> & { readonly loaded: boolean }): React.ReactElement | null {
  const { strings } = io;
  if (known.state === 'failed') {
    return <Note lines={[io.errorText(known.error)]} intent="error" action={[strings('kit_retry'), known.retry]} />;
  }
  return known.state === 'loading' && !loaded ? <Spinner size="tiny" label={strings('check_loading')} /> : null;
}

function Result({
  checks,
  saved,
  io,
}: { readonly checks: Checklist } & Pick<ChecklistProps, 'saved' | 'io'>): React.ReactElement {
  const styles = useStyles();
  const { strings } = io;
  const { findings, passed, later } = checks;
  const labels = (parts: readonly Part[]) => parts.map((part) => strings(`part_${part}`));
  return (
    <>
      {findings.length + later.length === 0 && <span>{strings('check_allDone')}</span>}
      {findings.length > 0 && (
        <ul className={styles.list}>
          {findings.map((found) => (
            <FindingRow key={JSON.stringify(found)} found={found} io={io} />
          ))}
        </ul>
      )}
      {passed.length > 0 && <Badges texts={labels(passed)} color="success" icon={<CheckIcon />} />}
      {later.length > 0 && (
        <>
          <Hint>{strings(saved ? 'check_never' : 'check_later')}</Hint>
          <Badges texts={labels(later)} color="informative" icon={<ClockIcon />} />
        </>
      )}
    </>
  );
}

function FindingRow({ found, io }: { readonly found: Finding; readonly io: PanelIo }): React.ReactElement {
  const styles = useStyles();
  const { strings, jump } = io;
  const { field = '', recordHint = 'opportunity' } = found;
  const bad = isError(found);
  const text = strings(messageKey(found.code), found.params);
  return (
    <li className={styles.item}>
      <span className={`${styles.icon} ${bad ? styles.bad : styles.poor}`}>
        {bad ? <CrossIcon /> : <WarningIcon />}
      </span>
      <span className={styles.itemText}>{bad ? text : `${strings('check_warning')} ${text}`}</span>
      {jump && (
        <Small
          text={strings('check_fix')}
          aria-label={`${strings('check_fix')}: ${text}`}
          appearance="secondary"
          onClick={() => jump(recordHint, field)}
        />
      )}
    </li>
  );
}
