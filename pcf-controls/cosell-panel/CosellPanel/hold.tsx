/**
 * A deal that somebody else sent and nobody has answered: who, until when, and the answers.
 */
import * as React from 'react';
import { Badge, Button, Spinner } from '@fluentui/react-components';
import { ClockIcon } from '../../kit/icons';
import type { PanelIo } from './io';
import type { PanelModel } from './model';
import { useStyles } from './styles';
import { relativeTime, urgencyOf } from './time';
import { Card, Hint } from './ui';

export interface HoldProps {
  readonly model: PanelModel;
  /** Another partner invites, not Microsoft. */
  readonly partner: boolean;
  readonly now: number;
  readonly io: PanelIo;
  readonly acting: boolean;
  /** Being checked before it is accepted. */
  readonly busy: boolean;
  readonly onAccept: () => void;
  readonly onDecline: () => void;
}

const colors = { none: 'informative', week: 'warning', days: 'severe', day: 'danger', over: 'danger' } as const;

export function Hold({ model, partner, now, io, acting, busy, onAccept, onDecline }: HoldProps): React.ReactElement {
  const styles = useStyles();
  const { strings } = io;
  const { raw: expires, formatted } = model.referralExpiresOn;
  const urgency = expires ? urgencyOf(expires.getTime(), now) : 'none';
  const over = urgency === 'over';
  const off = !acting || busy || over;
  return (
    <Card title={strings(partner ? 'hold_partner' : 'hold_microsoft')}>
      {expires && (
        <div className={styles.wrap}>
          <Badge
            appearance={urgency === 'none' ? 'tint' : 'filled'}
            color={colors[urgency]}
            size="large"
            icon={<ClockIcon />}
          >
            {strings(over ? 'hold_expired' : 'hold_expires', {
              when: relativeTime(expires.getTime(), now, model.language),
            })}
          </Badge>
          <Hint>{formatted}</Hint>
        </div>
      )}
      <span>{strings('hold_text')}</span>
      <div className={styles.wrap}>
        <Button
          appearance="primary"
          disabled={off}
          onClick={onAccept}
          icon={busy ? <Spinner size="tiny" /> : undefined}
        >
          {strings('accept')}
        </Button>
        <Button disabled={off} onClick={onDecline}>
          {strings('decline_open')}
        </Button>
      </div>
      <Hint>{strings('hold_link')}</Hint>
    </Card>
  );
}
