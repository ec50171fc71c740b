/** The frame around every view: header, what just happened, and the regions that refresh themselves. */
import { html, type Html, type Part } from './html';

export interface Frame {
  readonly title: string;
  readonly organization: string;
  /** Emulator time, ISO. */
  readonly now: string;
  readonly done?: string | undefined;
  readonly error?: string | undefined;
  readonly current?: 'list' | 'microsoft' | 'portal';
}

export function page(frame: Frame, body: Part): string {
  const link = (href: string, text: string, name: Frame['current']): Html =>
    html`<a href="${href}" ${frame.current === name && html`aria-current="page"`}>${text}</a>`;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${frame.title} - Partner Center (emulated)</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="/page.css" />
        <script src="/page.js" defer></script>
      </head>
      <body>
        <a class="skip" href="#main">Skip to the content</a>
        <header>
          <p class="brand">Partner Center <span class="tag">Emulated: nothing reaches Microsoft</span></p>
          <p class="who">${frame.organization}</p>
          <nav aria-label="Pages">
            ${link('/', 'Referrals', 'list')} ${link('/new/microsoft', 'Send a referral as Microsoft', 'microsoft')}
            ${link('/new/portal', 'Create a deal as a colleague', 'portal')}
          </nav>
        </header>
        <main id="main" tabindex="-1">
          ${frame.error && html`<div class="message bad" role="alert"><strong>Refused</strong> ${frame.error}</div>`}
          ${frame.done && html`<div class="message good" role="status">${frame.done}</div>`} ${body}
        </main>
        <footer>
          <p>
            ${region('clock', html`Time here: <time datetime="${frame.now}">${frame.now.slice(0, 19).replace('T', ' ')}</time> UTC`, 'span')}
            <span id="freshness" class="stale" role="status"></span>
          </p>
        </footer>
      </body>
    </html>`.text;
}

/** A part of the page that the script replaces when the server has it otherwise. */
export function region(name: string, content: Part, element: 'div' | 'span' = 'div'): Html {
  return element === 'div'
    ? html`<div data-live="${name}">${content}</div>`
    : html`<span data-live="${name}">${content}</span>`;
}
