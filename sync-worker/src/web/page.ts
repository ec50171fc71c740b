/**
 * The frame of the web half's pages: plain HTML that needs no script and loads nothing from anywhere.
 *
 * One style sheet, inline, allowed by its hash, so that the content security policy forbids everything else. Light or
 * dark as the person has it.
 */
import { createHash } from 'node:crypto';
import { html, Html, type Shown } from './html';

const style = `
:root{color-scheme:light dark;--page:#f5f6f8;--card:#fff;--ink:#1b1f24;--soft:#4d5661;--line:#d4d9df;--link:#0a4fa8;--well:#0b6b3a;--well-bg:#e6f4ec;--look:#7a4a00;--look-bg:#fdf1d8;--bad:#a11b1b;--bad-bg:#fdeaea}
@media(prefers-color-scheme:dark){:root{--page:#14171b;--card:#1d2127;--ink:#e8ebef;--soft:#aab3be;--line:#3a424d;--link:#8fc0ff;--well:#7fdca6;--well-bg:#12301f;--look:#ffd083;--look-bg:#382a0c;--bad:#ffa8a8;--bad-bg:#3d1717}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;overflow-wrap:anywhere}
.wrap{max-width:64rem;margin:0 auto;padding:1rem}
header{display:flex;flex-wrap:wrap;gap:.25rem 1rem;align-items:baseline;justify-content:space-between}
h1{font-size:1.35rem;margin:.25rem 0}h2{font-size:1.05rem;margin:0 0 .5rem}p{margin:.25rem 0}
a{color:var(--link)}.soft{color:var(--soft)}
.verdict{border:1px solid;border-left-width:.5rem;border-radius:.5rem;padding:.75rem 1rem;margin:.75rem 0}
.verdict h2{font-size:1.2rem;margin:0 0 .25rem}.verdict p{color:var(--ink)}
.verdict ul{margin:.5rem 0 0;padding-left:1.25rem;color:var(--ink)}
.well{color:var(--well);background:var(--well-bg)}.look{color:var(--look);background:var(--look-bg)}.bad{color:var(--bad);background:var(--bad-bg)}
.grid{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,19rem),1fr));gap:.75rem}
section.card{background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:.75rem 1rem}
.wide{grid-column:1/-1}
dl{margin:0}dl div{display:flex;flex-wrap:wrap;justify-content:space-between;gap:0 .75rem;padding:.1rem 0}dt{color:var(--soft)}dd{margin:0 0 0 auto;text-align:right;font-variant-numeric:tabular-nums}
dd.bad,dd.look{background:none;font-weight:600}
table{border-collapse:collapse;width:100%}caption{text-align:left;color:var(--soft);padding-bottom:.25rem}
th,td{text-align:left;vertical-align:top;padding:.3rem .5rem .3rem 0;border-top:1px solid var(--line)}th{font-weight:600;color:var(--soft)}
td.n,th.n{text-align:right;padding-right:.75rem;white-space:nowrap;font-variant-numeric:tabular-nums}
code{font:0.875em ui-monospace,Consolas,monospace}td code{white-space:nowrap}
footer{margin:1rem 0;display:flex;flex-wrap:wrap;gap:.5rem 1.5rem;align-items:center;color:var(--soft)}
form{margin:0}label{display:block;font-weight:600;margin-bottom:.25rem}
input,button,.button{font:inherit;color:inherit;border:1px solid var(--soft);border-radius:.375rem;padding:.45rem .75rem;background:var(--card);min-height:2.5rem}
input{width:100%;max-width:28rem}button,.button{cursor:pointer;text-decoration:none;display:inline-block}
:focus-visible{outline:3px solid var(--link);outline-offset:2px}
.narrow{max-width:32rem}.stack>*{margin:.75rem 0}
@media(max-width:30rem){.codes thead{position:absolute;left:-99rem}.codes tr{display:grid;grid-template-columns:auto 1fr;border-top:1px solid var(--line);padding:.35rem 0}.codes td,.codes th{border:0;padding:.1rem 0}.codes td.n{grid-row:1;grid-column:2;padding-left:.75rem}.codes td.what{grid-column:1/-1}td code{white-space:normal}}
`;

/** Put together by hand: the hash is over every blank between the tags, which a formatter of templates would move. */
const styleElement = new Html(`<style>${style}</style>`);
const styleHash = createHash('sha256').update(style).digest('base64');

/** Nothing but the one style sheet and forms to ourselves. */
export const pagePolicy = `default-src 'none'; style-src 'sha256-${styleHash}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`;

export function page(title: string, content: Shown): string {
  return html`<!DOCTYPE html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <title>${title}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        ${styleElement}
      </head>
      <body>
        <div class="wrap">${content}</div>
      </body>
    </html> `.text;
}
