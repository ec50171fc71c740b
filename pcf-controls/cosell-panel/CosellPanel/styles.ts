/**
 * Styles of the panel. Logical properties throughout, so that right-to-left needs nothing; widths by wrapping, so
 * that 320 px needs no query; only colours of the theme, so that dark and forced colours work.
 */
import { makeStyles, shorthands, tokens } from '@fluentui/react-components';

const column = (gap: string) => ({ display: 'flex', flexDirection: 'column', rowGap: gap, minWidth: 0 }) as const;
const row = (gap: string) => ({ display: 'flex', columnGap: gap, rowGap: '6px' }) as const;
const tone = (backgroundColor: string, color: string) => ({ backgroundColor, color });

export const useStyles = makeStyles({
  root: {
    ...column('16px'),
    fontSize: tokens.fontSizeBase300,
    lineHeight: tokens.lineHeightBase300,
    textAlign: 'start',
    overflowWrap: 'anywhere',
  },
  row: { ...row('12px'), alignItems: 'flex-start' },
  wrap: { ...row('6px'), flexWrap: 'wrap', alignItems: 'center' },
  group: column('12px'),
  choices: { maxWidth: '560px' },
  /** The switch keeps a margin for its focus ring, which would set it apart from everything above and below. */
  flush: { marginInlineStart: '-8px' },
  grow: { ...column('2px'), flexGrow: 1, flexBasis: 0 },
  /** Two columns where there is room for both, else one. */
  columns: {
    display: 'grid',
    columnGap: '32px',
    rowGap: '16px',
    gridTemplateColumns: 'repeat(auto-fit, minmax(min(100%, 300px), 1fr))',
    '& > :empty': { display: 'none' },
  },
  heading: { ...shorthands.margin(0), fontSize: 'inherit', fontWeight: tokens.fontWeightSemibold },
  title: { fontSize: tokens.fontSizeBase400, lineHeight: tokens.lineHeightBase400 },
  hint: {
    color: tokens.colorNeutralForeground3,
    fontSize: tokens.fontSizeBase200,
    lineHeight: tokens.lineHeightBase200,
  },
  icon: { display: 'inline-flex', fontSize: '18px', ...shorthands.padding('1px', 0) },
  bad: { color: tokens.colorPaletteRedForeground1 },
  poor: { color: tokens.colorPaletteMarigoldForeground2 },
  disc: { display: 'inline-flex', ...shorthands.padding('9px'), fontSize: '22px', ...shorthands.borderRadius('50%') },
  neutral: tone(tokens.colorNeutralBackground3, tokens.colorNeutralForeground2),
  brand: tone(tokens.colorBrandBackground2, tokens.colorBrandForeground2),
  success: tone(tokens.colorPaletteGreenBackground1, tokens.colorPaletteGreenForeground1),
  warning: tone(tokens.colorPaletteYellowBackground1, tokens.colorPaletteYellowForeground2),
  danger: tone(tokens.colorPaletteRedBackground1, tokens.colorPaletteRedForeground1),
  card: {
    ...column('12px'),
    ...shorthands.padding('16px'),
    ...shorthands.borderRadius(tokens.borderRadiusXLarge),
    ...shorthands.border('1px', 'solid', tokens.colorNeutralStroke2),
    backgroundColor: tokens.colorNeutralBackground2,
  },
  /** The button goes below the text where there is no room beside it. */
  item: { ...row('10px'), flexWrap: 'wrap', alignItems: 'flex-start' },
  itemText: { flexGrow: 1, flexBasis: '150px', minWidth: 0 },
  list: { ...column('8px'), ...shorthands.margin(0), ...shorthands.padding(0), listStyleType: 'none' },
  facts: {
    ...shorthands.margin(0),
    display: 'grid',
    gridTemplateColumns: 'minmax(84px, 30%) minmax(0, 1fr)',
    columnGap: '12px',
    rowGap: '6px',
    '& dt': { color: tokens.colorNeutralForeground3 },
    '& dd': { marginInlineStart: 0, whiteSpace: 'pre-line' },
  },
  /** Read by a screen reader, not seen. */
  unseen: {
    position: 'absolute',
    width: '1px',
    height: '1px',
    overflowX: 'hidden',
    overflowY: 'hidden',
    clipPath: 'inset(50%)',
  },
});
