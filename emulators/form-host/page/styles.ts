/**
 * The looks of the page: white cards on grey, dark app bar, as the new look of Dynamics 365. Colours
 * are Fluent's tokens, so that dark theme and forced colours follow; sizes are logical for RTL.
 */
export const styles = `
.app { min-block-size: 100vh; background: var(--colorNeutralBackground3); color: var(--colorNeutralForeground1); display: flex; flex-direction: column; }
.app-bar { container-type: inline-size; position: sticky; inset-block-start: 0; z-index: 20; display: flex; align-items: center; gap: 4px; block-size: 48px; padding-inline: 4px 12px; background: #0b2b4c; color: #fff; }
.app-bar .app-button, .app-bar .app-button:hover { color: #fff; min-inline-size: 40px; }
.app-bar .app-button:hover { background: rgba(255,255,255,.14); }
.app-product { font-weight: 600; font-size: 16px; padding-inline: 8px 12px; border-inline-end: 1px solid rgba(255,255,255,.5); white-space: nowrap; }
.app-name { padding-inline-start: 12px; font-size: 14px; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.app-room { flex: 1; }
.app-person { margin-inline-start: 8px; flex: none; }
.bell-count { font-size: 11px; line-height: 16px; min-inline-size: 16px; border-radius: 8px; background: #c4314b; color: #fff; padding-inline: 4px; box-sizing: border-box; }
.bell-list { max-inline-size: min(340px, 90vw); }
.bell-entry { padding-block: 8px; overflow-wrap: anywhere; }
.bell-action { margin-inline-end: 12px; }
.bell-entry + .bell-entry { border-block-start: 1px solid var(--colorNeutralStroke2); }
.app-body { display: flex; flex: 1; align-items: stretch; min-inline-size: 0; }
.site-map { inline-size: 220px; flex: none; background: var(--colorNeutralBackground2); padding: 8px; box-sizing: border-box; border-inline-end: 1px solid var(--colorNeutralStroke2); }
.site-map-closed { inline-size: 52px; }
.site-group { margin-block-start: 12px; }
.site-title { font-weight: 600; padding: 6px 10px; font-size: 14px; }
.site-item { display: flex; align-items: center; gap: 10px; inline-size: 100%; border: 0; background: transparent; color: inherit; font: inherit; text-align: start; padding: 7px 8px; border-radius: 4px; cursor: pointer; position: relative; }
.site-item svg { flex: none; }
.site-item:hover { background: var(--colorNeutralBackground1Hover); }
.site-item:focus-visible { outline: 2px solid var(--colorStrokeFocus2); }
.site-current { background: var(--colorNeutralBackground1Selected); font-weight: 600; }
.site-current::before { content: ''; position: absolute; inset-inline-start: 0; inset-block: 8px; inline-size: 3px; border-radius: 2px; background: var(--colorBrandBackground); }
.app-content { flex: 1; min-inline-size: 0; padding: 8px 16px 24px; box-sizing: border-box; }
.unseen { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; margin: 0; }
.page-wait { padding: 48px; }
.record, .list { container-type: inline-size; }
.record-bar { display: flex; align-items: center; gap: 8px; margin-block: 4px 8px; }
.record-back { flex: none; background: var(--colorNeutralBackground1); box-shadow: var(--shadow2); }
.command-bar { flex: 1; min-inline-size: 0; background: var(--colorNeutralBackground1); border-radius: 4px; box-shadow: var(--shadow2); overflow: hidden; }
.command-list { flex-wrap: nowrap; padding: 4px; }
.command.command { white-space: nowrap; font-weight: 400; flex: none; }
.command-image { inline-size: 16px; block-size: 16px; display: inline-block; }
.command-chevron { margin-inline-start: 4px; display: inline-flex; }
.command-chevron svg { inline-size: 12px; }
.notices { display: grid; gap: 4px; margin-block-end: 8px; }
.notices:empty { margin: 0; }
.notice { display: flex; gap: 8px; align-items: flex-start; padding: 7px 12px; border-radius: 4px; border: 1px solid var(--colorNeutralStroke2); background: var(--colorNeutralBackground1); white-space: pre-line; }
.notice svg { flex: none; }
.notice-error { background: var(--colorPaletteRedBackground1); border-color: var(--colorPaletteRedBorder1); }
.notice-error svg { color: var(--colorPaletteRedForeground1); }
.notice-warning { background: var(--colorPaletteYellowBackground1); border-color: var(--colorPaletteYellowBorder1); }
.card { background: var(--colorNeutralBackground1); border-radius: 4px; box-shadow: var(--shadow2); padding: 16px; margin-block-end: 12px; min-inline-size: 0; }
.record-head { padding-block-end: 0; }
.record-top { display: flex; flex-wrap: wrap; gap: 8px 24px; align-items: center; justify-content: space-between; }
.record-name { min-inline-size: 0; flex: 1 1 240px; }
.record-name h1 { font-size: 20px; line-height: 28px; font-weight: 600; margin: 0; overflow-wrap: anywhere; }
.record-title, .record-state { unicode-bidi: isolate; }
[dir=rtl] .record-back svg { transform: scaleX(-1); }
.record-state { font-size: 14px; font-weight: 400; color: var(--colorNeutralForeground3); margin-inline-start: 8px; white-space: nowrap; }
.record-kind { color: var(--colorNeutralForeground3); font-size: 12px; }
.record-facts { display: flex; flex-wrap: wrap; gap: 8px 0; margin: 0; }
.fact { display: flex; gap: 8px; align-items: center; padding-inline: 16px; border-inline-start: 1px solid var(--colorNeutralStroke2); }
.fact:first-child { border-inline-start: 0; padding-inline-start: 0; }
.fact-value { font-weight: 600; }
.fact-name { font-size: 12px; color: var(--colorNeutralForeground3); }
.form-tabs { margin-inline-start: -12px; margin-block-start: 4px; overflow-x: auto; }
.tab-page { display: flex; flex-wrap: wrap; gap: 0 16px; }
.tab-page[hidden] { display: none; }
.tab-column { flex: 1 1 0; min-inline-size: 0; }
@container (max-width: 860px) { .tab-column { flex-basis: 100% !important; } .fact { padding-inline: 0 16px; border: 0; } }
.card-title { font-size: 14px; font-weight: 600; margin: 0 0 12px; padding-block-end: 8px; border-block-end: 1px solid var(--colorNeutralStroke2); }
.card-grid { display: grid; gap: 8px 24px; grid-template-columns: minmax(0, 1fr); }
.card-grid-2 { grid-template-columns: repeat(2, minmax(0, 1fr)); }
.card-grid-3 { grid-template-columns: repeat(3, minmax(0, 1fr)); }
.card-grid-4 { grid-template-columns: repeat(4, minmax(0, 1fr)); }
.card-place { min-inline-size: 0; }
@container (max-width: 860px) { .card-grid { grid-template-columns: minmax(0, 1fr); } .card-place { grid-column: 1 / -1 !important; grid-row: auto !important; } }
.cell { display: grid; grid-template-columns: 170px minmax(0, 1fr); gap: 8px; align-items: start; min-inline-size: 0; }
.cell-wide, .cell-bare { grid-template-columns: minmax(0, 1fr); }
@container (max-width: 480px) { .cell { grid-template-columns: minmax(0, 1fr); gap: 2px; } }
.cell-label { padding-block: 6px; display: flex; gap: 4px; align-items: baseline; min-inline-size: 0; overflow-wrap: anywhere; }
.cell-wide > .cell-label { font-weight: 600; }
.cell-lock { flex: none; align-self: center; display: inline-flex; }
.cell-lock svg { inline-size: 14px; block-size: 14px; }
.mark-required { color: var(--colorPaletteRedForeground1); }
.mark-recommended { color: var(--colorBrandForeground1); }
.cell-control { min-inline-size: 0; min-block-size: 32px; }
.field, .field-memo { inline-size: 100%; min-inline-size: 0 !important; }
.field-locked, .field-locked::after { background: transparent !important; border-color: transparent !important; }
.field-locked input, .field-locked textarea { color: var(--colorNeutralForeground1); text-overflow: ellipsis; }
/* Identifiers begin with a digit: they are read from the left in any language. */
[dir=rtl] .field-locked input, [dir=rtl] .field-locked textarea { unicode-bidi: plaintext; text-align: right; }
.field-locked textarea { resize: none; }
.field-date { display: flex; gap: 8px; }
.calendar { padding: 12px; }
.calendar-top { display: flex; align-items: center; justify-content: space-between; margin-block-end: 8px; }
.calendar-days { display: grid; grid-template-columns: repeat(7, 34px); gap: 2px; }
.calendar-name { font-size: 12px; text-align: center; color: var(--colorNeutralForeground3); }
.calendar-day { block-size: 32px; border: 0; border-radius: 4px; background: transparent; color: inherit; font: inherit; cursor: pointer; }
.calendar-day:hover { background: var(--colorNeutralBackground1Hover); }
.calendar-other { color: var(--colorNeutralForeground3); }
.calendar-chosen { background: var(--colorBrandBackground); color: var(--colorNeutralForegroundOnBrand); }
.field-empty { color: var(--colorNeutralForeground3); padding-block: 6px; display: inline-block; }
.lookup.field-empty { display: flex; padding: 0 12px; }
.field-url { padding-block: 6px; overflow-wrap: anywhere; }
.field-note { font-size: 12px; margin-block-start: 4px; padding: 2px 8px; border-radius: 2px; overflow-wrap: anywhere; }
.field-note-error { color: var(--colorPaletteRedForeground1); background: var(--colorPaletteRedBackground1); }
.field-note-recommendation, .field-note-info, .field-note-warning { background: var(--colorNeutralBackground4); }
.field-note-action { margin-inline-start: 8px; border: 0; background: none; color: var(--colorBrandForegroundLink); cursor: pointer; font: inherit; }
.lookup { display: flex; align-items: center; gap: 6px; min-block-size: 32px; min-inline-size: 0; }
.lookup-icon { inline-size: 20px; block-size: 20px; flex: none; border-radius: 4px; background: var(--colorBrandBackground2); color: var(--colorBrandForeground2); font-size: 12px; font-weight: 600; display: inline-flex; align-items: center; justify-content: center; }
.lookup-systemuser, .lookup-contact { border-radius: 50%; }
.lookup-name { overflow-wrap: anywhere; text-align: start; }
.lookup-list { display: grid; max-block-size: 320px; overflow: auto; margin-block-start: 8px; }
.pcf, .pcf-root { min-inline-size: 0; }
.pcf-failed { border: 1px solid var(--colorPaletteRedBorder1); border-radius: 4px; padding: 8px 12px; display: flex; flex-wrap: wrap; gap: 8px; align-items: center; }
.pcf-why { flex-basis: 100%; font-size: 12px; color: var(--colorNeutralForeground3); overflow-wrap: anywhere; }
.list-card { padding: 0; }
.list-top { display: flex; flex-wrap: wrap; gap: 8px; padding: 12px 16px; justify-content: space-between; }
.list-view { min-inline-size: min(320px, 100%); font-weight: 600; }
.list-view button { font-weight: 600; }
.list-search { flex: 0 1 260px; }
.list-foot { padding: 8px 16px; color: var(--colorNeutralForeground3); font-size: 12px; border-block-start: 1px solid var(--colorNeutralStroke2); }
.grid-scroll { overflow-x: auto; }
.grid { border-collapse: collapse; inline-size: 100%; }
.grid th { text-align: start; font-weight: 600; font-size: 13px; padding: 6px 10px; border-block-end: 1px solid var(--colorNeutralStroke1); white-space: nowrap; }
.grid td { padding: 6px 10px; border-block-end: 1px solid var(--colorNeutralStroke3); vertical-align: middle; overflow-wrap: anywhere; }
.grid tbody tr:hover { background: var(--colorNeutralBackground1Hover); }
.grid .grid-on { background: var(--colorNeutralBackground1Selected); }
.grid .grid-check { inline-size: 36px; padding-block: 0; }
.grid-wait, .grid-empty { padding: 32px; text-align: center; color: var(--colorNeutralForeground3); }
.board { container-type: inline-size; }
.board-title { font-size: 20px; line-height: 28px; font-weight: 600; margin: 4px 0 12px; }
.board-grid { display: grid; gap: 12px; grid-template-columns: repeat(3, minmax(0, 1fr)); }
.board-grid-1 { grid-template-columns: minmax(0, 1fr); }
.board-grid-2 { grid-template-columns: repeat(2, minmax(0, 1fr)); }
.board-grid-4 { grid-template-columns: repeat(4, minmax(0, 1fr)); }
.tile-span-2 { grid-column: span 2; }
.tile-span-3 { grid-column: span 3; }
.tile-span-4 { grid-column: span 4; }
@container (max-width: 900px) { .board-grid > .tile { grid-column: auto; } .board-grid { grid-template-columns: repeat(2, minmax(0, 1fr)); } .board-grid-1 { grid-template-columns: minmax(0, 1fr); } }
@container (max-width: 600px) { .board-grid { grid-template-columns: minmax(0, 1fr); } .board-grid > .tile { min-block-size: 200px; } }
.tile { display: flex; flex-direction: column; margin: 0; padding: 12px 0 0; min-block-size: 340px; }
.tile-title { font-size: 16px; line-height: 22px; font-weight: 600; margin: 0; padding-inline: 16px; overflow-wrap: anywhere; }
.tile-view { padding-inline: 16px; font-size: 12px; color: var(--colorNeutralForeground3); overflow-wrap: anywhere; }
.tile-body { flex: 1; padding-block-start: 8px; min-inline-size: 0; }
.tile-foot { padding: 8px 16px; font-size: 12px; border-block-start: 1px solid var(--colorNeutralStroke2); }
.tile .grid td, .tile .grid th { white-space: nowrap; max-inline-size: var(--column-width, 240px); overflow: hidden; text-overflow: ellipsis; }
.tile .grid td .fui-Link { max-inline-size: 100%; overflow: hidden; text-overflow: ellipsis; vertical-align: bottom; }
.tile .grid th:first-child, .tile .grid td:first-child { padding-inline-start: 16px; }
.chart-bars, .chart-columns, .chart-legend { list-style: none; margin: 0; padding: 8px 16px; }
.chart-name { overflow-wrap: anywhere; min-inline-size: 0; }
.chart-number { font-weight: 600; }
.chart-bars li { display: grid; grid-template-columns: minmax(0, 38%) minmax(0, 1fr) 3ch; gap: 8px; align-items: center; padding-block: 5px; }
.chart-bars .chart-fill { display: block; block-size: 20px; border-start-end-radius: 3px; border-end-end-radius: 3px; forced-color-adjust: none; }
.chart-columns { display: flex; gap: 8px; align-items: end; block-size: 240px; }
.chart-columns li { flex: 1; min-inline-size: 0; block-size: 100%; display: flex; flex-direction: column-reverse; align-items: center; text-align: center; }
.chart-columns .chart-track { flex: 1; inline-size: 60%; display: flex; align-items: end; order: 1; }
.chart-columns .chart-number { order: 2; }
.chart-columns .chart-fill { inline-size: 100%; border-start-start-radius: 3px; border-start-end-radius: 3px; forced-color-adjust: none; }
.chart-round { display: flex; flex-wrap: wrap; align-items: center; gap: 8px; padding-inline: 16px; }
.chart-pie { flex: 1 1 140px; max-block-size: 220px; min-inline-size: 0; forced-color-adjust: none; }
.chart-legend { flex: 1 1 130px; padding: 8px 0; }
.chart-legend li { display: flex; gap: 8px; align-items: baseline; padding-block: 3px; }
.chart-legend .chart-number { margin-inline-start: auto; }
.chart-mark { flex: none; inline-size: 12px; block-size: 12px; border-radius: 2px; align-self: center; forced-color-adjust: none; }
.host-dialog { inline-size: min(520px, 94vw); box-sizing: border-box; }
.host-dialog .fui-DialogActions button { white-space: nowrap; }
.host-dialog-text { white-space: pre-line; overflow-wrap: anywhere; }
.host-dialog-subtitle { font-weight: 600; margin-block: 0 8px; }
.host-dialog-details { display: block; font-size: 12px; font-family: monospace; }
.close-deal { display: grid; gap: 12px; }
.progress { position: fixed; inset: 0; z-index: 1000000; background: rgba(0,0,0,.3); display: grid; place-items: center; }
.progress-box { background: var(--colorNeutralBackground1); padding: 24px 32px; border-radius: 4px; box-shadow: var(--shadow16); }
.toasts { position: fixed; inset-block-start: 56px; inset-inline-end: 16px; z-index: 1000; display: grid; gap: 8px; max-inline-size: 360px; }
.toast { background: var(--colorNeutralBackground1); color: var(--colorNeutralForeground1); border-radius: 4px; box-shadow: var(--shadow16); padding: 12px; display: flex; gap: 8px; align-items: flex-start; justify-content: space-between; }
.switches { inline-size: 250px; flex: none; background: var(--colorNeutralBackground1); border-inline-start: 1px solid var(--colorNeutralStroke2); padding: 12px; display: grid; gap: 8px; align-content: start; box-sizing: border-box; font-size: 13px; }
.switches > * { min-inline-size: 0; }
.switches [role=combobox], .switches .fui-Dropdown { min-inline-size: 0; inline-size: 100%; }
.switches-top { display: flex; justify-content: space-between; }
.switches-log { overflow-wrap: anywhere; font-size: 12px; }
.switches-log ol { padding-inline-start: 18px; }
@media (max-width: 700px) {
  .site-map { display: none; }
  .app-content { padding: 4px 8px 16px; }
  .app-body { flex-direction: column; }
  .switches { inline-size: 100%; }
  .app-product { border: 0; padding-inline-end: 4px; }
  .card { padding: 12px; }
  .list-card { padding: 0; }
  .tile { padding: 12px 0 0; }
}
/* Beside a scroll bar that takes room, a screen of 320 px has less. */
@container (max-width: 312px) { .app-name { display: none; } .app-product { padding-inline: 4px 0; } .app-person { margin-inline-start: 0; } .app-bar .app-button { min-inline-size: 36px; padding-inline: 0; } }
`;
