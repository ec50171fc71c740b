/** Plain texts of people and services: numbers, days, countries, drafts, waits, and what is taken out of a text. */
import fc from 'fast-check';
import { toIsoCountry } from '../../domain/countries';
import { normaliseDecimal, roundDecimal, sameDecimal } from '../../domain/decimal';
import { compareInstants, dayFromInstant, secondsBetween } from '../../domain/instant';
import { personKey, sameSet } from '../../domain/members';
import { readSalesStage } from '../../domain/sales-stage';
import { formatSolutionDraft, parseSolutionDraft } from '../../domain/solution-draft';
import { addMark, normaliseText, stripMark } from '../../domain/text';
import { retryAfter } from '../../sync-worker/src/http/answer';
import { redactUrl } from '../../sync-worker/src/http/redacted-log';
import { rebuildLink, sameOrigin } from '../../sync-worker/src/http/same-origin';
import { createLog } from '../../sync-worker/src/log';
import { scrub } from '../../sync-worker/src/scrub';
import { FakeClock } from '../../sync-worker/src/testing/fake-clock';
import {
  anyCharacter,
  expectSilent,
  holds,
  holdsLater,
  judged,
  judgedLater,
  longTexts,
  oddText,
  oddTexts,
  oddValue,
  spoiltJson,
  spoiltText,
  tower,
} from './kit';

const noRefusal = <T>(run: () => T): T => {
  const value = judged(run);
  expect(value).not.toBeUndefined();
  return value as T;
};
/** Plain functions of text: every odd and every long text once, then what the generator makes. */
const every = (property: (text: string) => void): void => {
  for (const text of [...oddTexts, ...longTexts]) property(text);
  holds(oddText, property, 0.5);
};

test('a text is a decimal in its shortest form or none, however long', () => {
  every((text) => {
    const number = noRefusal(() => normaliseDecimal(text));
    if (number === null) return expect(noRefusal(() => roundDecimal(text, 2))).toBe(text);
    expect(number.length < 400_000 && !/^-?0\d|^-0$|e/i.test(number.slice(0, 50)) && !/\.$/.test(number)).toBe(true);
    expect(number.includes('.') && number.endsWith('0')).toBe(false);
    expect(noRefusal(() => normaliseDecimal(number))).toBe(number);
    expect(noRefusal(() => roundDecimal(text, 2)).length).toBeLessThanOrEqual(number.length + 1);
    expect(noRefusal(() => sameDecimal(text, number))).toBe(true);
  });
});

test('a text is an instant or comes before all instants', () => {
  every((text) => {
    const day = noRefusal(() => dayFromInstant(text));
    if (day !== null) expect(day).toMatch(/^\d{4}-\d\d-\d\d$/);
    noRefusal(() => compareInstants(text, '2026-01-01T00:00:00Z'));
    noRefusal(() => secondsBetween(text, '2026-01-01T00:00:00Z'));
  });
});

test('a name is found to be a country by its own words only', () => {
  every((text) => expect(noRefusal(() => toIsoCountry(text)) ?? 'DE').toMatch(/^[A-Z]{2}$/));
  expect(['Deutschland', 'FRA', ' us ', 'Côte d’Ivoire'].map(toIsoCountry)).toEqual(['DE', 'FR', 'US', 'CI']);
});

test('comparison forms of texts are stable, and marks come off again', () => {
  every((text) => {
    const plain = noRefusal(() => normaliseText(text));
    expect(noRefusal(() => normaliseText(plain))).toBe(plain);
    const marked = noRefusal(() => addMark(text, 'ok', 300));
    if (marked.fits)
      expect(noRefusal(() => stripMark(marked.name)).trim()).toBe(noRefusal(() => stripMark(text)).trim());
    noRefusal(() => readSalesStage(text));
  });
});

test('people are told apart whatever their names and addresses are', () => {
  holds(
    fc.array(fc.record({ firstName: oddText, lastName: oddText, phone: oddText, email: oddText }), { maxLength: 6 }),
    (people) => {
      expect(noRefusal(() => sameSet('person')(people, [...people].reverse().concat(people.slice(0, 0))))).toEqual(
        expect.any(Boolean),
      );
      for (const person of people)
        expect(noRefusal(() => personKey(person))).toBe(noRefusal(() => personKey({ ...person })));
    },
  );
});

