/**
 * A deal that somebody else sent and nobody has answered: who, until when, and the answers.
 */
import { Badge, Button, Spinner } from '@fluentui/react-components';
import { ClockIcon } from '../../kit/icons';
import * as React from '../../kit/react';
import { relativeTime, urgencyOf } from './time';
import { Card, Hint } from './ui';
import { useView } from './view';

export interface HoldProps {
  /** Being checked before it is accepted. */
  readonly busy: boolean;
  readonly onAccept: () => void;
  readonly onDecline: () => void;
}

const colors = { none: 'informative', week: 'warning', days: 'severe', day: 'danger', over: 'danger' } as const;

export function Hold({ busy, onAccept, onDecline }: HoldProps): React.ReactElement {
  const { strings, styles, model, standing, now, acting } = useView();
  const { raw, formatted } = model.referralExpiresOn;
  const expires = raw?.getTime();
  const urgency = expires ? urgencyOf(expires, now) : 'none';
  const over = urgency === 'over';
  const disabled = !acting || busy || over;
  return (
    <Card title={strings(standing.kind === 'partnerToPartner' ? 'hold_partner' : 'hold_microsoft')}>
      {expires && (
        <div className={styles.wrap}>
          <Badge
            appearance={urgency === 'none' ? 'tint' : 'filled'}
            color={colors[urgency]}
            size="large"
            icon={<ClockIcon />}
          >
            {strings(over ? 'hold_expired' : 'hold_expires', { when: relativeTime(expires, now, model.language) })}
          </Badge>
          <Hint>{formatted}</Hint>
        </div>
      )}
      {strings('hold_text')}
      <div className={styles.wrap}>
        <Button
          data-check
          appearance="primary"
          disabledFocusable={disabled}
          onClick={onAccept}
          icon={busy ? <Spinner size="tiny" /> : undefined}
        >
          {strings('accept')}
        </Button>
        <Button disabledFocusable={disabled} onClick={onDecline}>
          {strings('decline_open')}
        </Button>
      </div>
      <Hint>{strings('hold_link')}</Hint>
    </Card>
  );
}
