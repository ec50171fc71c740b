/**
 * Declining asks for a reason, because Partner Center does and because the one who sent the deal reads it.
 */
import * as React from 'react';
import { Dropdown, Field, Option, Textarea } from '@fluentui/react-components';
import type { PanelIo } from './io';
import type { PanelModel } from './model';
import { requestOption } from './options';
import { Ask } from './ui';

/** Room of cosell_actionreason. */
const longest = 2000;

export interface DeclineProps {
  readonly model: PanelModel;
  readonly io: PanelIo;
  readonly onClose: () => void;
}

export function DeclineDialog({ model, io, onClose }: DeclineProps): React.ReactElement {
  const { strings, write } = io;
  const [reason, setReason] = React.useState<number>();
  const [text, setText] = React.useState('');
  const [tried, setTried] = React.useState(false);
  const label = model.reasonOptions.find(({ value }) => value === reason)?.label ?? '';
  const { editable } = model.closeReason;
  const decline = (): void => {
    setTried(true);
    if (reason === undefined) return;
    onClose();
    write({
      requestedAction: requestOption.decline,
      // Without a column for the choice its words travel in the text, so that the reason is never lost.
      actionReason: [editable ? '' : label, text.trim()].filter(Boolean).join(': ').slice(0, longest) || null,
      ...(editable && { closeReason: reason }),
    });
  };
  return (
    <Ask
      title={strings('decline_title')}
      confirm={strings('decline')}
      onConfirm={decline}
      onClose={onClose}
      strings={strings}
    >
      <span>{strings('decline_text')}</span>
      <Field
        required
        label={strings('decline_reason')}
        validationMessage={tried && reason === undefined ? strings('decline_choose') : undefined}
      >
        <Dropdown
          value={label}
          selectedOptions={[String(reason)]}
          placeholder={strings('decline_choose')}
          style={{ minWidth: 0 }}
          onOptionSelect={(_event, { optionValue }) => setReason(Number(optionValue))}
        >
          {model.reasonOptions.map((option) => (
            <Option key={option.value} value={String(option.value)}>
              {option.label}
            </Option>
          ))}
        </Dropdown>
      </Field>
      <Field label={strings('decline_note')}>
        <Textarea value={text} maxLength={longest} onChange={(_event, { value }) => setText(value)} />
      </Field>
    </Ask>
  );
}
