/**
 * What the seller decides: share or not, which help, visible or not.
 *
 * Nothing that can't be undone happens by one click: those changes go to the dialog first. What is frozen is shown with
 * the reason, because a control that is merely grey makes people look for the mistake they made.
 */
import * as React from 'react';
import { Dropdown, Field as Frame, Option, Switch } from '@fluentui/react-components';
import { CheckIcon, EyeIcon } from '../../kit/icons';
import type { Question } from './confirm-dialog';
import type { PanelIo } from './io';
import type { Field, PanelModel } from './model';
import type { Standing } from './phase';
import { useStyles } from './styles';
import { Hint, Masked, Small } from './ui';

export interface SharingProps {
  readonly model: PanelModel;
  readonly standing: Standing;
  readonly io: PanelIo;
  readonly onAsk: (question: Question) => void;
  /** Opens the checklist; absent when it is open. */
  readonly onCheck: (() => void) | undefined;
}

export function Sharing({ model, standing, io, onAsk, onCheck }: SharingProps): React.ReactElement {
  const styles = useStyles();
  const { strings, write } = io;
  const { sync, helpRequired: help, visibility } = model;
  const { phase, linked, wanted, helpFrozen, visibilityFrozen } = standing;
  const on = sync.raw === true;
  // An answer to an invitation comes first, and a closed referral takes no choice any more.
  const settled = phase === 'closed' || phase === 'onHold';

  const share = (next: boolean): void => {
    if (!next && linked) onAsk({ kind: 'stop', changes: { sync: false } });
    else if (next && !linked && wanted !== 'private') onAsk({ kind: 'share', deal: wanted, changes: { sync: true } });
    else write({ sync: next });
  };
  const askForHelp = (value: number | null): void => {
    const changes = { helpRequired: value };
    if (value !== null && help.raw === null && (on || linked)) onAsk({ kind: 'help', deal: 'coSell', changes });
    else if (value !== help.raw) write(changes);
  };
  const makeVisible = (next: boolean): void => {
    if (next) onAsk({ kind: 'visible', deal: 'partnerLed', changes: { visibility: true } });
    else write({ visibility: false });
  };

  return (
    <div className={`${styles.group} ${styles.choices}`}>
      <Toggle
        field={sync}
        label={sync.label || strings('share_label')}
        hint={settled ? '' : strings(!on ? 'share_off' : linked ? 'share_on' : 'share_wanted')}
        checked={on}
        onChange={share}
        strings={strings}
      />
      {!settled && (
        <>
          {help.bound && (
            <Masked field={help} label={help.label} strings={strings}>
              <Frame
                label={help.label}
                hint={<Reason frozen={helpFrozen} hint={strings(`explain_${wanted}`)} strings={strings} />}
              >
                <Dropdown
                  value={
                    model.helpOptions.find(({ value }) => value === help.raw)?.label ??
                    (help.formatted || strings('help_none'))
                  }
                  selectedOptions={[String(help.raw ?? '')]}
                  disabled={!help.editable || !!helpFrozen}
                  style={{ minWidth: 0 }}
                  onOptionSelect={(_event, { optionValue }) => askForHelp(optionValue ? Number(optionValue) : null)}
                >
                  {[{ value: '', label: strings('help_none') }, ...model.helpOptions].map(({ value, label }) => (
                    <Option key={value} value={String(value)}>
                      {label}
                    </Option>
                  ))}
                </Dropdown>
              </Frame>
            </Masked>
          )}
          {visibility.bound && (
            <Toggle
              field={visibility}
              label={strings('visible_label')}
              frozen={visibilityFrozen}
              hint={strings('visible_hint')}
              checked={visibility.raw === true || wanted === 'coSell'}
              onChange={makeVisible}
              strings={strings}
            />
          )}
          <div className={styles.wrap}>
            {onCheck && <Small icon={<CheckIcon />} text={strings('check_button')} onClick={onCheck} />}
            <Small
              icon={<EyeIcon />}
              text={strings('preview_button')}
              onClick={() => onAsk({ kind: 'preview', deal: wanted, changes: {} })}
            />
          </div>
        </>
      )}
    </div>
  );
}

interface ReasonProps {
  /** Key of the reason why it can't be changed. */
  readonly frozen?: string | undefined;
  readonly hint: string;
  readonly strings: PanelIo['strings'];
}

function Reason({ frozen, hint, strings }: ReasonProps): React.ReactElement {
  return <Hint lock={!!frozen}>{frozen ? strings(frozen) : hint}</Hint>;
}

interface ToggleProps extends ReasonProps {
  readonly field: Field<unknown>;
  readonly label: string;
  readonly checked: boolean;
  readonly onChange: (next: boolean) => void;
}

function Toggle({ field, label, checked, onChange, ...reason }: ToggleProps): React.ReactElement {
  const { flush } = useStyles();
  return (
    <Masked field={field} label={label} strings={reason.strings}>
      <Frame hint={reason.frozen || reason.hint ? <Reason {...reason} /> : undefined}>
        <Switch
          className={flush}
          label={label}
          checked={checked}
          disabled={!field.editable || !!reason.frozen}
          onChange={(_event, data) => onChange(data.checked)}
        />
      </Frame>
    </Masked>
  );
}
