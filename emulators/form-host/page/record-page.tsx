/** One record: command bar, notifications, header, tabs and the form. */
import * as React from 'react';
import { Avatar, Button, Link, Spinner } from '@fluentui/react-components';
import { CommandBar } from './command-bar';
import { FormBody, FormTabs } from './form-body';
import { isChoice, isLookup, type Reference } from './values';
import { useChanges, useHost } from './host';
import { BackIcon, InfoIcon, WarningIcon } from './icons';
import { openRecord, type OpenRecord } from './open-record';
import { recordCommands } from './record-commands';
import { SecondInstances } from './second-instances';
import type { FormSession } from './form-session';

export function RecordPage({ table, id }: { table: string; id: string | null }): React.ReactElement {
  const host = useHost();
  const [record, setRecord] = React.useState<OpenRecord | null>(null);
  const [failure, setFailure] = React.useState<string | null>(null);
  useChanges(record?.session ?? null);
  React.useEffect(() => {
    let gone = false;
    let opened: OpenRecord | null = null;
    openRecord(host, table, id)
      .then((made) => {
        opened = made;
        if (gone) made.end();
        else setRecord(made);
      })
      .catch((error: { message?: string }) => !gone && setFailure(error.message ?? String(error)));
    return () => {
      gone = true;
      opened?.end();
    };
  }, [host, table, id]);
  if (failure !== null)
    return (
      <div className="page-wait" role="alert">
        {failure}{' '}
        <Button onClick={() => host.shell.go({ pagetype: 'entitylist', etn: table })}>{host.words('back')}</Button>
      </div>
    );
  if (!record)
    return (
      <div className="page-wait">
        <Spinner label={host.words('loading')} />
      </div>
    );
  return <Form record={record} />;
}

function Form({ record }: { record: OpenRecord }): React.ReactElement {
  const host = useHost();
  const { session } = record;
  const { words, switches } = host;
  const stock = recordCommands(host, record);
  const scene = record.scene();
  const buttons = React.useMemo(
    () => (host.model.buttons[session.table.name] ?? []).filter((each) => each.place === 'form'),
    [host, session],
  );
  const version = [
    session.id,
    session.phase,
    session.etag,
    JSON.stringify(
      [...session.attributes.values()]
        .filter((each) => each.info.name.startsWith('cosell_') || isChoice(each.info))
        .map((each) => each.value),
    ),
  ].join();
  const width = switches.width > 0 ? { maxInlineSize: `${switches.width}px` } : {};
  return (
    <div className="record" style={width}>
      <div className="record-bar">
        <Button
          className="record-back"
          appearance="subtle"
          icon={<BackIcon />}
          aria-label={words('back')}
          onClick={() => void record.leave({ pagetype: 'entitylist', etn: session.table.name })}
        />
        <CommandBar stock={stock} buttons={buttons} scene={scene} version={version} />
      </div>
      <Notices session={session} />
      <header className="card record-head">
        <Header session={session} />
        <FormTabs session={session} />
      </header>
      <div className="record-body">
        <FormBody session={session} />
      </div>
      {switches.second && <SecondInstances session={session} />}
    </div>
  );
}

function Header({ session }: { session: FormSession }): React.ReactElement {
  const { words } = useHost();
  const title =
    session.id === '' && session.title === '' ? words('newRecord', { table: session.table.label }) : session.title;
  const state = session.saving
    ? words('saving')
    : session.id === '' || session.dirty
      ? words('unsaved')
      : words('saved');
  return (
    <div className="record-top">
      <div className="record-name">
        <h1>
          <span className="record-title">{title}</span>
          <span
            className="record-state"
            role="status"
            data-form-state={session.saving ? 'saving' : session.dirty || session.id === '' ? 'unsaved' : 'saved'}
          >
            - {state}
          </span>
        </h1>
        <div className="record-kind">{session.table.label}</div>
      </div>
      <div className="record-facts">
        {session.form.header.map((column) => (
          <Fact key={column} session={session} column={column} />
        ))}
      </div>
    </div>
  );
}

function Fact({ session, column }: { session: FormSession; column: string }): React.ReactElement | null {
  const { shell } = useHost();
  const attribute = session.attributes.get(column);
  if (!attribute) return null;
  const text = session.textOf(column);
  const [reference] = isLookup(attribute.info) ? ((attribute.value as Reference[] | null) ?? []) : [];
  return (
    <div className="fact">
      {reference && <Avatar size={32} name={text} color="colorful" aria-hidden />}
      <div>
        <div className="fact-value">
          {reference ? (
            <Link
              onClick={() =>
                shell.go({
                  pagetype: 'entityrecord',
                  etn: reference.entityType,
                  id: reference.id.replace(/[{}]/g, '').toLowerCase(),
                })
              }
            >
              {text}
            </Link>
          ) : text === '' ? (
            '---'
          ) : (
            text
          )}
        </div>
        <div className="fact-name">{attribute.info.label}</div>
      </div>
    </div>
  );
}

function Notices({ session }: { session: FormSession }): React.ReactElement {
  const { words } = useHost();
  const status = session.textOf('statecode') || session.textOf('statuscode');
  return (
    <div className="notices" aria-live="polite">
      {session.phase === 'inactive' && (
        <div className="notice notice-info">
          <InfoIcon /> <span>{words('readOnlyStatus', { status })}</span>
        </div>
      )}
      {[...session.formNotices].map(([id, notice]) => (
        <div key={id} className={`notice notice-${notice.level.toLowerCase()}`} data-notice={id}>
          {notice.level === 'INFO' ? <InfoIcon /> : <WarningIcon />}
          <span>{notice.text}</span>
        </div>
      ))}
    </div>
  );
}
