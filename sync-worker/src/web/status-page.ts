/**
 * The operator's page: is it well, and if not, what to do. Rendered on the server from the worker's status and the web
 * half's own counters.
 *
 * Pure. Shows numbers, codes and times; no deal, no person. A page without a worker's status is a page, too.
 */
import type { FeedStatus, WorkerStatus } from '../ports';
import { textOfCode } from './code-text';
import { counterNames, type Counters } from './counters';
import { html, type Html, type Shown } from './html';
import { page } from './page';
import { remarksOn, signInAlarmDays, signInWarnDays, span, type Level, type Remark } from './verdict';

export interface StatusPage {
  readonly connection: string;
  readonly status: WorkerStatus | null;
  readonly counts: ReturnType<Counters['snapshot']>;
  /** Milliseconds since 1970, by the web half's clock. */
  readonly now: number;
  readonly refreshes: boolean;
  /** There is a session that can be ended. */
  readonly canSignOut: boolean;
}

const marks: Readonly<Record<Level, string>> = { well: '✔', look: '!', bad: '✖' };

export function statusPage(parts: StatusPage): string {
  const { status, now, connection } = parts;
  const remarks = remarksOn(status, now);
  const first = remarks[0];
  const title = `${first ? first.text : 'All is well'} – Co-sell connector, ${connection}`;
  return page(
    title,
    html`<header>
        <h1>Co-sell connector</h1>
        <p class="soft">
          Connection <strong>${connection}</strong>${status ? html` · version ${status.workerVersion}` : null}
        </p>
      </header>
      <main>
        ${verdict(remarks, status)}
        <div class="grid">${status ? sections(status, now) : null}${webHalf(parts.counts)}</div>
      </main>
      <footer>
        <span>As of ${time(new Date(now).toISOString())}; all times are UTC</span
        >${refreshLink(parts.refreshes)}${parts.canSignOut ? signOut : null}
      </footer>`,
  );
}

const signOut = html`<form method="post" action="/sign-out"><button>Sign out</button></form>`;

/** Whoever reads slowly, or has it read to him, can have it stand still (WCAG 2.2.1). */
function refreshLink(refreshes: boolean): Html {
  return refreshes
    ? html`<span>Refreshes every 10 seconds. <a href="/status?refresh=off">Stop refreshing</a></span>`
    : html`<a href="/status">Refresh every 10 seconds</a>`;
}

function verdict([first, ...others]: readonly Remark[], status: WorkerStatus | null): Html {
  const parked =
    status && status.parkedDeals > 0
      ? html`<p>
          ${plural(status.parkedDeals, 'deal waits', 'deals wait')} for a person to mend something; the sellers see what
          on the opportunity.
        </p>`
      : null;
  if (!first)
    return html`<div class="verdict well">
      <h2><span aria-hidden="true">${marks.well} </span>All is well.</h2>
      <p>Both sides are looked at, and what is seen is dealt with.</p>
      ${parked}
    </div>`;
  const more =
    others.length === 0
      ? null
      : html`<ul>
          ${others.map(({ text, advice }) => html`<li><strong>${text}</strong> ${advice}</li>`)}
        </ul>`;
  return html`<div class="verdict ${first.level}">
    <h2><span aria-hidden="true">${marks[first.level]} </span>${first.text}</h2>
    <p>${first.advice}</p>
    ${more}${parked}
  </div>`;
}

function sections(status: WorkerStatus, now: number): Html {
  const { queue, links, balance, hints } = status;
  const silent = Math.max(0, Math.round((now - Date.parse(status.writtenOn)) / 1000));
  return html`
    ${card('Worker', [
      ['State', status.state],
      ['Started', time(status.startedOn)],
      ['Last report', `${span(silent)} ago`],
      ['Linked deals', number(links)],
    ])}
    ${card('Queue', [
      ['Being worked on', number(queue.running)],
      ['In line', number(Math.max(0, queue.known - queue.running - queue.waiting))],
      ['Waiting for their next try', number(queue.waiting)],
    ])}
    ${feedCard('Changes from the CRM', status.feeds.crm, silent)}
    ${feedCard('Changes from Partner Center', status.feeds.partnerCenter, silent)} ${signInCard(status)}
    ${throttleCard(status, now)} ${parkedCard(status)}
    ${card('Hints', [
      ['Taken', number(hints.taken)],
      ['Strange files refused', number(hints.refused)],
    ])}
    ${booksCard(balance)}
  `;
}

type Row = readonly [name: string, value: Shown, level?: Level];

function card(title: string, rows: readonly Row[], note?: Shown): Html {
  return html`<section class="card">
    <h2>${title}</h2>
    <dl>
      ${rows.map(([name, value, level]) => html`<div><dt>${name}</dt><dd${level === undefined ? null : html` class="${level}"`}>${value}</dd></div>`)}
    </dl>
    ${note}
  </section>`;
}

