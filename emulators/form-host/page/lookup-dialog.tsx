/** Xrm.Utility.lookupObjects: choose one or several rows of the given tables. Filters are refused by name. */
import * as React from 'react';
import {
  Button,
  Checkbox,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Input,
} from '@fluentui/react-components';
import { useHost } from './host';
import { searchRows } from './search-rows';
import type { OpenDialog } from './shell';
import { bracedId, type Reference } from './values';

export function LookupDialog({ dialog }: { dialog: OpenDialog }): React.ReactElement {
  const { words, services } = useHost();
  const { tables, many } = dialog.lookup ?? { tables: [], many: false };
  const [query, setQuery] = React.useState('');
  const [rows, setRows] = React.useState<readonly Reference[]>([]);
  const [chosen, setChosen] = React.useState<readonly string[]>([]);
  React.useEffect(() => {
    let gone = false;
    searchRows(services, tables, query)
      .then((found) => !gone && setRows(found))
      .catch(() => !gone && setRows([]));
    return () => void (gone = true);
  }, [services, tables, query]);
  const pick = (id: string, on: boolean): void =>
    setChosen(many ? (on ? [...chosen, id] : chosen.filter((each) => each !== id)) : on ? [id] : []);
  const answer = (): void =>
    dialog.answer(rows.filter((each) => chosen.includes(each.id)).map((each) => ({ ...each, id: bracedId(each.id) })));
  return (
    <Dialog open onOpenChange={(_, data) => !data.open && dialog.answer([])}>
      <DialogSurface className="host-dialog" aria-describedby={undefined}>
        <DialogBody>
          <DialogTitle>{words('lookupTitle')}</DialogTitle>
          <DialogContent>
            <Input
              appearance="filled-darker"
              className="field"
              value={query}
              aria-label={words('filter')}
              placeholder={words('filter')}
              onChange={(_, data) => setQuery(data.value)}
            />
            <div className="lookup-list" role="group">
              {rows.length === 0 && <p>{words('noMatches')}</p>}
              {rows.map((row) => (
                <Checkbox
                  key={row.id}
                  label={row.name ?? ''}
                  shape={many ? 'square' : 'circular'}
                  checked={chosen.includes(row.id)}
                  onChange={(_, data) => pick(row.id, data.checked === true)}
                />
              ))}
            </div>
          </DialogContent>
          <DialogActions>
            <Button appearance="primary" disabled={chosen.length === 0} onClick={answer}>
              {words('select')}
            </Button>
            <Button onClick={() => dialog.answer([])}>{words('cancel')}</Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
