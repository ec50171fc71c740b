/**
 * The history of a deal: filters, days, events, and what is shown while there are none. Knows no platform.
 */
import * as React from 'react';
import {
  Button,
  makeStyles,
  MessageBar,
  MessageBarBody,
  Spinner,
  ToggleButton,
  tokens,
} from '@fluentui/react-components';
import type { Strings } from '../../kit/strings';
import { arrange, filters } from './arrange';
import type { Filter } from './arrange';
import { EventRow } from './event-row';
import type { EventRowProps } from './event-row';
import type { TimelineEvent } from './read-events';

export interface TimelineViewProps {
  readonly events: readonly TimelineEvent[];
  readonly state: 'loading' | 'failed' | 'ready';
  readonly hasMore: boolean;
  readonly strings: Strings;
  readonly formats: EventRowProps['formats'] & { dayLong(value: Date): string };
  readonly isRTL: boolean;
  readonly open: (id: string) => void;
  readonly loadMore: () => void;
  readonly retry: () => void;
}

const useStyles = makeStyles({
  bar: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', columnGap: '4px', rowGap: '4px' },
  count: { marginInlineStart: 'auto', color: tokens.colorNeutralForeground3 },
  day: {
    marginBlockStart: '12px',
    marginBlockEnd: '0',
    fontSize: tokens.fontSizeBase300,
    fontWeight: tokens.fontWeightSemibold,
  },
  list: { listStyleType: 'none', marginBlockStart: '0', marginBlockEnd: '0', paddingInlineStart: '0' },
  below: { paddingBlock: '8px' },
});

export function TimelineView(props: TimelineViewProps): React.ReactElement {
  const { events, state, hasMore, strings, formats } = props;
  const styles = useStyles();
  const [filter, setFilter] = React.useState<Filter>('all');
  const days = arrange(events, filter, (when) => formats.dayLong(when));
  const count = days.reduce((sum, day) => sum + day.events.length, 0);
  const root = React.useRef<HTMLDivElement>(null);
  /** Events shown when more were asked for with the button; -1 when they were not. */
  const before = React.useRef(-1);
  React.useLayoutEffect(() => {
    if (before.current < 0 || state === 'loading') return;
    // The button that had the focus goes when all is loaded: a keyboard would start over at the top of the page.
    const next = root.current?.querySelectorAll<HTMLElement>('li button[aria-expanded]')[before.current];
    if (count > before.current) next?.focus();
    else if (!hasMore) root.current?.querySelector('button')?.focus();
    before.current = -1;
  }, [state, count, hasMore]);
  const nothing = events.length === 0 ? 'timeline_none' : hasMore ? 'timeline_none_loaded' : 'timeline_none_filtered';
  return (
    <div ref={root}>
      {events.length > 0 && (
        <div className={styles.bar} role="group" aria-label={strings('timeline_filter')}>
          {filters.map((one) => (
            <ToggleButton
              key={one}
              size="small"
              appearance="subtle"
              checked={one === filter}
              onClick={() => setFilter(one)}
            >
              {strings(`timeline_filter_${one}`)}
            </ToggleButton>
          ))}
          <span role="status" className={styles.count}>
            {strings(count === 1 ? 'timeline_count_one' : 'timeline_count', { count: String(count) })}
          </span>
        </div>
      )}
      {state === 'failed' && (
        <MessageBar role="alert" intent="error" layout="multiline">
          <MessageBarBody>
            {strings('timeline_failed')}{' '}
            <Button size="small" onClick={props.retry}>
              {strings('kit_retry')}
            </Button>
          </MessageBarBody>
        </MessageBar>
      )}
      {days.map((day) => (
        <section key={day.label}>
          {/* A role, because which heading level fits depends on the form that this stands on. */}
          <div role="heading" aria-level={3} className={styles.day}>
            {day.label || strings('timeline_no_date')}
          </div>
          <ul className={styles.list}>
            {day.events.map((event) => (
              <EventRow
                key={event.id}
                event={event}
                strings={strings}
                formats={formats}
                isRTL={props.isRTL}
                open={props.open}
              />
            ))}
          </ul>
        </section>
      ))}
      <div className={styles.below}>
        {state === 'loading' && <Spinner size="tiny" label={strings('timeline_loading')} />}
        {state === 'ready' && count === 0 && strings(nothing)}
        {/* Stays while it works, and takes a second press as none: the platform loads one page at a time. */}
        {events.length > 0 && hasMore && (
          <Button
            size="small"
            disabledFocusable={state === 'loading'}
            onClick={() => {
              before.current = count;
              props.loadMore();
            }}
          >
            {strings('timeline_load_more')}
          </Button>
        )}
      </div>
    </div>
  );
}
