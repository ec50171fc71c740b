/**
 * The whole panel: puts the parts together and holds what is open.
 *
 * All that lasts is in columns; only what is unfolded or asked is kept here, so that a form which takes the control
 * away and brings it back (a hidden tab, a business rule) loses nothing.
 */
import * as React from 'react';
import { checkForAccept, checkForShare, type Checklist } from './checklist';
import { ChecklistView } from './checklist-view';
import { ConfirmDialog, type Question } from './confirm-dialog';
import { DeclineDialog } from './decline-dialog';
import { Header } from './header';
import { Hold } from './hold';
import type { PanelIo } from './io';
import { messageOf } from './message';
import type { PanelModel } from './model';
import { requestOf, requestOption } from './options';
import { mayAct, standingOf } from './phase';
import { MicrosoftSide, Referral } from './referral';
import { Sharing } from './sharing';
import { useStyles } from './styles';
import { Note } from './ui';
import { useFacts } from './use-facts';
import { useNow } from './use-now';

export interface PanelProps {
  readonly model: PanelModel;
  readonly io: PanelIo;
  /** Goes up when the platform handed over the same values again. */
  readonly refreshes: number;
}

export function Panel({ model, io, refreshes }: PanelProps): React.ReactElement {
  const styles = useStyles();
  const { strings } = io;
  const standing = standingOf(model);
  const { phase, wanted } = standing;
  const onHold = phase === 'onHold';
  const now = useNow(io.clock, model.visible);
  const [opened, setOpened] = React.useState(false);
  const [question, setQuestion] = React.useState<Question>();
  const [declining, setDeclining] = React.useState(false);
  // Waiting for the facts, then either asked of the connector or stopped by what is missing.
  const [accepting, setAccepting] = React.useState(false);

  const watching = model.sync.raw === true && (phase === 'toShare' || phase === 'needsAttention');
  const open = opened || watching;
  const known = useFacts(model, io, open || question !== undefined, refreshes);
  const { facts } = known;
  const checks = React.useMemo((): Checklist | undefined => {
    if (!open || (model.recordId !== '' && !facts)) return undefined;
    return onHold && facts ? checkForAccept(model, facts, io.today()) : checkForShare(model, facts, wanted, io.today());
  }, [open, model, facts, onHold, wanted, io]);

  const acting = mayAct(model);
  const request = (name: keyof typeof requestOption): void => io.write({ requestedAction: requestOption[name] });
  const accept = (): void => {
    setOpened(true);
    setAccepting(true);
  };
  React.useEffect(() => {
    if (!accepting || known.state === 'loading' || known.state === 'idle') return;
    setAccepting(false);
    if (known.state === 'done' && checks?.ready) io.write({ requestedAction: requestOption.accept });
  }, [accepting, known.state, checks, io]);

  const { lines, onlyFindings, onlyHold } = messageOf(model.syncMessageCode.raw, model.syncMessage.raw, strings);
  // Said already, and more clearly, by the checklist or by the card of a deal on hold.
  const doubled = (onlyFindings && checks !== undefined) || (onHold && onlyHold);
  const asked = model.requestedAction.raw;
  const pending = asked === null ? '' : strings(`pending_${requestOf(asked) ?? 'other'}`);
  const title = phase === 'unknown' ? model.syncStatus.formatted : strings(`state_${phase}`);

  return (
    <div className={styles.root}>
      <Header model={model} standing={standing} title={title} ready={checks?.ready} now={now} io={io} />
      <div role="status" className={styles.unseen}>
        {[title, pending, ...lines].filter(Boolean).join('. ')}
      </div>
      {model.offline && <Note lines={[strings('offline')]} />}
      {pending && <Note lines={[pending]} intent="info" />}
      {!doubled && lines.length > 0 && <Note lines={lines} intent={phase === 'needsAttention' ? 'error' : 'info'} />}
      {onHold && (
        <Hold
          model={model}
          partner={standing.kind === 'partnerToPartner'}
          now={now}
          io={io}
          acting={acting}
          busy={accepting}
          onAccept={accept}
          onDecline={() => setDeclining(true)}
        />
      )}
      <div className={styles.columns}>
        <Sharing
          model={model}
          standing={standing}
          io={io}
          onAsk={setQuestion}
          onCheck={open ? undefined : () => setOpened(true)}
        />
        <div className={styles.group}>
          {open && phase !== 'closed' && !(model.offline && !checks) && (
            <ChecklistView
              checks={checks}
              known={known}
              io={io}
              saved={model.recordId !== ''}
              offline={model.offline}
              title={onHold ? 'check_titleAccept' : 'check_title'}
              onClose={watching ? undefined : () => setOpened(false)}
            />
          )}
          <MicrosoftSide model={model} io={io} />
          <Referral model={model} phase={phase} io={io} acting={acting} onRequest={request} />
        </div>
      </div>
      {question && (
        <ConfirmDialog question={question} model={model} known={known} io={io} onClose={() => setQuestion(undefined)} />
      )}
      {declining && <DeclineDialog model={model} io={io} onClose={() => setDeclining(false)} />}
    </div>
  );
}