test('a draft of solutions comes back as it was picked, and a spoilt one is told and never guessed at', () => {
  const amount = fc.option(fc.nat({ max: 99_999 }).map(String));
  const picks = fc.uniqueArray(
    fc.record({
      id: fc.uuid(),
      name: fc.string({ unit: anyCharacter, maxLength: 60 }),
      price: amount,
      quantity: amount,
    }),
    { selector: (pick) => pick.id, maxLength: 60 },
  );
  holds(picks, (picked) => {
    const read = parseSolutionDraft(formatSolutionDraft(picked));
    expect(read).toEqual({
      picks: picked.map((pick) => ({ ...pick, name: expect.any(String) as string })),
      problem: picked.length > 50 ? 'tooMany' : null,
    });
  });
  const sample = {
    v: 1,
    solutions: [{ id: '6f0c2d1e-1111-4a7b-9c55-5d2f8a7c0001', name: 'a', price: '1.5', quantity: null }],
  };
  holds(spoiltJson(sample), (text) => {
    const { picks: read, problem } = noRefusal(() => parseSolutionDraft(text));
    if (problem === 'malformed') expect(read).toEqual([]);
    for (const pick of read) expect(pick.id).toMatch(/^[0-9a-f-]{36}$/);
  });
});

test('a wait that a service asks for is one that can be waited, or none', () => {
  const clock = new FakeClock();
  const forms = fc.oneof(
    oddText,
    fc.constantFrom('Wed, 21 Oct 2199 07:28:00 GMT', 'Thu, 01 Jan 1970 00:00:00 GMT', '0', '1.5', '120'),
    oddValue.map(String),
  );
  holds(fc.tuple(forms, forms), ([wait, date]) => {
    const asked = judged(() => retryAfter({ status: 429, headers: { 'retry-after': wait, date }, body: '' }, clock));
    if (asked !== undefined) expect(asked >= 0 && asked <= 24 * 3_600_000).toBe(true);
  });
});

test('what is taken out of a text stays out, in linear time', () => {
  holds(
    fc.oneof(
      oddText,
      fc.tuple(oddText, oddText, oddText).map((parts) => parts.join(' ')),
    ),
    (text) => {
      const clean = noRefusal(() => scrub(text));
      expectSilent(clean);
      expect(clean.length).toBeLessThanOrEqual(2_001);
      noRefusal(() => redactUrl(text));
    },
    2,
  );
});

test('a log line of anything is one line of JSON without secrets', () => {
  const lines: string[] = [];
  const log = createLog({ level: 'debug', stream: { write: (line: string) => void lines.push(line) } });
  const fields = fc.dictionary(
    fc.oneof(fc.constantFrom('email', 'token', 'detail', 'error', '__proto__', 'toJSON', 'password'), oddText),
    oddValue,
  );
  holds(
    fc.tuple(oddText, fields),
    ([message, given]) => {
      lines.length = 0;
      judged(() => log.warn(message, given));
      expect(lines).toHaveLength(1);
      expect(() => JSON.parse(String(lines[0])) as unknown).not.toThrow();
      expect(String(lines[0]).trimEnd()).not.toContain('\n');
      expectSilent(String(lines[0]));
    },
    2,
  );
  judged(() => log.error('deep', { tower: tower(50_000), list: tower(50_000, 'array') }));
});

test('a token goes to the configured origin only, whatever address is asked for', async () => {
  const base = 'https://api.partner.microsoft.com/v1.0/engagements';
  const links = fc.oneof(
    oddText,
    spoiltText(`${base}/referrals?$skiptoken=1`),
    spoiltText('//api.partner.microsoft.com/v1.0/engagements/x'),
  );
  await holdsLater(
    links,
    async (link) => {
      const rebuilt = judged(() => rebuildLink(base, link));
      if (rebuilt !== undefined) expect(rebuilt.startsWith(`${base}`)).toBe(true);
      let sentTo = 'https://api.partner.microsoft.com/';
      const send = async (request: { url: string }): Promise<{ status: number; headers: object; body: string }> => {
        sentTo = request.url;
        return { status: 200, headers: {}, body: '' };
      };
      await judgedLater(() => sameOrigin(base)({ method: 'GET', url: link, headers: {} }, send as never));
      expect(new URL(sentTo).origin).toBe('https://api.partner.microsoft.com');
    },
    3,
  );
});
