/**
 * First look: where the deal stands, of which kind it is, when it was last synced. Icon, colour and words say the same.
 */
import * as React from 'react';
import { Badge, mergeClasses, Spinner } from '@fluentui/react-components';
import { CheckIcon, ClockIcon, InfoIcon, LockIcon, WarningIcon } from '../../kit/icons';
import type { PanelIo } from './io';
import type { PanelModel } from './model';
import type { Phase, Standing } from './phase';
import { useStyles } from './styles';
import { relativeTime } from './time';
import { Hint } from './ui';

type Tone = 'neutral' | 'brand' | 'success' | 'warning' | 'danger';
const looks: Readonly<Record<Phase, readonly [Tone, React.FunctionComponent]>> = {
  off: ['neutral', LockIcon],
  toShare: ['brand', ClockIcon],
  syncing: ['brand', () => <Spinner size="tiny" aria-hidden="true" />],
  synced: ['success', CheckIcon],
  onHold: ['warning', ClockIcon],
  needsAttention: ['danger', WarningIcon],
  paused: ['neutral', InfoIcon],
  closed: ['neutral', CheckIcon],
  unknown: ['neutral', InfoIcon],
};

export interface HeaderProps {
  readonly model: PanelModel;
  readonly standing: Standing;
  readonly title: string;
  /** False when the checklist knows of something that forbids sharing. */
  readonly ready: boolean | undefined;
  readonly now: number;
  readonly io: PanelIo;
}

export function Header({ model, standing, title, ready, now, io }: HeaderProps): React.ReactElement {
  const styles = useStyles();
  const { strings } = io;
  const { phase, kind } = standing;
  const [tone, Icon] = looks[phase];
  const { raw: synced, formatted: at } = model.lastSyncedOn;
  // Promise nothing before the rules have been asked.
  const step =
    phase !== 'toShare' || (ready === true && model.recordId !== '')
      ? phase
      : ready === false && model.recordId !== ''
        ? 'incomplete'
        : 'create';
  return (
    <div className={styles.row}>
      <span className={mergeClasses(styles.disc, styles[tone])}>
        <Icon />
      </span>
      <div className={styles.grow}>
        <div className={styles.wrap}>
          <h3 className={mergeClasses(styles.heading, styles.title)}>{title}</h3>
          {kind !== 'other' && phase !== 'off' && (
            <Badge appearance="tint" color={kind === 'private' ? 'informative' : 'brand'}>
              {strings(`kind_${kind}`)}
            </Badge>
          )}
        </div>
        {phase !== 'unknown' && <Hint>{strings(`next_${step}`)}</Hint>}
        {synced && (
          <Hint>{strings('last_synced', { ago: relativeTime(synced.getTime(), now, model.language), at })}</Hint>
        )}
        {model.readOnly && <Hint lock>{strings('read_only')}</Hint>}
      </div>
    </div>
  );
}
