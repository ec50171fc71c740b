/**
 * The platform's date field: a text in the user's own format and a month to pick from. The browser's
 * native field would follow the machine's language instead of the user's.
 */
import * as React from 'react';
import { Button, Input, Popover, PopoverSurface, PopoverTrigger } from '@fluentui/react-components';
import { useHost } from './host';
import { CalendarIcon } from './icons';
import type { FieldProps } from './stock-controls';
import { dayOf } from './values';

export function DateField({ info, value, label, session, onCommit, onProblem }: FieldProps): React.ReactElement {
  const { words } = useHost();
  const { formats } = session.services;
  const date = value instanceof Date ? value : null;
  const shown = date ? formats.date(date) : '';
  const [draft, setDraft] = React.useState(shown);
  const [open, setOpen] = React.useState(false);
  React.useEffect(() => setDraft(shown), [shown]);
  const put = (day: Date | null): void => {
    onProblem(null);
    onCommit(
      day && date
        ? new Date(day.getFullYear(), day.getMonth(), day.getDate(), date.getHours(), date.getMinutes())
        : day,
    );
  };
  const commit = (): void => {
    if (draft === shown) return onProblem(null);
    const parsed = formats.parseDate(draft);
    if (parsed === undefined) return onProblem(words('invalidDate', { example: formats.date(new Date(2027, 2, 31)) }));
    put(parsed);
  };
  const setTime = (text: string): void => {
    const [, hour, minute] = /^(\d{1,2}):(\d{2})$/.exec(text.trim()) ?? [];
    if (date && hour !== undefined)
      onCommit(new Date(date.getFullYear(), date.getMonth(), date.getDate(), Number(hour), Number(minute)));
  };
  return (
    <span className="field-date">
      <Input
        appearance="filled-darker"
        className="field"
        aria-label={label}
        placeholder="---"
        value={draft}
        onChange={(_, data) => setDraft(data.value)}
        onBlur={commit}
        onKeyDown={(event) => event.key === 'Enter' && commit()}
        contentAfter={
          <Popover trapFocus open={open} onOpenChange={(_, data) => setOpen(data.open)}>
            <PopoverTrigger disableButtonEnhancement>
              <Button size="small" appearance="transparent" icon={<CalendarIcon />} aria-label={words('selectDate')} />
            </PopoverTrigger>
            <PopoverSurface className="calendar" aria-label={words('selectDate')}>
              <Calendar
                chosen={date}
                onPick={(day) => {
                  setOpen(false);
                  put(day);
                }}
              />
            </PopoverSurface>
          </Popover>
        }
      />
      {info.format !== 'DateOnly' && date && (
        <Input
          appearance="filled-darker"
          aria-label={words('timeOf', { field: label })}
          defaultValue={`${String(date.getHours()).padStart(2, '0')}:${String(date.getMinutes()).padStart(2, '0')}`}
          onBlur={(event) => setTime(event.target.value)}
        />
      )}
    </span>
  );
}

function Calendar({ chosen, onPick }: { chosen: Date | null; onPick: (day: Date) => void }): React.ReactElement {
  const { services, words } = useHost();
  const { formats, lang } = services;
  const [shown, setShown] = React.useState(() => chosen ?? new Date());
  const weekStart = lang === 1033 || lang === 1028 ? 0 : 1;
  const names = formats.names('weekday', 'short');
  const first = new Date(shown.getFullYear(), shown.getMonth(), 1);
  const lead = (first.getDay() - weekStart + 7) % 7;
  const days = Array.from(
    { length: 42 },
    (_, index) => new Date(shown.getFullYear(), shown.getMonth(), index + 1 - lead),
  );
  const turn = (months: number): void => setShown(new Date(shown.getFullYear(), shown.getMonth() + months, 1));
  return (
    <>
      <div className="calendar-top">
        <Button size="small" appearance="subtle" aria-label={words('previousMonth')} onClick={() => turn(-1)}>
          ‹
        </Button>
        <strong>{shown.toLocaleDateString(formats.tag, { year: 'numeric', month: 'long' })}</strong>
        <Button size="small" appearance="subtle" aria-label={words('nextMonth')} onClick={() => turn(1)}>
          ›
        </Button>
      </div>
      <div className="calendar-days">
        {names.map((_, index) => (
          <span key={index} className="calendar-name">
            {names[(index + weekStart) % 7]}
          </span>
        ))}
        {days.map((day) => (
          <button
            key={dayOf(day)}
            type="button"
            className={`calendar-day${day.getMonth() === shown.getMonth() ? '' : ' calendar-other'}${chosen && dayOf(chosen) === dayOf(day) ? ' calendar-chosen' : ''}`}
            aria-label={formats.longDate(day)}
            onClick={() => onPick(day)}
          >
            {day.getDate()}
          </button>
        ))}
      </div>
    </>
  );
}
