/**
 * Asks before what can't be taken back, and shows what Microsoft will see, from the same values that are checked.
 *
 * The button that confirms stays off until the preview is there: who confirms has been shown what he confirms.
 */
import type { DealKind } from '../../../domain/deal-kind';
import * as React from '../../kit/react';
import { ReadState } from './checklist-view';
import { valuesOf } from './checklist';
import type { Changes } from './io';
import { previewOf } from './preview';
import { moneyText } from './time';
import { Ask, FactList, Hint, Note } from './ui';
import { useView } from './view';

export interface Question {
  readonly kind: 'share' | 'help' | 'visible' | 'stop' | 'preview';
  /** The kind of deal that follows; none for stopping. */
  readonly deal?: DealKind;
  readonly changes?: Changes;
}

export interface ConfirmProps {
  readonly question: Question;
  readonly onClose: () => void;
}

export function ConfirmDialog({ question, onClose }: ConfirmProps): React.ReactElement {
  const { strings, model, known, day, write } = useView();
  const { kind, deal, changes } = question;
  const created = !model.recordId;
  const shown = created || !!known.facts;
  const confirm = (): void => {
    onClose();
    if (changes) write(changes);
  };
  const preview = (wanted: DealKind): React.ReactElement => {
    const help = changes?.helpRequired ?? model.helpRequired.raw;
    const rows = previewOf(valuesOf(model, known.facts), wanted, {
      money: (value) => moneyText(value, model.language),
      day,
      help: model.helpOptions.find(({ value }) => value === help)?.label,
      intent: model.purchaseIntent.formatted,
      yes: strings('yes'),
      no: strings('no'),
    });
    return (
      <>
        {changes && <Note lines={[strings('ask_final')]} />}
        {strings(`sees_${wanted}`)}
        <ReadState loaded={shown} />
        {/* On the create form an empty line would say that a value is empty which merely is not known here. */}
        {shown && <FactList facts={rows.filter(([, value]) => value || !created)} />}
        {!shown && model.offline && <Hint>{strings('offline')}</Hint>}
        {created && <Hint>{strings('preview_create')}</Hint>}
        <Hint>{strings('preview_also')}</Hint>
      </>
    );
  };
  return (
    <Ask
      title={strings(`ask_${kind}`)}
      confirm={changes && strings(`confirm_${kind}`)}
      disabled={!!deal && !shown}
      onConfirm={confirm}
      onClose={onClose}
    >
      {deal ? preview(deal) : strings('ask_stop_text')}
    </Ask>
  );
}
