/**
 * Price and quantity as people type and read them, in the user's number format.
 *
 * Inside the control an amount is a plain decimal ("1234.5"), never a float: 0.1 + 0.2 must not become a price. A text
 * that can be read in two ways is refused: "1.50" is one and a half in English and in no way 150 in German.
 * The format comes from the user's settings, not from the browser. Source: Microsoft Learn, "UserSettings" of the
 * Power Apps component framework.
 */
import { isSolutionAmount } from '../../../domain/solution-draft';

export interface NumberFormat {
  readonly numberDecimalSeparator: string;
  readonly numberGroupSeparator: string;
}

/** Full-width digits and the several kinds of blank and apostrophe become the plain ones. */
const plain = (text: string): string => text.normalize('NFKC').replace(/’/g, "'").trim();

/**
 * @param digits how many digits the column keeps behind the point
 * @returns null when nothing is typed, undefined when it is no amount
 */
export function readAmount(typed: string, digits: number, format: NumberFormat): string | null | undefined {
  const decimal = format.numberDecimalSeparator;
  const group = plain(format.numberGroupSeparator);
  const other = decimal === '.' ? ',' : '.';
  let text = plain(typed);
  if (text === '') return null;
  // The other decimal sign is what many keyboards have; it is taken where it can't be meant as a grouping sign.
  if (group !== other && !text.includes(decimal)) text = text.replace(other, decimal);
  const [whole = '', fraction = '', more] = text.split(decimal);
  // A blank groups in any language. Only groups in their places are taken out; otherwise it is no number.
  const sign = whole.includes(' ') || !group ? ' ' : group;
  const grouped = new RegExp(`^\\d{1,3}([${sign}]\\d{2,3})*[${sign}]\\d{3}$`);
  const bare = grouped.test(whole) ? whole.split(sign).join('') : whole;
  if (more !== undefined || !/^\d+$/.test(bare + fraction)) return undefined;
  const kept = fraction.replace(/0+$/, '');
  const amount = (bare.replace(/^0+/, '') || '0') + (kept && `.${kept}`);
  return isSolutionAmount(amount, digits) ? amount : undefined;
}

/** As it is shown and typed; empty for null. Groups are left out, so that what is shown can be edited. */
export const showAmount = (amount: string | null | undefined, format: NumberFormat): string =>
  (amount ?? '').replace('.', format.numberDecimalSeparator);
