/** Deals that Microsoft sends, of customers whom the CRM does not have. */

/** A plain one, for what may be any deal. */
export const incoming = {
  name: 'Herein',
  customer: { name: 'Neu AG', address: { addressLine1: 'a', city: 'b', postalCode: '1', country: 'DE' } } as never,
  solutions: ['SOL-70421-QLM'],
  value: 9,
  currency: 'EUR',
  closingDate: '2027-03-03',
};

/** One with umlauts and signs, for what is looked at. */
export const deal = {
  name: 'Kälte & Logistik',
  customer: {
    name: 'Grünwald & Cie',
    address: { addressLine1: 'Ringstraße 8', city: 'Wien', postalCode: '1010', country: 'AT' },
  } as never,
  solutions: ['SOL-70421-QLM'],
  value: 80_000,
  currency: 'EUR',
  closingDate: '2027-05-14',
};
