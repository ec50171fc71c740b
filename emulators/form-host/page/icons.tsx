/** Small line icons, drawn here on a 20 px grid; decorative, so hidden from assistive technology. */
import * as React from 'react';

function icon(path: string): () => React.ReactElement {
  return function Icon() {
    return (
      <svg
        width="20"
        height="20"
        viewBox="0 0 20 20"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.25"
        strokeLinecap="round"
        strokeLinejoin="round"
        aria-hidden="true"
        focusable="false"
      >
        <path d={path} />
      </svg>
    );
  };
}

export const SaveIcon = icon('M4 3.5h9.5L16.5 6v10.5h-13V4zM6.5 3.5v4h6v-4M6.5 16.5v-5h7v5');
export const SaveCloseIcon = icon('M4 3.5h9.5L16.5 6v3M8 16.5H3.5V4M6.5 3.5v4h6v-4M11 12l5 5M16 12l-5 5');
export const AddIcon = icon('M10 4v12M4 10h12');
export const RefreshIcon = icon('M15.5 8A6 6 0 1 0 16 11M16 4v4h-4');
export const WonIcon = icon('M4 10.5l4 4 8-9');
export const LostIcon = icon('M5 5l10 10M15 5L5 15');
export const ReopenIcon = icon('M4 10a6 6 0 1 1 2 4.5M4 15v-4h4');
export const BackIcon = icon('M12 4.5L6.5 10l5.5 5.5M6.5 10H16');
export const SearchIcon = icon('M9 4a5 5 0 1 1 0 10A5 5 0 0 1 9 4zM12.7 12.7L16.5 16.5');
export const DismissIcon = icon('M5.5 5.5l9 9M14.5 5.5l-9 9');
export const BellIcon = icon(
  'M10 3a4.5 4.5 0 0 0-4.5 4.5V11L4 13.5h12L14.500 11V7.500A4.500 4.500 0 0 0 10 3zM8 15.500a2 2 0 0 0 4 0',
);
export const GearIcon = icon('M3 6h8M15 6h2M13 4v4M3 14h2M9 14h8M7 12v4');
export const WaffleIcon = icon('M4 4h.01M10 4h.01M16 4h.01M4 10h.01M10 10h.01M16 10h.01M4 16h.01M10 16h.01M16 16h.01');
export const MenuIcon = icon('M3 5.500h14M3 10h14M3 14.500h14');
export const MoreIcon = icon('M5 10h.01M10 10h.01M15 10h.01');
export const TableIcon = icon('M3.500 4.500h13v11h-13zM3.500 8.500h13M8 8.500v7');
export const PersonIcon = icon(
  'M10 3.500a3 3 0 1 1 0 6 3 3 0 0 1 0-6zM4 16.500c.5-3 3-4.500 6-4.500s5.500 1.500 6 4.500',
);
export const BuildingIcon = icon('M4.500 16.500v-13h7v13M11.500 8h4v8.500M3 16.500h14M7 6.500h2M7 9.500h2M7 12.500h2');
export const DealIcon = icon('M3 10a7 7 0 1 0 7-7M10 6v4l3 2M3 4l3 1-1 3');
export const FunnelIcon = icon('M3.500 4.500h13L12 10v5.500l-4 1.500v-7z');
export const WarningIcon = icon('M10 3.500l7.500 13h-15zM10 8v4M10 14.300v.01');
export const InfoIcon = icon('M10 3a7 7 0 1 1 0 14 7 7 0 0 1 0-14zM10 9v4.500M10 6.500v.01');
export const LockIcon = icon('M5 9h10v7.500H5zM7 9V6.500a3 3 0 0 1 6 0V9');
export const ChevronDownIcon = icon('M5 8l5 5 5-5');
export const CalendarIcon = icon('M3.500 5h13v11.500h-13zM3.500 8.500h13M7 3v3M13 3v3');
export const ChartIcon = icon('M3.5 3.5v13h13M6.5 13.5V10M10 13.5V6M13.5 13.5V8.5');
