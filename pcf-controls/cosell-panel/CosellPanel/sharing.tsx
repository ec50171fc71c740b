/**
 * What the seller decides: share or not, which help, visible or not.
 *
 * Nothing that can't be undone happens by one click: those changes go to the dialog first. What is frozen is shown with
 * the reason, because a control that is merely grey makes people look for the mistake they made.
 */
import { Field as Frame, Switch } from '@fluentui/react-components';
import { CheckIcon, EyeIcon } from '../../kit/icons';
import * as React from '../../kit/react';
import type { Question } from './confirm-dialog';
import type { Field } from './model';
import { Choice, Hint, Small } from './ui';
import { useView } from './view';

export interface SharingProps {
  readonly onAsk: (question: Question) => void;
  /** Opens the checklist; absent when it is open. */
  readonly onCheck: (() => void) | undefined;
}

export function Sharing({ onAsk, onCheck }: SharingProps): React.ReactElement {
  const { strings, styles, model, standing, write } = useView();
  const { sync, helpRequired: help, visibility } = model;
  const { phase, linked, wanted, helpFrozen, visibilityFrozen } = standing;
  const on = sync.raw === true;

  const share = (next: boolean): void => {
    const changes = { sync: next };
    if (!next && linked) onAsk({ kind: 'stop', changes });
    else if (next && !linked && wanted !== 'private') onAsk({ kind: 'share', deal: wanted, changes });
    else write(changes);
  };
  const askForHelp = (option: string): void => {
    const changes = { helpRequired: option ? Number(option) : null };
    if (option && help.raw === null && (on || linked)) onAsk({ kind: 'help', deal: 'coSell', changes });
    else write(changes);
  };
  const makeVisible = (next: boolean): void => {
    const changes = { visibility: next };
    if (next) onAsk({ kind: 'visible', deal: 'partnerLed', changes });
    else write(changes);
  };

  // An answer to an invitation comes first, and a closed referral takes no choice any more.
  const settled = phase === 'closed' || phase === 'onHold';
  const hint = settled ? '' : strings(!on ? 'share_off' : linked ? 'share_on' : 'share_wanted');
  return (
    <div className={styles.group}>
      <Toggle field={sync} label={sync.label || strings('share_label')} hint={hint} checked={on} onChange={share} />
      {!settled && (
        <>
          <Row field={help} frozen={helpFrozen} label={help.label} hint={strings(`explain_${wanted}`)} above>
            <Choice
              options={[{ value: '', label: strings('help_none') }, ...model.helpOptions]}
              chosen={help.raw}
              otherwise={help.formatted}
              disabled={!help.editable || !!helpFrozen}
              onChoose={askForHelp}
            />
          </Row>
          <Toggle
            field={visibility}
            frozen={visibilityFrozen}
            label={strings('visible_label')}
            hint={strings('visible_hint')}
            checked={visibility.raw === true || wanted === 'coSell'}
            onChange={makeVisible}
          />
          <div className={styles.wrap}>
            {onCheck && (
              <Small data-check appearance="subtle" icon={<CheckIcon />} onClick={onCheck}>
                {strings('check_button')}
              </Small>
            )}
            <Small appearance="subtle" icon={<EyeIcon />} onClick={() => onAsk({ kind: 'preview', deal: wanted })}>
              {strings('preview_button')}
            </Small>
          </div>
        </>
      )}
    </div>
  );
}

interface RowProps {
  readonly field: Field<unknown>;
  readonly label: string;
  readonly hint: string;
  /** Key of the reason why it can't be changed. */
  readonly frozen?: string | undefined;
}

/** One column with what there is to know about it; one that this person may not read says so and shows no value. */
function Row({
  field,
  label,
  hint,
  frozen,
  above,
  children,
}: RowProps & { readonly above?: boolean; readonly children: React.ReactElement }): React.ReactElement | null {
  const { strings, styles } = useView();
  const text = !field.readable ? strings('kit_masked') : frozen ? strings(frozen) : hint;
  const reason = <Hint lock={!field.readable || !!frozen}>{text}</Hint>;
  if (!field.bound) return null;
  if (field.readable)
    return (
      <Frame label={above ? label : undefined} hint={text ? reason : undefined}>
        {children}
      </Frame>
    );
  return (
    <div className={styles.grow}>
      {label}
      {reason}
    </div>
  );
}

interface ToggleProps extends RowProps {
  readonly checked: boolean;
  readonly onChange: (next: boolean) => void;
}

function Toggle({ checked, onChange, ...row }: ToggleProps): React.ReactElement {
  return (
    <Row {...row}>
      <Switch
        className={useView().styles.flush}
        label={row.label}
        checked={checked}
        disabled={!row.field.editable || !!row.frozen}
        onChange={(_event, data) => onChange(data.checked)}
      />
    </Row>
  );
}
