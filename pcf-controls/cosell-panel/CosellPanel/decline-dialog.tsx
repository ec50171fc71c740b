/**
 * Declining asks for a reason, because Partner Center does and because the one who sent the deal reads it.
 */
import { useState } from 'react';
import { Field, Textarea } from '@fluentui/react-components';
import * as React from '../../kit/react';
import { requestOption } from './options';
import { Ask, Choice } from './ui';
import { useView } from './view';

/** Room of cosell_actionreason. */
const longest = 2000;

export function DeclineDialog({ onClose }: { readonly onClose: () => void }): React.ReactElement {
  const { strings, model, write } = useView();
  const [reason, setReason] = useState<number>();
  const [text, setText] = useState('');
  const [tried, setTried] = useState(false);
  const { reasonOptions, closeReason } = model;
  const decline = (): void => {
    setTried(true);
    if (reason === undefined) return;
    onClose();
    // Without a column for the choice its words travel in the text, so that the reason is never lost.
    const label = closeReason.editable ? '' : reasonOptions.find(({ value }) => value === reason)?.label;
    write({
      requestedAction: requestOption('decline'),
      actionReason: [label, text.trim()].filter(Boolean).join(': ').slice(0, longest) || null,
      ...(closeReason.editable && { closeReason: reason }),
    });
  };
  return (
    <Ask title={strings('decline_title')} confirm={strings('decline')} onConfirm={decline} onClose={onClose}>
      {strings('decline_text')}
      <Field
        required
        label={strings('decline_reason')}
        validationMessage={tried && reason === undefined ? strings('decline_choose') : undefined}
      >
        <Choice
          options={reasonOptions}
          chosen={reason}
          placeholder={strings('decline_choose')}
          onChoose={(value) => setReason(Number(value))}
        />
      </Field>
      <Field label={strings('decline_note')}>
        <Textarea value={text} maxLength={longest} onChange={(_event, { value }) => setText(value)} />
      </Field>
    </Ask>
  );
}
