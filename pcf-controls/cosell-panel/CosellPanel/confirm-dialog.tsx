/**
 * Asks before what can't be taken back, and shows what Microsoft will see, from the same values that are checked.
 *
 * The button that confirms stays off until the preview is there: who confirms has been shown what he confirms.
 */
import * as React from 'react';
import type { Money } from '../../../domain/deal';
import type { DealKind } from '../../../domain/deal-kind';
import { ReadState } from './checklist-view';
import { valuesOf } from './checklist';
import type { Changes, PanelIo } from './io';
import type { PanelModel } from './model';
import { previewOf } from './preview';
import { moneyText } from './time';
import { Ask, FactList, Hint, Note } from './ui';
import type { KnownFacts } from './use-facts';

export interface Question {
  readonly kind: 'share' | 'help' | 'visible' | 'stop' | 'preview';
  /** The kind of deal that follows; none for stopping. */
  readonly deal?: DealKind;
  readonly changes: Changes;
}

export interface ConfirmProps {
  readonly question: Question;
  readonly model: PanelModel;
  readonly known: KnownFacts;
  readonly io: PanelIo;
  readonly onClose: () => void;
}

export function ConfirmDialog({ question, model, known, io, onClose }: ConfirmProps): React.ReactElement {
  const { strings } = io;
  const { kind, deal, changes } = question;
  const created = model.recordId === '';
  const shown = created || known.facts !== undefined;
  const deciding = kind !== 'preview';
  const help = changes.helpRequired ?? model.helpRequired.raw;
  const words = {
    money: (value: Money) => moneyText(value, model.language),
    day: io.day,
    help: model.helpOptions.find(({ value }) => value === help)?.label ?? '',
    intent: model.purchaseIntent.formatted,
    yes: strings('yes'),
    no: strings('no'),
  };
  // On the create form an empty line would say that a value is empty which merely is not known here.
  const rows = deal && shown ? previewOf(valuesOf(model, known.facts), deal, words) : [];
  const confirm = (): void => {
    onClose();
    io.write(changes);
  };
  return (
    <Ask
      title={strings(`ask_${kind}`)}
      confirm={deciding ? strings(`confirm_${kind}`) : undefined}
      disabled={deal !== undefined && !shown}
      onConfirm={confirm}
      onClose={onClose}
      strings={strings}
    >
      {deal === undefined ? (
        strings('ask_stop_text')
      ) : (
        <>
          {deciding && <Note lines={[strings('ask_final')]} />}
          <span>{strings(`sees_${deal}`)}</span>
          <ReadState known={known} io={io} loaded={shown} />
          {shown ? (
            <FactList facts={created ? rows.filter(([, value]) => value) : rows} strings={strings} />
          ) : (
            model.offline && <Hint>{strings('offline')}</Hint>
          )}
          {created && <Hint>{strings('preview_create')}</Hint>}
          <Hint>{strings('preview_also')}</Hint>
        </>
      )}
    </Ask>
  );
}
