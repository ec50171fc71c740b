/** The look of the page: light, wide tables that become cards on a narrow screen, contrast of 4.5 or more. */
export const style = `
:root { --ink: #201f1e; --soft: #55534f; --line: #d6d4d0; --back: #f5f4f2; --paper: #fff; --blue: #0f5ea8; --navy: #1f3552;
  --good: #0b6a0b; --good-back: #e3f2e1; --bad: #a4262c; --bad-back: #fbe9e9; --new: #7a4a00; --new-back: #fff1d6; color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0; font: 14px/1.45 'Segoe UI', 'Open Sans', system-ui, sans-serif; color: var(--ink); background: var(--back); }
a { color: var(--blue); }
:focus-visible { outline: 2px solid var(--blue); outline-offset: 2px; }
.skip, .hidden { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.skip:focus { position: static; inline-size: auto; block-size: auto; clip-path: none; display: block; padding: 8px 24px; background: #fff; }
header { background: var(--navy); color: #fff; padding: 12px 24px 0; display: flex; flex-wrap: wrap; align-items: baseline; gap: 4px 16px; }
header p { margin: 0; }
.brand { font-size: 18px; font-weight: 600; }
.tag { font-size: 12px; font-weight: 400; background: #ffd98a; color: #3b2600; border-radius: 3px; padding: 1px 8px; margin-inline-start: 8px; white-space: nowrap; }
.who { margin-inline-start: auto !important; color: #dbe4ef; }
header nav { flex-basis: 100%; display: flex; flex-wrap: wrap; gap: 4px 24px; padding-block-start: 8px; }
header nav a { color: #fff; text-decoration: none; padding: 8px 0; border-block-end: 3px solid transparent; }
header nav a:hover { text-decoration: underline; }
header nav a[aria-current] { border-color: #fff; font-weight: 600; }
header :focus-visible { outline-color: #fff; }
main { max-inline-size: 1320px; margin: 0 auto; padding: 20px 24px 8px; outline: none; }
footer { max-inline-size: 1320px; margin: 0 auto; padding: 0 24px 24px; color: var(--soft); font-size: 12px; }
.stale { color: var(--bad); font-weight: 600; margin-inline-start: 8px; }
h1 { font-size: 24px; line-height: 1.25; font-weight: 600; margin: 0 0 8px; overflow-wrap: anywhere; }
h2 { font-size: 16px; font-weight: 600; margin: 24px 0 8px; }
.head { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: center; gap: 8px 16px; }
.head p { margin: 0; }
.crumb { margin: 0 0 4px; } .sub { color: var(--soft); margin: 0; } .sub strong { color: var(--new); margin-inline-start: 12px; }
.kind { margin-inline-start: 8px; font-weight: 600; }
.search { display: flex; gap: 8px; }
.tabs { display: flex; gap: 20px; border-block-end: 1px solid var(--line); margin: 8px 0 0; }
.tabs a { padding: 8px 0; color: var(--soft); text-decoration: none; border-block-end: 2px solid transparent; }
.tabs a[aria-current] { color: var(--ink); font-weight: 600; border-color: var(--blue); }
.count, .hint { color: var(--soft); font-size: 12px; } .count { margin: 8px 0; }
.none { color: var(--soft); } .empty { background: var(--paper); border: 1px dashed var(--line); padding: 32px; text-align: center; color: var(--soft); }
.message { border-inline-start: 4px solid; padding: 10px 14px; margin-block-end: 16px; overflow-wrap: anywhere; }
.message.good { border-color: var(--good); background: var(--good-back); color: #084808; }
.message.bad { border-color: var(--bad); background: var(--bad-back); color: #6f171c; }
table { border-collapse: collapse; inline-size: 100%; background: var(--paper); border: 1px solid var(--line); }
th, td { text-align: start; vertical-align: top; padding: 8px 12px; border-block-end: 1px solid var(--line); overflow-wrap: anywhere; }
thead th, thead td { color: var(--soft); font-weight: 600; font-size: 12px; background: #faf9f8; }
tbody th { font-weight: 600; }
.list tbody tr:hover { background: #f7fafd; } .list th, .list td { overflow-wrap: break-word; } .number { text-align: end; font-variant-numeric: tabular-nums; }
.list thead th:nth-child(6) { text-align: end; } .list td:not([data-label='Customer'], [data-label='Team']) { white-space: nowrap; }
.deal { display: grid; grid-template-columns: minmax(0, 1.9fr) minmax(320px, 1fr); gap: 0 32px; align-items: start; }
.records { table-layout: fixed; } .records thead td, .records tbody th { inline-size: 150px; color: var(--soft); font-weight: 400; }
.records thead th { color: var(--ink); font-size: 14px; }
.records td { white-space: pre-line; }
.badge { display: inline-block; border-radius: 3px; padding: 0 8px; font-size: 12px; line-height: 20px; font-weight: 600; white-space: nowrap; }
.badge.good { background: var(--good-back); color: var(--good); } .badge.bad { background: var(--bad-back); color: var(--bad); }
.badge.new { background: var(--new-back); color: var(--new); } .badge.plain { background: #ececec; color: var(--ink); }
.history { list-style: none; padding: 0; margin: 0; background: var(--paper); border: 1px solid var(--line); max-block-size: 420px; overflow: auto; }
.history li { padding: 8px 12px; border-block-end: 1px solid var(--line); } .history p { margin: 0; overflow-wrap: anywhere; }
del { color: var(--bad); } ins { color: var(--good); text-decoration: none; font-weight: 600; }

details { background: var(--paper); border: 1px solid var(--line); margin-block-end: 8px; }
summary { padding: 10px 14px; font-weight: 600; cursor: pointer; }
details form { padding: 0 14px 14px; } .card { background: var(--paper); border: 1px solid var(--line); padding: 16px; margin-block-start: 12px; }
form { display: grid; grid-template-columns: 1fr 1fr; gap: 12px 16px; } .search { grid-template-columns: none; }
.card { grid-template-columns: repeat(3, 1fr); }
.field { margin: 0; min-inline-size: 0; border: 0; padding: 0; } .wide { grid-column: 1 / -1; }
label, legend { display: block; font-weight: 600; margin-block-end: 4px; padding: 0; } .must { font-weight: 400; color: var(--soft); }
.box { display: flex; gap: 8px; align-items: start; font-weight: 400; min-block-size: 28px; } .box input { inline-size: auto; margin-block-start: 3px; }
input, select, textarea, button { font: inherit; color: inherit; } .field input:not([type=checkbox]), select, textarea { inline-size: 100%; }
input, select, textarea { border: 1px solid #7a7875; border-radius: 2px; padding: 6px 8px; background: #fff; min-block-size: 34px; } .box input { min-block-size: 0; }
button { border: 1px solid #7a7875; border-radius: 2px; background: #fff; padding: 6px 16px; min-block-size: 34px; cursor: pointer; font-weight: 600; }
.primary { background: var(--blue); border-color: var(--blue); color: #fff; } .primary:hover { background: #0b4a86; }
@media (max-width: 1000px) { .deal { grid-template-columns: minmax(0, 1fr); } .card { grid-template-columns: 1fr 1fr; } }
@media (max-width: 700px) {
  header, main, footer { padding-inline: 16px; } .who { margin-inline-start: 0 !important; flex-basis: 100%; } .tag { margin-inline-start: 0; display: inline-block; white-space: normal; }
  form, .card { grid-template-columns: 1fr; } .search { inline-size: 100%; } .search input[type=search] { flex: 1; min-inline-size: 0; }
  table, tbody, tr, th, td { display: block; } table { background: none; border: 0; }
  .list thead { position: absolute; clip-path: inset(50%); block-size: 1px; overflow: hidden; } .records thead { display: none; }
  tr { background: var(--paper); border: 1px solid var(--line); margin-block-end: 8px; } th, td { border: 0; padding: 4px 12px; } tbody th { padding-block-start: 10px; }
  .list td { display: grid; grid-template-columns: 96px 1fr; text-align: start; white-space: normal !important; } .badge { justify-self: start; } td::before { content: attr(data-label); color: var(--soft); font-size: 12px; }
  .records td { display: grid; grid-template-columns: 96px 1fr; } .records tbody th { inline-size: auto; font-weight: 600; }
}
@media (forced-colors: active) { .badge, .message { border: 1px solid; } }
`;
