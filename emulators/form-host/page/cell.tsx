/** One cell of a form: label, required mark, lock, the control, and what is wrong with it. */
import * as React from 'react';
import type { FormSession } from './form-session';
import { isDisabled, type Placed } from './form-layout';
import { useHost } from './host';
import { LockIcon } from './icons';
import { PcfHost } from './pcf-host';
import { StockField } from './stock-controls';
import { SubGrid } from './sub-grid';
import { columnsOf } from './switches';
import type { Value } from './values';
import { labelOf } from './xrm-control';

const subGridClass = 'e7a81278-8635-4d9e-8d4d-59480b391c5b';

export function Cell({
  session,
  place,
  visible,
}: {
  session: FormSession;
  place: Placed;
  visible: boolean;
}): React.ReactElement | null {
  const { switches } = useHost();
  const { cell, name } = place;
  const control = cell.control;
  const root = React.useRef<HTMLDivElement>(null);
  const state = session.control(name);
  const { focused } = state;
  React.useEffect(() => {
    if (focused === 0) return;
    const element = root.current;
    element?.scrollIntoView({ block: 'center' });
    element?.querySelector<HTMLElement>('input,textarea,button,a[href],[tabindex="0"]')?.focus();
  }, [focused]);
  if (!control) return <div className="cell" />;
  const column = control.column;
  const attribute = column === undefined ? undefined : session.attributes.get(column);
  const label = state.label ?? labelOf(session, place);
  const secured =
    column !== undefined && (columnsOf(switches.readonly).has(column) || columnsOf(switches.masked).has(column));
  const masked = column !== undefined && columnsOf(switches.masked).has(column);
  // Read-only columns of the service are locked on every form.
  const locked = attribute !== undefined && !(session.id === '' ? attribute.info.forCreate : attribute.info.forUpdate);
  const disabled = isDisabled(session, name, control.disabled) || locked;
  const isSubGrid = control.classId === subGridClass || control.parameters['TargetEntityType'] !== undefined;
  const wide =
    isSubGrid ||
    (control.custom !== undefined && (cell.colSpan > 1 || Object.keys(control.custom.dataSets).length > 0));
  const problems = [...state.notices.entries()];
  return (
    <div
      className={`cell${wide ? ' cell-wide' : ''}${cell.showLabel ? '' : ' cell-bare'}`}
      ref={root}
      data-column={column}
      data-control-name={name}
    >
      {cell.showLabel && (
        <div className="cell-label">
          {(disabled || secured) && !wide && session.phase !== 'inactive' && (
            <span className="cell-lock">
              <LockIcon />
            </span>
          )}
          <span>{label}</span>
          {attribute && attribute.required !== 'none' && !disabled && (
            <span className={`mark mark-${attribute.required}`} aria-hidden="true">
              {attribute.required === 'required' ? '*' : '+'}
            </span>
          )}
        </div>
      )}
      <div className="cell-control">
        {control.custom ? (
          <PcfHost
            session={session}
            binding={control.custom}
            name={name}
            label={label}
            disabled={disabled}
            visible={visible}
          />
        ) : isSubGrid ? (
          <SubGrid session={session} control={control} visible={visible} />
        ) : attribute && column !== undefined ? (
          <StockField
            session={session}
            info={attribute.info}
            value={masked ? null : attribute.value}
            disabled={disabled || secured}
            label={label}
            rows={cell.rowSpan}
            onCommit={(value: Value) => {
              state.notices.delete('required');
              session.edit(column, value);
            }}
            onProblem={(text) => {
              if (text === null) state.notices.delete('typed');
              else state.notices.set('typed', { text, level: 'ERROR' });
              session.changed();
            }}
          />
        ) : (
          <span className="field-empty">{control.id}</span>
        )}
        {problems.map(([id, notice]) => (
          <div key={id} className={`field-note field-note-${notice.level.toLowerCase()}`} role="alert">
            {notice.text}
            {notice.actions?.map((action) => (
              <button
                key={action.message}
                type="button"
                className="field-note-action"
                onClick={() => action.actions.forEach((run) => run())}
              >
                {action.message}
              </button>
            ))}
          </div>
        ))}
      </div>
    </div>
  );
}
