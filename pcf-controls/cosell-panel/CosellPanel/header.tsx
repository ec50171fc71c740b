/**
 * First look: where the deal stands, of which kind it is, when it was last synced. Icon, colour and words say the same.
 */
import { Badge, Spinner } from '@fluentui/react-components';
import { CheckIcon, ClockIcon, InfoIcon, LockIcon, WarningIcon } from '../../kit/icons';
import * as React from '../../kit/react';
import type { Phase } from './phase';
import { relativeTime } from './time';
import { Hint } from './ui';
import { useView } from './view';

type Tone = 'informative' | 'brand' | 'success' | 'warning' | 'danger';
const looks: Readonly<Record<Phase, readonly [Tone, React.FunctionComponent]>> = {
  off: ['informative', LockIcon],
  toShare: ['brand', ClockIcon],
  syncing: ['brand', () => <Spinner size="tiny" aria-hidden="true" />],
  synced: ['success', CheckIcon],
  onHold: ['warning', ClockIcon],
  needsAttention: ['danger', WarningIcon],
  paused: ['informative', InfoIcon],
  closed: ['informative', CheckIcon],
  unknown: ['informative', InfoIcon],
};

export interface HeaderProps {
  readonly title: string;
  /** False when the checklist knows of something that forbids sharing. */
  readonly ready: boolean | undefined;
}

export function Header({ title, ready }: HeaderProps): React.ReactElement {
  const { strings, styles, model, standing, now } = useView();
  const { phase, kind } = standing;
  const [color, Icon] = looks[phase];
  const { raw: synced, formatted: at } = model.lastSyncedOn;
  // Promise nothing before the rules have been asked.
  const unsure = phase === 'toShare' && (!model.recordId || !ready);
  const step = !unsure ? phase : model.recordId && ready === false ? 'incomplete' : 'create';
  return (
    <div className={styles.wrap}>
      <Badge appearance="tint" color={color} size="extra-large" icon={<Icon />} />
      <div className={styles.grow}>
        <div className={styles.wrap}>
          <h3 className={styles.heading}>{title}</h3>
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
