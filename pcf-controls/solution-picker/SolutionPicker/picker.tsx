/**
 * The whole picker: search field, messages, picked solutions. Takes everything from the store, holds no data itself.
 */
import * as React from 'react';
import type { Strings } from '../../kit/strings';
import type { NumberFormat } from './amounts';
import { PickRow } from './pick-row';
import { shownPicks } from './picks';
import { SearchBox } from './search-box';
import type { Explain, PickerStore } from './store-shape';
import { useStyles } from './styles';
import type { Search } from './use-search';
import { Notice } from './view-parts';

/** Stays the same as long as the control lives. */
export interface PickerWorld {
  readonly strings: Strings;
  readonly search: Search;
  readonly explain: Explain;
}

export interface PickerProps {
  readonly store: PickerStore;
  readonly format: NumberFormat;
  readonly world: PickerWorld;
}

export const Picker = ({ store, format, world }: PickerProps): React.ReactElement => {
  const { strings } = world;
  const styles = useStyles();
  const look = React.useMemo(() => ({ strings, format, styles }), [strings, format, styles]);
  const [, renew] = React.useReducer((count: number) => count + 1, 0);
  React.useEffect(() => store.subscribe(renew), [store]);
  const inputRef = React.useRef<HTMLInputElement>(null);
  const list = React.useRef<HTMLDivElement>(null);
  /** Row whose button gets the focus, because the one that had it is gone; it would fall to the top of the page. */
  const focus = React.useRef(-1);
  const { input, picks, ready, problem, malformed, removed, canSearch } = store.state();
  const { editable, maxItems } = input;
  const shown = shownPicks(picks);

  const onRemove = React.useCallback(
    (id: string) => {
      focus.current = shownPicks(picks).findIndex(({ solution }) => solution.id === id);
      store.remove(id);
    },
    [store, picks],
  );
  React.useLayoutEffect(() => {
    if (focus.current < 0) return;
    const buttons = list.current?.querySelectorAll<HTMLElement>('[role=listitem]>div>button');
    (buttons?.[Math.min(focus.current, buttons.length - 1)] ?? inputRef.current)?.focus();
    focus.current = -1;
  });

  if (!input.readable) {
    return <div>{strings('kit_masked')}</div>;
  }
  const extra = shown.length - maxItems;
  const undo = (): void => {
    store.undo();
    inputRef.current?.focus();
  };
  return (
    <div className={styles.root}>
      {canSearch && <SearchBox {...{ picks, look, world, inputRef }} onToggle={store.toggle} full={extra >= 0} />}
      {problem && (
        <Notice intent="error" actions={[[strings('kit_retry'), store.reload]]}>
          {strings('failed_read', { reason: problem })}
        </Notice>
      )}
      {malformed !== null && (
        <Notice intent="warning" actions={editable ? [[strings('start_over'), store.startOver]] : []}>
          {strings('draft_malformed')}
          <div>{malformed}</div>
        </Notice>
      )}
      {extra > 0 && (
        <Notice intent="warning">{strings('too_many', { max: String(maxItems), extra: String(extra) })}</Notice>
      )}
      <div role="status">
        {removed && (
          <Notice intent="info" actions={[[strings('undo'), undo]]}>
            {strings('was_removed', { name: removed.solution.name })}
          </Notice>
        )}
        {/* Spoken with each change, since what was picked in the list is added outside of it. */}
        {shown.length > 0
          ? strings('chosen', { count: String(shown.length) })
          : !problem && malformed === null && strings(ready ? 'none_chosen' : 'loading')}
      </div>
      <div ref={list} role="list">
        {shown.map((pick) => (
          <PickRow key={pick.solution.id} {...{ pick, editable, store, look, onRemove }} />
        ))}
      </div>
    </div>
  );
};