function feedCard(title: string, feed: FeedStatus, silent: number): Html {
  const age = feed.watermarkAgeSeconds === null ? 'not yet' : `${span(feed.watermarkAgeSeconds + silent)} ago`;
  const rows: Row[] = [
    ['All done up to', age],
    ['Last answer', feed.lastPollOn === null ? 'none yet' : time(feed.lastPollOn)],
    ['Failures in a row', number(feed.failures), feed.failures > 0 ? 'look' : undefined] as Row,
  ];
  return card(title, rows);
}

function signInCard({ signIn }: WorkerStatus): Html {
  if (!signIn) return card('Partner Center sign-in', [['Days left', 'not known']]);
  const { daysLeft, renewedOn, endsOn } = signIn;
  const level: Level | undefined =
    daysLeft === null || daysLeft >= signInWarnDays ? undefined : daysLeft < signInAlarmDays ? 'bad' : 'look';
  const rows: Row[] = [
    level === undefined ? ['Days left', daysLeft ?? 'not known'] : ['Days left', daysLeft, level],
    ['Renewed', renewedOn === null ? 'not known' : time(renewedOn)],
    ['Ends, if not renewed', endsOn === null ? 'not known' : time(endsOn).slice(0, 10)],
  ];
  return card('Partner Center sign-in', rows);
}

function throttleCard({ throttling }: WorkerStatus, now: number): Html {
  const rows = (['dataverse', 'partnerCenter'] as const).flatMap((side): Row[] => {
    const name = side === 'dataverse' ? 'Dataverse' : 'Partner Center';
    const until = throttling[side].waitingUntil;
    const waits = until !== null && Date.parse(until) > now;
    return [
      [`${name}: turned away`, number(throttling[side].refused)],
      waits ? [`${name}: pause until`, time(until), 'look'] : [`${name}: pause`, 'none'],
    ];
  });
  return card('Throttling', rows);
}

function parkedCard({ parked, parkedDeals }: WorkerStatus): Html {
  const rows = Object.entries(parked).sort(([a, many], [b, few]) => few - many || (a < b ? -1 : 1));
  if (rows.length === 0)
    return html`<section class="card wide">
      <h2>Parked deals</h2>
      <p>None: no deal waits for a person.</p>
    </section>`;
  return html`<section class="card wide">
    <h2>Parked deals: ${number(parkedDeals)}</h2>
    <table class="codes">
      <caption>
        A deal with several reasons counts at each. The sentences stand in docs/errors.md.
      </caption>
      <thead>
        <tr>
          <th scope="col">Code</th>
          <th scope="col" class="n">Deals</th>
          <th scope="col">What its seller or admin has to do</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ([code, count]) =>
            html`<tr>
              <td><code>${code}</code></td>
              <td class="n">${number(count)}</td>
              <td class="what">${textOfCode(code).text || 'See the column Error of the referral rows.'}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </section>`;
}

const endings = {
  applied: 'Applied',
  noChange: 'No change needed',
  filtered: 'Filtered by a rule',
  parked: 'Parked',
  retry: 'Tried again later',
} as const;

function booksCard({ seen, endings: ended }: WorkerStatus['balance']): Html {
  const names = Object.keys(endings) as (keyof typeof endings)[];
  const sum = names.reduce((total, name) => total + ended[name], 0);
  const adds = sum === seen;
  const check = adds
    ? html`<p class="soft">The books add up.</p>`
    : html`<p>
        <strong>The books do not add up:</strong> ${number(seen)} seen, ${number(sum)} ended. Please report this as a
        defect.
      </p>`;
  return card(
    'The books, since the start',
    [['Looks at deals', number(seen)], ...names.map((name): Row => [endings[name], number(ended[name])])],
    check,
  );
}

function webHalf(counts: StatusPage['counts']): Html[] {
  const names = (Object.keys(counterNames) as (keyof typeof counterNames)[]).filter(
    (name) => Object.keys(counts[name]).length > 0,
  );
  return names.map((name) =>
    card(
      counterNames[name].replace(/ by (?:outcome|status class)$/, ''),
      Object.entries(counts[name])
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([outcome, count]): Row => [outcome, number(count)]),
    ),
  );
}

function plural(count: number, one: string, many: string): string {
  return `${number(count)} ${count === 1 ? one : many}`;
}

/** 12 345, with a narrow space that does not break. */
function number(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, '\u202f');
}

/** 2026-11-23 08:15:02 */
function time(instant: string): string {
  const at = new Date(instant);
  return Number.isNaN(at.getTime()) ? '' : at.toISOString().slice(0, 19).replace('T', ' ');
}
