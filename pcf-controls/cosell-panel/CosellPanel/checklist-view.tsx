/**
 * The checklist: what is missing with one click to it, what is done, what is looked at later.
 */
import { Badge, Spinner } from '@fluentui/react-components';
import { isError, messageKey, type Finding } from '../../../domain/finding';
import { CheckIcon, ClockIcon, CrossIcon, WarningIcon } from '../../kit/icons';
import * as React from '../../kit/react';
import type { Checklist, Part } from './checklist';
import { Card, Hint, Note, Small } from './ui';
import { useView } from './view';

export interface ChecklistProps {
  readonly checks: Checklist | undefined;
  /** Absent while sharing is on and not done: then it stays open. */
  readonly onClose: (() => void) | undefined;
}

export function ChecklistView({ checks, onClose }: ChecklistProps): React.ReactElement {
  const { strings, styles, model, standing, known } = useView();
  const saved = model.recordId !== '';
  const badges = (parts: readonly Part[], color: 'success' | 'informative', icon: React.ReactElement) =>
    parts.length > 0 && (
      <div className={styles.wrap}>
        {parts.map((part) => (
          <Badge key={part} appearance="tint" color={color} icon={icon}>
            {strings(`part_${part}`)}
          </Badge>
        ))}
      </div>
    );
  const actions = (
    <>
      {saved && (
        <Small appearance="subtle" disabledFocusable={known.state === 'loading' || model.offline} onClick={known.retry}>
          {strings('check_again')}
        </Small>
      )}
      {onClose && (
        <Small data-check appearance="subtle" onClick={onClose}>
          {strings('close')}
        </Small>
      )}
    </>
  );
  return (
    <Card title={strings(standing.phase === 'onHold' ? 'check_titleAccept' : 'check_title')} actions={actions}>
      <ReadState loaded={!!checks} />
      {checks && (
        <>
          {checks.findings.length + checks.later.length === 0 && strings('check_allDone')}
          {checks.findings.length > 0 && (
            <ul className={styles.list}>
              {checks.findings.map((found) => (
                <FindingRow key={JSON.stringify(found)} found={found} />
              ))}
            </ul>
          )}
          {badges(checks.passed, 'success', <CheckIcon />)}
          {checks.later.length > 0 && <Hint>{strings(saved ? 'check_never' : 'check_later')}</Hint>}
          {badges(checks.later, 'informative', <ClockIcon />)}
        </>
      )}
    </Card>
  );
}

/** Under way or failed; a failure can be tried again. */
export function ReadState({ loaded }: { readonly loaded: boolean }): React.ReactElement | null {
  const { strings, errorText, known } = useView();
  if (known.state === 'failed') return <Note lines={[errorText(known.error)]} intent="error" onRetry={known.retry} />;
  return known.state === 'loading' && !loaded ? <Spinner size="tiny" label={strings('check_loading')} /> : null;
}

function FindingRow({ found }: { readonly found: Finding }): React.ReactElement {
  const { strings, styles, jump } = useView();
  const { code, field = '', recordHint = 'opportunity', params } = found;
  const bad = isError(found);
  const text = strings(messageKey(code), params);
  return (
    <li className={styles.wrap}>
      <Badge
        appearance="ghost"
        color={bad ? 'danger' : 'warning'}
        size="large"
        icon={bad ? <CrossIcon /> : <WarningIcon />}
      />
      <span className={styles.grow}>{bad ? text : `${strings('check_warning')} ${text}`}</span>
      {jump && (
        <Small aria-label={`${strings('check_fix')}: ${text}`} onClick={() => jump(recordHint, field)}>
          {strings('check_fix')}
        </Small>
      )}
    </li>
  );
}
