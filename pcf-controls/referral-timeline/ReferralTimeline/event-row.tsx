/**
 * One event: when, which way, how it ended, what changed; details on demand. Knows no platform.
 */
import * as React from 'react';
import { Badge, Button, makeStyles, shorthands, tokens } from '@fluentui/react-components';
import { copyText } from '../../kit/copy';
import { ArrowInIcon, ArrowOutIcon, CopyIcon, InfoIcon, LockIcon, OpenIcon } from '../../kit/icons';
import type { Strings } from '../../kit/strings';
import type { Outcome, Shown, TimelineEvent } from './read-events';
import { fieldWords, messageWords, valueWords } from './words';
import type { Formats } from './words';

export interface EventRowProps {
  readonly event: TimelineEvent;
  readonly strings: Strings;
  readonly formats: Formats & { time(value: Date): string };
  readonly isRTL: boolean;
  /** Opens the event's own form. */
  readonly open: (id: string) => void;
}

const useStyles = makeStyles({
  item: {
    display: 'flex',
    columnGap: '8px',
    paddingBlock: '8px',
    ...shorthands.borderBottom('1px', 'solid', tokens.colorNeutralStroke2),
  },
  icon: { paddingBlockStart: '3px', color: tokens.colorNeutralForeground3 },
  body: { flexGrow: 1, minWidth: '0', overflowWrap: 'anywhere' },
  line: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', columnGap: '8px', rowGap: '2px' },
  quiet: { color: tokens.colorNeutralForeground3 },
  strong: { fontWeight: tokens.fontWeightSemibold },
  // Notes keep the line breaks that a person typed.
  text: { whiteSpace: 'pre-wrap' },
  more: {
    marginInlineStart: 'auto',
    paddingInline: '0',
    fontFamily: 'inherit',
    fontSize: tokens.fontSizeBase200,
    color: tokens.colorBrandForegroundLink,
    backgroundColor: 'transparent',
    ...shorthands.borderStyle('none'),
    cursor: 'pointer',
    // WCAG 2.5.8: a target of at least 24 px.
    minHeight: '24px',
    ':hover': { textDecorationLine: 'underline' },
  },
});

const colors: Readonly<Record<Outcome, 'success' | 'warning' | 'informative'>> = {
  applied: 'success',
  noChange: 'informative',
  filtered: 'informative',
  parked: 'warning',
  conflict: 'warning',
  putBack: 'informative',
  notSent: 'warning',
  other: 'informative',
};

const directions = {
  out: { Icon: ArrowOutIcon, way: 'timeline_out' },
  in: { Icon: ArrowInIcon, way: 'timeline_in' },
  none: { Icon: InfoIcon, way: '' },
} as const;
/** Longer values are cut until the details are opened. */
const shortLength = 120;

function Row({ event, strings, formats, isRTL, open }: EventRowProps): React.ReactElement {
  const styles = useStyles();
  const [expanded, setExpanded] = React.useState(false);
  const { Icon, way } = directions[event.direction];
  const message = messageWords(event, strings);
  const value = (shown: Shown): React.ReactNode => {
    const words = valueWords(event.field, shown, strings, formats);
    return (
      // Isolated: in a language from right to left, two amounts beside each other would be shown mixed up.
      <bdi className={shown ? styles.text : styles.quiet}>
        {shown === 'masked' && <LockIcon />}
        {expanded ? words : short(words)}
      </bdi>
    );
  };
  return (
    <li className={styles.item}>
      <span className={styles.icon}>
        <Icon />
      </span>
      <div className={styles.body}>
        <div className={styles.line}>
          {event.field && <span className={styles.strong}>{fieldWords(event.field, strings)}</span>}
          {event.outcomeLabel && (
            <Badge appearance="tint" color={colors[event.outcome]}>
              {event.outcomeLabel}
            </Badge>
          )}
          <span className={styles.quiet}>
            {event.when && <bdi>{formats.time(event.when)}</bdi>}
            {event.when && way && ' · '}
            {way && <bdi>{strings(way)}</bdi>}
          </span>
          {/* Not Fluent's: hundreds of these are drawn, and its button costs as much as the rest of the row. */}
          <button type="button" className={styles.more} aria-expanded={expanded} onClick={() => setExpanded(!expanded)}>
            {strings(expanded ? 'timeline_less' : 'timeline_more')}
          </button>
        </div>
        {(event.from || event.to) && (
          <div>
            {value(event.from)}{' '}
            <span aria-label={strings('timeline_became')} role="img">
              {isRTL ? '←' : '→'}
            </span>{' '}
            {value(event.to)}
          </div>
        )}
        {message && (
          <div dir="auto" className={styles.text}>
            {expanded ? message : short(message)}
          </div>
        )}
        {expanded && <Details event={event} message={message} strings={strings} open={open} />}
      </div>
    </li>
  );
}

/** Drawn again only when the event itself changed: the platform hands out new objects with every change on the form. */
export const EventRow = React.memo(
  Row,
  (before, after) =>
    before.strings === after.strings &&
    before.formats === after.formats &&
    before.open === after.open &&
    before.isRTL === after.isRTL &&
    JSON.stringify(before.event) === JSON.stringify(after.event),
);

interface DetailsProps extends Pick<EventRowProps, 'event' | 'strings' | 'open'> {
  /** What the row already says. */
  readonly message: string | null;
}

function Details({ event, message, strings, open }: DetailsProps): React.ReactElement {
  const styles = useStyles();
  const [said, say] = React.useState('');
  const { code, correlationId } = event;
  // The worker's own words name values that a translated text cannot have.
  const original =
    event.message && event.message !== 'masked' && event.message.text !== message ? event.message.text : null;
  const copy = async (): Promise<void> =>
    say(strings((await copyText(correlationId)) ? 'timeline_copied' : 'timeline_copy_failed'));
  return (
    <>
      {original && (
        <div className={styles.text}>
          {strings('timeline_original')} {original}
        </div>
      )}
      {code && (
        <div className={styles.quiet}>
          {strings('timeline_code')} {code.split(',').join(', ')}
        </div>
      )}
      {correlationId && (
        <div className={styles.quiet}>
          {strings('timeline_correlation')} {correlationId}
        </div>
      )}
      <div className={styles.line}>
        {correlationId && (
          <Button size="small" icon={<CopyIcon />} onClick={copy} onBlur={() => say('')}>
            {strings('timeline_copy')}
          </Button>
        )}
        <Button size="small" icon={<OpenIcon />} onClick={() => open(event.id)}>
          {strings('timeline_open')}
        </Button>
        <span role="status">{said}</span>
      </div>
    </>
  );
}

function short(text: string): string {
  // By characters as a person sees them: half of an emoji is no character.
  const letters = [...text];
  return letters.length > shortLength ? `${letters.slice(0, shortLength).join('')}…` : text;
}
