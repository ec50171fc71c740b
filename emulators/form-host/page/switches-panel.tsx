/**
 * The switches of the form host, for people. English only on purpose: it is a tool beside the app, not
 * a part of it, and is closed unless asked for.
 */
import * as React from 'react';
import { Button, Dropdown, Field, Input, Link, Option, Switch } from '@fluentui/react-components';
import { useChanges, useHost } from './host';
import { complaints } from './pcf-instance';
import type { Switches } from './switches';

type Choice = readonly [value: string, label: string];

const languages: readonly Choice[] = [
  ['1033', 'English'],
  ['1036', 'Français'],
  ['1053', 'Svenska'],
  ['1028', '繁體中文'],
  ['1025', 'العربية (right to left)'],
];
const widths: readonly Choice[] = [
  ['0', 'All there is'],
  ['320', '320 px'],
  ['480', '480 px'],
  ['900', '900 px'],
];
const failures: readonly Choice[] = [
  ['', 'None'],
  ['403', '403 on everything'],
  ['429', '429 on everything'],
  ['500', '500 on everything'],
  ['403@retrieveMultiple', '403 on lists'],
  ['500@retrieve', '500 on reads'],
  ['412@update', '412 on updates'],
  ['403@create', '403 on creates'],
];
const runtimes: readonly Choice[] = [
  ['17-9.46', 'React 17, Fluent 9.46'],
  ['17-9.68', 'React 17, Fluent 9.68'],
  ['16-9.46', 'React 16, Fluent 9.46'],
];

export function SwitchesPanel(): React.ReactElement {
  const host = useHost();
  useChanges(host);
  const { switches, turn, people, services } = host;
  const runtime = new URLSearchParams(window.location.search).get('runtime') ?? '17-9.46';
  const flag = (name: keyof Switches, label: string): React.ReactElement => (
    <Switch
      key={name}
      label={label}
      checked={switches[name] === true}
      onChange={(_, data) => turn({ [name]: data.checked })}
    />
  );
  const text = (name: 'readonly' | 'masked', label: string): React.ReactElement => (
    <Field label={label} size="small">
      <Input
        size="small"
        defaultValue={switches[name]}
        placeholder="cosell_helprequired"
        onBlur={(event) => turn({ [name]: event.target.value })}
      />
    </Field>
  );
  return (
    <aside className="switches" aria-label="Switches of the form host">
      <div className="switches-top">
        <strong>Form host</strong>
        <Link onClick={() => turn({ switches: false })}>Close</Link>
      </div>
      <Pick
        label="Work as"
        value={services.user.id}
        choices={people.map((each) => [each.id, `${each.name}${each.title === '' ? '' : ` (${each.title})`}`])}
        onPick={(person) => turn({ person })}
      />
      <Pick
        label="Language"
        value={String(switches.lang)}
        choices={languages}
        onPick={(lang) => turn({ lang: Number(lang), rtl: lang === '1025' })}
      />
      <Pick
        label="Form width"
        value={String(switches.width)}
        choices={widths}
        onPick={(width) => turn({ width: Number(width) })}
      />
      <Pick label="Failing requests" value={switches.fail} choices={failures} onPick={(fail) => turn({ fail })} />
      <Pick
        label="Slower by"
        value={String(switches.latency)}
        choices={[
          ['0', '0 ms'],
          ['300', '300 ms'],
          ['2000', '2 s'],
        ]}
        onPick={(latency) => turn({ latency: Number(latency) })}
      />
      <Pick
        label="Runtime"
        value={runtime}
        choices={runtimes}
        onPick={(next) => {
          const query = new URLSearchParams(window.location.search);
          query.set('runtime', next);
          window.location.search = query.toString();
        }}
      />
      {flag('live', 'Live refresh')}
      {flag('autosave', 'Autosave (30 s)')}
      {flag('offline', 'Offline')}
      {flag('dark', 'Dark theme')}
      {flag('rtl', 'Right to left')}
      {flag('second', 'Second instance of controls')}
      {text('readonly', 'Read-only by field security')}
      {text('masked', 'Masked by field security')}
      <details className="switches-log">
        <summary>Web API calls ({services.api.log.filter((each) => each.caller !== 'live').length})</summary>
        <ol>
          {services.api.log
            .filter((each) => each.caller !== 'live')
            .slice(-30)
            .map((each, index) => (
              <li key={index}>{`${each.caller} ${each.verb} ${each.table} ${each.status}`}</li>
            ))}
        </ol>
      </details>
      {complaints.length > 0 && (
        <details className="switches-log" open>
          <summary>Complaints ({complaints.length})</summary>
          <ol>
            {complaints.map((each, index) => (
              <li key={index}>{each}</li>
            ))}
          </ol>
        </details>
      )}
      <Button size="small" onClick={() => window.location.reload()}>
        Reload page
      </Button>
    </aside>
  );
}

function Pick({
  label,
  value,
  choices,
  onPick,
}: {
  label: string;
  value: string;
  choices: readonly Choice[];
  onPick: (value: string) => void;
}): React.ReactElement {
  return (
    <Field label={label} size="small">
      <Dropdown
        size="small"
        value={choices.find(([each]) => each === value)?.[1] ?? value}
        selectedOptions={[value]}
        onOptionSelect={(_, data) => onPick(data.optionValue ?? '')}
      >
        {choices.map(([each, text]) => (
          <Option key={each} value={each} text={text}>
            {text}
          </Option>
        ))}
      </Dropdown>
    </Field>
  );
}
