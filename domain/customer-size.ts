/**
 * Microsoft's ranges of a customer's size.
 *
 * Two scales overlap in the service: the older one (three ranges) is read, only the finer one is written,
 * because the finer one loses nothing. Source: Microsoft Learn "Referral resources", customerProfile.size.
 */

/** The finer scale, smallest first: upper bound of employees, value on the wire. */
const finerScale: readonly (readonly [number, string])[] = [
  [9, '1to9employees'],
  [50, '10to50employees'],
  [250, '51to250employees'],
  [1000, '251to1000employees'],
  [5000, '1001to5000employees'],
  [10000, '5001to10000employees'],
  [20000, '10001to20000employees'],
  [Infinity, 'Morethan20000employees'],
];

/** All eleven values that the service knows; the last three are the older scale. */
export const customerSizes: readonly string[] = [
  ...finerScale.map(([, value]) => value),
  '1to50employees',
  '51to500employees',
  'Morethan500employees',
];

/**
 * Range for a number of employees, on the finer scale.
 *
 * @returns '' when the number says nothing (below 1, not a number): an empty size is sent as none.
 */
export function customerSizeFor(employees: number): string {
  const range = employees >= 1 ? finerScale.find(([upTo]) => Math.floor(employees) <= upTo) : undefined;
  return range === undefined ? '' : range[1];
}
