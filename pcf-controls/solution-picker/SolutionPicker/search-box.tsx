/**
 * The field in which solutions are searched for, with its list: an editable combobox that takes several.
 *
 * Own listbox, because the platform's Fluent (9.46) has no picker whose list is filled from a server. Keyboard after
 * the ARIA Authoring Practices Guide, "Combobox pattern": focus stays in the field, arrows move through the list.
 * Backspace edits the text only; it must not remove a solution with its price.
 */
import * as React from 'react';
import { Button, Input, Popover, PopoverSurface, useId } from '@fluentui/react-components';
import { Option } from './option';
import { isShown } from './picks';
import type { PickerWorld } from './picker';
import type { Picks, Solution } from './picks';
import { useSearch } from './use-search';
import type { Look } from './view-parts';

export interface SearchBoxProps {
  readonly picks: Picks;
  /** Nothing more may be picked; what is picked can still be taken off. */
  readonly full: boolean;
  readonly look: Look;
  readonly world: PickerWorld;
  readonly inputRef: React.RefObject<HTMLInputElement>;
  onToggle(solution: Solution): void;
}

export const SearchBox = (props: SearchBoxProps): React.ReactElement => {
  const { picks, full, look, world, inputRef, onToggle } = props;
  const { strings, styles } = look;
  const id = useId('list');
  const [text, setText] = React.useState('');
  const [open, setOpen] = React.useState(false);
  const [active, setActive] = React.useState(-1);
  const [target, setTarget] = React.useState<HTMLElement | null>(null);
  const list = React.useRef<HTMLDivElement>(null);
  const words = text.trim();
  const { state, value, error, retry } = useSearch(open ? words : null, world.search);
  const failed = state === 'failed';
  const count = value?.solutions.length ?? 0;
  const solution = open && value?.solutions[active];
  // A new answer: its first solution when something was searched for, so that Enter picks it.
  // eslint-disable-next-line react-hooks/exhaustive-deps -- typing alone moves nothing
  React.useEffect(() => setActive(words && value ? 0 : -1), [value]);
  // Not every environment that runs tests can scroll.
  React.useEffect(() => list.current?.children[active]?.scrollIntoView?.({ block: 'nearest' }), [active]);

  const keyDown = (event: React.KeyboardEvent): void => {
    const { key, ctrlKey, nativeEvent } = event;
    // While an input method is at work, Enter and the arrows are its own.
    if (ctrlKey || nativeEvent.isComposing) return;
    if (key === 'Escape' && (open || text)) {
      if (open) setOpen(false);
      else setText('');
    } else if (key === 'Enter') {
      setOpen(true);
      if (failed) retry();
      else if (solution && state === 'done') onToggle(solution);
    } else if (key === 'ArrowDown') {
      setOpen(true);
      if (open) setActive(active + 1 < count ? active + 1 : 0);
    } else if (key === 'ArrowUp') {
      setOpen(true);
      setActive((active > 0 ? active : count) - 1);
    } else if (solution && (key === 'Home' || key === 'End')) {
      // They belong to the text until somebody goes into the list.
      setActive(key === 'Home' ? 0 : count - 1);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };

  // Spoken, too: focus is in the field, and a screen reader would not notice what the list says.
  const hint = (): string => {
    if (failed) return world.explain(error).message;
    if (state !== 'done') return strings('searching');
    if (full) return strings('list_full');
    if (count) return strings(value?.more ? 'more_found' : 'found', { count: String(count) });
    return words ? strings('nothing_found', { text: words }) : strings('catalogue_empty');
  };

  return (
    <div ref={setTarget}>
      <Input
        ref={inputRef}
        className={styles.wide}
        role="combobox"
        autoComplete="off"
        placeholder={strings('search')}
        aria-label={strings('search')}
        aria-autocomplete="list"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        aria-activedescendant={solution ? id + active : undefined}
        value={text}
        onChange={(_, data) => {
          setText(data.value);
          setOpen(true);
        }}
        onClick={() => setOpen(true)}
        onBlur={() => {
          setOpen(false);
          setText('');
        }}
        onKeyDown={keyDown}
      />
      <Popover
        open={open}
        unstable_disableAutoFocus
        positioning={{ target, position: 'below', align: 'start', matchTargetSize: 'width' }}
      >
        {/* A press in the list must not take the focus out of the field, which would close it. */}
        <PopoverSurface role="presentation" className={styles.popup} onMouseDown={(event) => event.preventDefault()}>
          <div
            ref={list}
            id={id}
            role="listbox"
            aria-label={strings('catalogue')}
            aria-multiselectable
            className={styles.options}
          >
            {value?.solutions.map((found, index) => (
              <Option
                key={found.id}
                id={id + index}
                {...{ look, onToggle, solution: found }}
                chosen={isShown(picks.get(found.id))}
                active={index === active}
              />
            ))}
          </div>
          <div role="status" className={styles.small}>
            {hint()}
          </div>
          {failed && (
            // By keyboard it is Enter in the field, where the focus stays.
            <Button appearance="transparent" tabIndex={-1} onClick={retry}>
              {strings('kit_retry')}
            </Button>
          )}
        </PopoverSurface>
      </Popover>
    </div>
  );
};
