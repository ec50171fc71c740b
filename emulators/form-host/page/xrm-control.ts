/** Xrm.Controls.Control over a placed control. Microsoft Learn: "Controls (Client API reference)", "addEventHandler". */
import type { Handler } from './attribute';
import { isDisabled, type Placed } from './form-layout';
import type { FormSession, Notice, NoticeLevel } from './form-session';
import { say } from './metadata';
import { strict } from './strict';

interface Notification {
  readonly messages: readonly string[];
  readonly notificationLevel: NoticeLevel;
  readonly uniqueId: string;
  readonly actions?: NonNullable<Notice['actions']>;
}

export function controlFacade(
  session: FormSession,
  place: Placed,
  attribute: (name: string) => object | null,
  parent: () => object | null,
): object {
  const { cell, name } = place;
  const control = cell.control;
  const state = session.control(name);
  const column = control?.column;
  const changed = (): void => session.changed();
  const base = {
    getName: () => name,
    getControlType: () =>
      control?.custom ? 'customcontrol:' + control.custom.name : column === undefined ? 'subgrid' : 'standard',
    getLabel: () => state.label ?? labelOf(session, place),
    setLabel: (label: string) => void ((state.label = label), changed()),
    getVisible: () => state.visible ?? cell.visible,
    setVisible: (visible: boolean) => void ((state.visible = visible), changed()),
    getParent: parent,
    setFocus: () => {
      session.tab = place.tab.name;
      state.focused += 1;
      changed();
    },
    getDisabled: () => isDisabled(session, name, control?.disabled ?? false),
    setDisabled: (disabled: boolean) => void ((state.disabled = disabled), changed()),
    addEventHandler: (event: string, handler: Handler) =>
      void state.events.set(event, [...(state.events.get(event) ?? []), handler]),
    removeEventHandler: (event: string, handler: Handler) =>
      void state.events.set(
        event,
        (state.events.get(event) ?? []).filter((each) => each !== handler),
      ),
  };
  if (column === undefined)
    return strict(`control ${name}`, {
      ...base,
      refresh: () => void ((state.focused += 0), session.part(`grid ${name}`), changed()),
    });
  return strict(`control ${name}`, {
    ...base,
    getAttribute: () => attribute(column),
    setNotification: (message: string, id?: string) => {
      state.notices.set(id ?? '', { text: message, level: 'ERROR' });
      changed();
      return true;
    },
    addNotification: (given: Notification) => {
      const { messages, notificationLevel, uniqueId, actions } = given;
      state.notices.set(uniqueId, {
        text: messages.join(' '),
        level: notificationLevel,
        ...(actions ? { actions } : {}),
      });
      changed();
      return true;
    },
    clearNotification: (id?: string) => {
      if (id === undefined) state.notices.clear();
      else state.notices.delete(id);
      changed();
      return true;
    },
  });
}

/** The cell's own text, else the column's. */
export function labelOf(session: FormSession, { cell }: Pick<Placed, 'cell'>): string {
  const column = cell.control?.column;
  const own = say(cell.label, session.services.lang);
  return own !== '' ? own : column === undefined ? '' : (session.attributes.get(column)?.info.label ?? column);
}
