/** A code component on the page: its container, its life, and what is shown when it fails. */
import * as React from 'react';
import { Button } from '@fluentui/react-components';
import type { CustomControlBinding } from '../model';
import type { FormSession } from './form-session';
import { useHost, viewOf } from './host';
import { complaints, PcfInstance } from './pcf-instance';
import { loadControl } from './pcf-loader';

export interface PcfHostProps {
  readonly session: FormSession;
  readonly binding: CustomControlBinding;
  readonly name: string;
  readonly label: string;
  readonly disabled: boolean;
  readonly visible: boolean;
}

export function PcfHost(props: PcfHostProps): React.ReactElement {
  const { session, binding, name } = props;
  const host = useHost();
  const container = React.useRef<HTMLDivElement>(null);
  const instance = React.useRef<PcfInstance | null>(null);
  const mode = React.useRef(props);
  mode.current = props;
  const [failure, setFailure] = React.useState<string | null>(null);
  const [turn, setTurn] = React.useState(0);

  React.useEffect(() => {
    let gone = false;
    const fail = (error: unknown): void => {
      const text = error instanceof Error ? error.message : String((error as { message?: string }).message ?? error);
      complaints.push(`${binding.name}: ${text}`);
      if (!gone) setFailure(text);
    };
    const model = host.model.controls[binding.name];
    if (!model) {
      fail(new Error(`The control ${binding.name} is not installed`));
      return undefined;
    }
    loadControl(model, host.services.lang)
      .then((loaded) => {
        if (gone || !container.current) return;
        instance.current = new PcfInstance({
          loaded,
          binding,
          session,
          shell: host.shell,
          switches: host.switches,
          container: container.current,
          name,
          design: host.design,
          mode: () => ({ disabled: mode.current.disabled, visible: mode.current.visible, label: mode.current.label }),
          onError: fail,
          viewOf: (id, table) => viewOf(host.model, id, table),
        });
      })
      .catch(fail);
    const stop = [
      session.subscribe(() => instance.current?.refresh()),
      host.subscribe(() => instance.current?.refresh()),
    ];
    const reload = (): void => instance.current?.reload();
    session.onReload.add(reload);
    return () => {
      gone = true;
      session.onReload.delete(reload);
      for (const end of stop) end();
      instance.current?.destroy();
      instance.current = null;
    };
  }, [session, binding, name, host, turn]);

  React.useEffect(() => instance.current?.refresh());

  return (
    <div className="pcf" data-control={binding.name}>
      {failure !== null && (
        <div className="pcf-failed" role="alert">
          <span title={failure}>{host.words('controlFailed')}</span>
          <Button
            size="small"
            onClick={() => {
              setFailure(null);
              setTurn((before) => before + 1);
            }}
          >
            {host.words('reload')}
          </Button>
          <div className="pcf-why">{failure}</div>
        </div>
      )}
      <div ref={container} className="pcf-root" key={turn} />
    </div>
  );
}
