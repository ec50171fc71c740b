/**
 * Styles of the picker: Fluent's tokens only, so that dark and high-contrast themes need nothing of their own.
 *
 * Nothing here knows left from right, and lines wrap instead of shrinking (320 px).
 */
import { makeStyles, tokens } from '@fluentui/react-components';

const background = tokens.colorNeutralBackground1Hover;
const small = { fontSize: '12px', lineHeight: '16px', fontWeight: 400 };
// Grid items are otherwise never narrower than what is in them.
const gridTemplateColumns = 'minmax(0,1fr)';

export const useStyles = makeStyles({
  root: { display: 'grid', gap: '8px', gridTemplateColumns, overflowWrap: 'anywhere' },
  wide: { width: '100%' },
  popup: { padding: '4px', boxSizing: 'border-box' },
  options: { maxHeight: '320px', overflow: 'auto' },
  option: { display: 'flex', padding: '4px', cursor: 'pointer', '&:hover': { background } },
  // An outline, because a background alone is not shown in forced colours.
  active: { background, outline: '2px solid', outlineOffset: '-2px' },
  tick: { flex: '0 0 24px' },
  small: { ...small, color: tokens.colorNeutralForeground2 },
  row: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'start',
    gap: '4px 8px',
    padding: '8px 0',
    borderTop: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  name: { flex: '1 1 200px', fontWeight: 600 },
  amount: { width: '110px', gridTemplateColumns },
  warning: { ...small, color: tokens.colorPaletteRedForeground1 },
  spoken: { position: 'absolute', width: '1px', height: '1px', overflow: 'hidden', clipPath: 'inset(50%)' },
});

export type Styles = ReturnType<typeof useStyles>;
