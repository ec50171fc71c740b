/**
 * Sales stages as Partner Center stores them: a percentage as text.
 *
 * The product page has seven stages and says that API callers pass percentages; the older OpenAPI file has
 * four words instead. We write the percentage and read both. The stage never drives a referral's status:
 * "100" was seen on a deal that is still Active. Source: Microsoft Learn "Manage co-sell opportunities".
 */

export interface SalesStage {
  readonly percent: string;
  readonly labelKey: string;
  readonly label: string;
}

/** Stages of a deal in order. Created and Accepted share 10 %, so 10 has one row. */
export const salesStages: readonly SalesStage[] = [
  { percent: '10', labelKey: 'salesStage_10', label: 'Accepted' },
  { percent: '20', labelKey: 'salesStage_20', label: 'Qualified' },
  { percent: '40', labelKey: 'salesStage_40', label: 'Developed' },
  { percent: '60', labelKey: 'salesStage_60', label: 'Proposed' },
  { percent: '80', labelKey: 'salesStage_80', label: 'Negotiated' },
  { percent: '100', labelKey: 'salesStage_100', label: 'Won' },
];

/** Words met instead of percentages. The four of the OpenAPI file are matched to percentages by inference. */
const words = new Map([
  ['created', '10'],
  ['accepted', '10'],
  ['qualify', '20'],
  ['qualified', '20'],
  ['develop', '40'],
  ['developed', '40'],
  ['propose', '60'],
  ['proposed', '60'],
  ['close', '80'],
  ['negotiated', '80'],
  ['won', '100'],
]);

/**
 * What a record whose stages stand for these percentages shows of one: the same, else the highest below, because Partner
 * Center has more stages than most CRMs.
 *
 * @returns undefined where none is as low
 */
export function stageShownOf(percent: string, stages: readonly string[]): string | undefined {
  return [...stages].sort((a, b) => Number(b) - Number(a)).find((each) => Number(each) <= Number(percent));
}

/**
 * Percent text ("40") from whatever the wire or a stage map holds: "40", 40, "40 %", "40.0", "Develop".
 * Percentages without a row of their own (a partner's own stages) are kept.
 *
 * @returns null for empty, unknown words, fractions of a percent, and numbers outside 0 to 100
 */
export function readSalesStage(raw: string | number | null | undefined): string | null {
  const text = String(raw ?? '').trim();
  const word = words.get(text.toLowerCase());
  if (word !== undefined) return word;
  const digits = /^(\d{1,9})(?:\.0*)?\s*%?$/.exec(text)?.[1];
  const percent = digits === undefined ? NaN : Number(digits);
  return percent <= 100 ? String(percent) : null;
}
