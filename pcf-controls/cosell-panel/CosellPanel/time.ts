/**
 * Times in words: how long ago, how long still. Pure, the clock is handed in.
 *
 * Uses the browser's own language data, because the platform's formatting has no relative times. Days are counted
 * whole, so that "in 1 day" is never said of something that ends in three hours.
 */

/** The four languages of the strings; elsewhere the platform falls back to English texts, and so do the times. */
const locales: Readonly<Record<number, string>> = { 1036: 'fr', 1053: 'sv', 1028: 'zh-TW' };

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

export function relativeTime(at: number, now: number, language: number): string {
  const distance = at - now;
  const size = Math.abs(distance);
  const locale = locales[language] ?? 'en';
  // "Now" is a word; a day is always a number, because "tomorrow" is about the calendar and this is about hours.
  if (size < minute) return new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(0, 'second');
  const [length, unit] =
    size >= 2 * day
      ? ([day, 'day'] as const)
      : size >= 2 * hour
        ? ([hour, 'hour'] as const)
        : ([minute, 'minute'] as const);
  return new Intl.RelativeTimeFormat(locale).format(Math.trunc(distance / length), unit);
}

/** Warnings at seven, three and one day before a referral expires unanswered. */
export type Urgency = 'none' | 'week' | 'days' | 'day' | 'over';

export function urgencyOf(expires: number, now: number): Urgency {
  const left = expires - now;
  if (left <= 0) return 'over';
  if (left <= day) return 'day';
  if (left <= 3 * day) return 'days';
  return left <= 7 * day ? 'week' : 'none';
}

/** An amount as people write it; a code that is no currency is put behind the number. */
export function moneyText(
  { amount, currency }: { readonly amount: string; readonly currency: string },
  language: number,
): string {
  try {
    return new Intl.NumberFormat(locales[language] ?? 'en', { style: 'currency', currency }).format(Number(amount));
  } catch {
    return `${amount} ${currency}`.trim();
  }
}
