/** The platform's lookup: the chosen record as a link, a search that reads as you type. */
import * as React from 'react';
import { Button, Combobox, Link, Option } from '@fluentui/react-components';
import { useHost } from './host';
import { DismissIcon, SearchIcon } from './icons';
import { searchRows } from './search-rows';
import type { FieldProps } from './stock-controls';
import { bareId, type Reference } from './values';

type LookupProps = Omit<FieldProps, 'value'> & { readonly value: Reference[] };

export function LookupField(props: LookupProps): React.ReactElement {
  const { value, disabled, label, onCommit } = props;
  const { shell, words } = useHost();
  const [chosen] = value;
  if (!chosen) return disabled ? <span className="lookup field-empty">---</span> : <LookupSearch {...props} />;
  const name = chosen.name === undefined || chosen.name === '' ? '---' : chosen.name;
  return (
    <span className="lookup" aria-label={label}>
      <span className={`lookup-icon lookup-${chosen.entityType}`} aria-hidden="true">
        {name.slice(0, 1)}
      </span>
      <Link
        className="lookup-name"
        title={words('openRecord', { name })}
        onClick={() => shell.go({ pagetype: 'entityrecord', etn: chosen.entityType, id: bareId(chosen.id) })}
      >
        {name}
      </Link>
      {!disabled && (
        <Button
          appearance="transparent"
          size="small"
          icon={<DismissIcon />}
          aria-label={words('remove', { name })}
          onClick={() => onCommit(null)}
        />
      )}
    </span>
  );
}

function LookupSearch({ info, session, label, onCommit }: LookupProps): React.ReactElement {
  const { words } = useHost();
  const [query, setQuery] = React.useState('');
  const [rows, setRows] = React.useState<readonly Reference[]>([]);
  const [open, setOpen] = React.useState(false);
  React.useEffect(() => {
    if (!open) return undefined;
    let gone = false;
    searchRows(session.services, info.targets, query)
      .then((found) => !gone && setRows(found))
      .catch(() => !gone && setRows([]));
    return () => void (gone = true);
  }, [open, query, info, session]);
  return (
    <Combobox
      appearance="filled-darker"
      className="field"
      aria-label={label}
      placeholder="---"
      freeform
      expandIcon={<SearchIcon />}
      value={query}
      open={open}
      onOpenChange={(_, data) => setOpen(data.open)}
      onChange={(event) => {
        setQuery(event.target.value);
        setOpen(true);
      }}
      selectedOptions={[]}
      onOptionSelect={(_, data) => {
        const row = rows.find((each) => each.id === data.optionValue);
        setQuery('');
        if (row) onCommit([row]);
      }}
    >
      {rows.length === 0
        ? [
            <Option key="none" value="" disabled text="">
              {words('noMatches')}
            </Option>,
          ]
        : rows.map((row) => (
            <Option key={row.id} value={row.id} text={row.name ?? ''}>
              {row.name ?? ''}
            </Option>
          ))}
    </Combobox>
  );
}
