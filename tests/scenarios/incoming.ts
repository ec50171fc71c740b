/** A deal that Microsoft sends, of a customer whom the CRM does not have. */
export const incoming = {
  name: 'Herein',
  customer: { name: 'Neu AG', address: { addressLine1: 'a', city: 'b', postalCode: '1', country: 'DE' } } as never,
  solutions: ['SOL-70421-QLM'],
  value: 9,
  currency: 'EUR',
  closingDate: '2027-03-03',
};
