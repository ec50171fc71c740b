/** What the shell has open: alerts, confirmations, errors, lookups, web resources, closing a deal. */
import * as React from 'react';
import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Spinner,
} from '@fluentui/react-components';
import { CloseDeal } from './close-deal';
import { useChanges, useHost } from './host';
import { LookupDialog } from './lookup-dialog';
import type { OpenDialog } from './shell';

export function DialogLayer(): React.ReactElement {
  const { shell } = useHost();
  useChanges(shell);
  return (
    <>
      {shell.dialogs.map((dialog) =>
        dialog.kind === 'lookup' ? (
          <LookupDialog key={dialog.id} dialog={dialog} />
        ) : dialog.kind === 'close' ? (
          <CloseDeal key={dialog.id} dialog={dialog} />
        ) : dialog.kind === 'webresource' ? (
          <WebResource key={dialog.id} dialog={dialog} />
        ) : (
          <Message key={dialog.id} dialog={dialog} />
        ),
      )}
      {shell.progress !== null && (
        <div className="progress" role="alertdialog" aria-label={shell.progress}>
          <div className="progress-box">
            <Spinner label={shell.progress} />
          </div>
        </div>
      )}
      <div className="toasts" aria-live="polite">
        {shell.toasts.map((toast) => (
          <Toast key={toast.id} id={toast.id} text={toast.text} />
        ))}
      </div>
    </>
  );
}

function Toast({ id, text }: { id: number; text: string }): React.ReactElement {
  const { shell, words } = useHost();
  return (
    <div className="toast">
      <span>{text}</span>
      <Button appearance="transparent" size="small" onClick={() => shell.dropToast(id)}>
        {words('close')}
      </Button>
    </div>
  );
}

function Message({ dialog }: { dialog: OpenDialog }): React.ReactElement {
  const { words } = useHost();
  const [open, setOpen] = React.useState(false);
  const { kind } = dialog;
  const title =
    dialog.title !== ''
      ? dialog.title
      : words(kind === 'error' ? 'errorTitle' : kind === 'confirm' ? 'confirmTitle' : 'noticeTitle');
  return (
    <Dialog
      open
      modalType={kind === 'confirm' ? 'alert' : 'modal'}
      onOpenChange={(_, data) => !data.open && dialog.answer(false)}
    >
      <DialogSurface className="host-dialog" aria-describedby={undefined}>
        <DialogBody>
          <DialogTitle>{title}</DialogTitle>
          <DialogContent className="host-dialog-text">
            {dialog.subtitle !== undefined && <p className="host-dialog-subtitle">{dialog.subtitle}</p>}
            {dialog.text}
            {dialog.details !== undefined && (
              <p>
                <Button size="small" appearance="transparent" onClick={() => setOpen(!open)}>
                  {words('details')}
                </Button>
                {open && <span className="host-dialog-details">{dialog.details}</span>}
              </p>
            )}
          </DialogContent>
          <DialogActions>
            <Button appearance="primary" onClick={() => dialog.answer(true)}>
              {dialog.confirmLabel ?? words('ok')}
            </Button>
            {kind === 'confirm' && (
              <Button onClick={() => dialog.answer(false)}>{dialog.cancelLabel ?? words('cancel')}</Button>
            )}
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}

/** The page closes itself with window.close(), as it does in the platform's dialogs; `returnValue` comes back. */
function WebResource({ dialog }: { dialog: OpenDialog }): React.ReactElement {
  const { words } = useHost();
  const frame = React.useRef<HTMLIFrameElement>(null);
  const prepare = (): void => {
    const inner = frame.current?.contentWindow as (Window & { returnValue?: unknown }) | null | undefined;
    if (!inner) return;
    inner.close = () => dialog.answer({ returnValue: inner.returnValue });
  };
  React.useEffect(prepare);
  return (
    <Dialog open onOpenChange={(_, data) => !data.open && dialog.answer({ returnValue: undefined })}>
      <DialogSurface
        className="host-dialog-wide"
        style={{ maxInlineSize: '96vw', inlineSize: `${dialog.width ?? 600}px` }}
        aria-describedby={undefined}
      >
        <DialogBody>
          <DialogTitle
            action={
              <Button appearance="subtle" onClick={() => dialog.answer({ returnValue: undefined })}>
                {words('close')}
              </Button>
            }
          >
            {dialog.title}
          </DialogTitle>
          <DialogContent>
            <iframe
              ref={frame}
              title={dialog.title}
              src={dialog.source}
              onLoad={prepare}
              style={{ border: 0, inlineSize: '100%', blockSize: `${(dialog.height ?? 400) - 100}px` }}
            />
          </DialogContent>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
