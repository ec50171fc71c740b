/**
 * The icons of all controls as inline SVG, drawn for this project on a grid of 16.
 *
 * The icon package of Fluent is no platform library: one icon of it weighs more than a whole control here. Icons are
 * decoration: they are hidden from screen readers, and the words beside them say the same.
 */
import * as React from './react';

const icon = (d: string) => (): React.ReactElement => (
  <svg
    aria-hidden
    width="1em"
    height="1em"
    viewBox="0 0 16 16"
    fill="none"
    stroke="currentColor"
    style={{ verticalAlign: '-2px' }}
  >
    <path d={d} />
  </svg>
);

const ring = 'M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0Z';

export const CheckIcon = /*#__PURE__*/ icon(`${ring}M5.3 8.2 7.2 10l3.5-3.8`);
export const CrossIcon = /*#__PURE__*/ icon(`${ring}M6 6l4 4M10 6l-4 4`);
export const WarningIcon = /*#__PURE__*/ icon('M8 2.2 14.2 13.4H1.8ZM8 6.3v3.2M8 11.6v.05');
export const InfoIcon = /*#__PURE__*/ icon(`${ring}M8 7.4V11M8 5v.05`);
export const CopyIcon = /*#__PURE__*/ icon('M6 6h7.5v7.5H6ZM2.5 10V2.5H10');
export const OpenIcon = /*#__PURE__*/ icon('M7 3.5H3.5v9h9V9M9.5 2.5h4v4M13.3 2.7 7.8 8.2');
export const ClockIcon = /*#__PURE__*/ icon(`${ring}M8 4.6V8l2.4 1.5`);
export const SearchIcon = /*#__PURE__*/ icon('M11 6.8a4.2 4.2 0 1 1-8.4 0 4.2 4.2 0 0 1 8.4 0ZM10 9.9l3.6 3.6');
export const DismissIcon = /*#__PURE__*/ icon('M3.5 3.5l9 9M12.5 3.5l-9 9');
export const EyeIcon = /*#__PURE__*/ icon(
  'M1.5 8S4 3.8 8 3.8 14.5 8 14.5 8 12 12.2 8 12.2 1.5 8 1.5 8ZM9.8 8a1.8 1.8 0 1 1-3.6 0 1.8 1.8 0 0 1 3.6 0Z',
);
export const LockIcon = /*#__PURE__*/ icon('M3.5 7.2h9v6.3h-9ZM5.5 7V5a2.5 2.5 0 0 1 5 0v2');
export const ChevronDownIcon = /*#__PURE__*/ icon('M3.5 6 8 10.5 12.5 6');
export const ArrowOutIcon = /*#__PURE__*/ icon('M3 13 13 3M6.5 3H13v6.5');
export const ArrowInIcon = /*#__PURE__*/ icon('M13 3 3 13M9.5 13H3V6.5');
