/**
 * Styles of the panel. Logical properties throughout, so that right-to-left needs nothing; widths by wrapping, so
 * that 320 px needs no query; only colours of the theme, so that dark and forced colours work.
 */
import { makeStyles, shorthands, tokens } from '@fluentui/react-components';

const column = (rowGap: string) => ({ display: 'flex', flexDirection: 'column', rowGap, minWidth: 0 }) as const;
const bare = { ...shorthands.margin(0), ...shorthands.padding(0) };
const quiet = { color: tokens.colorNeutralForeground3 };

export const useStyles = makeStyles({
  root: {
    ...column('16px'),
    fontSize: tokens.fontSizeBase300,
    lineHeight: tokens.lineHeightBase300,
    overflowWrap: 'anywhere',
  },
  wrap: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', columnGap: '8px', rowGap: '6px' },
  /** Takes the room that is left beside buttons, and the whole line where there is little. */
  grow: { ...column('2px'), flexGrow: 1, flexBasis: '150px' },
  group: { ...column('12px'), maxWidth: '560px' },
  /** The switch keeps a margin for its focus ring, which would set it apart from everything above and below. */
  flush: { marginInlineStart: '-8px' },
  /** Two columns where there is room for both, else one. */
  columns: {
    display: 'grid',
    columnGap: '32px',
    rowGap: '16px',
    gridTemplateColumns: 'repeat(auto-fit, minmax(min(100%, 300px), 1fr))',
    '& > :empty': { display: 'none' },
  },
  heading: { ...bare, fontWeight: tokens.fontWeightSemibold },
  hint: { ...quiet, fontSize: tokens.fontSizeBase200, lineHeight: tokens.lineHeightBase200 },
  list: { ...column('8px'), ...bare },
  facts: {
    ...bare,
    display: 'grid',
    gridTemplateColumns: 'minmax(90px, 25%) minmax(0, 1fr)',
    columnGap: '12px',
    rowGap: '6px',
    '& dt': quiet,
    // Said again for a dialog, which does not stand in the root; addresses are longer than a narrow line.
    '& dd': { marginInlineStart: 0, whiteSpace: 'pre-line', overflowWrap: 'anywhere' },
  },
});

/** Read by a screen reader, not seen. */
export const unseen = {
  position: 'absolute',
  width: 1,
  height: 1,
  overflow: 'hidden',
  clipPath: 'inset(50%)',
} as const;
