/**
 * The whole panel: puts the parts together and holds what is open.
 *
 * All that lasts is in columns; only what is unfolded or asked is kept here, so that a form which takes the control
 * away and brings it back (a hidden tab, a business rule) loses nothing.
 */
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import * as React from '../../kit/react';
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
import { unseen, useStyles } from './styles';
import { Note } from './ui';
import { useFacts } from './use-facts';
import { useNow } from './use-now';
import { ViewContext } from './view';

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
  const now = useNow(model.visible);
  /** Null until somebody opens the checklist: a form that only loads leaves the focus where it is. */
  const [opened, setOpened] = useState<boolean | null>(null);
  const root = useRef<HTMLDivElement>(null);
  // The pressed button goes: the focus goes to the one that undoes it, and not to the top of the form.
  // Before anything is painted, so that a person who types on at once is never nowhere.
  useLayoutEffect(() => {
    if (opened !== null) root.current?.querySelector<HTMLElement>('[data-check]')?.focus();
  }, [opened]);
  const [question, setQuestion] = useState<Question>();
  const [declining, setDeclining] = useState(false);
  // Waiting for the facts, then either asked of the connector or stopped by what is missing.
  const [accepting, setAccepting] = useState(false);
  // What is being checked stays open: it is about to say what is missing.
  const flip = (): void => setOpened(accepting || !opened);

  const watching = model.sync.raw === true && (phase === 'toShare' || phase === 'needsAttention');
  const open = opened || watching;
  const known = useFacts(model, io, open || !!question, refreshes);
  const { facts, state } = known;
  const checks = useMemo((): Checklist | undefined => {
    if (!open || (model.recordId && !facts)) return undefined;
    return onHold && facts ? checkForAccept(model, facts, io.today()) : checkForShare(model, facts, wanted, io.today());
  }, [open, model, facts, onHold, wanted, io]);

  useEffect(() => {
    if (!accepting || state === 'loading' || (state === 'idle' && !model.offline)) return;
    setAccepting(false);
    if (state === 'done' && checks?.ready) io.write({ requestedAction: requestOption('accept') });
  }, [accepting, state, checks, io, model.offline]);

  const { lines, onlyFindings, onlyHold } = messageOf(model.syncMessageCode.raw, model.syncMessage.raw, strings);
  // Said already, and more clearly, by the checklist or by the card of a deal on hold.
  const doubled = (onlyFindings && checks) || (onHold && onlyHold);
  const asked = model.requestedAction.raw;
  const pending = asked === null ? '' : strings(`pending_${requestOf(asked) ?? 'other'}`);
  const title = phase === 'unknown' ? model.syncStatus.formatted : strings(`state_${phase}`);

  return (
    <ViewContext.Provider value={{ ...io, model, standing, styles, now, acting: mayAct(model), known }}>
      <div className={styles.root} ref={root}>
        <Header title={title} ready={checks?.ready} />
        <div role="status" style={unseen}>
          {[title, pending, ...lines].filter(Boolean).join('. ')}
        </div>
        {model.offline && <Note lines={[strings('offline')]} />}
        {pending && <Note lines={[pending]} intent="info" />}
        {!doubled && lines.length > 0 && <Note lines={lines} intent={phase === 'needsAttention' ? 'error' : 'info'} />}
        {onHold && (
          <Hold
            busy={accepting}
            onAccept={() => {
              setOpened(true);
              setAccepting(true);
            }}
            onDecline={() => setDeclining(true)}
          />
        )}
        <div className={styles.columns}>
          <Sharing onAsk={setQuestion} onCheck={open ? undefined : flip} />
          <div className={styles.group}>
            {open && phase !== 'closed' && (checks || !model.offline) && (
              <ChecklistView checks={checks} onClose={watching ? undefined : flip} />
            )}
            <MicrosoftSide />
            <Referral />
          </div>
        </div>
        {question && <ConfirmDialog question={question} onClose={() => setQuestion(undefined)} />}
        {declining && <DeclineDialog onClose={() => setDeclining(false)} />}
      </div>
    </ViewContext.Provider>
  );
}
