/** Names of the events a partner can subscribe to. Microsoft Learn: "Partner Center webhook events". */
export const referralEvents = [
  'referral-created',
  'referral-updated',
  'related-referral-created',
  'related-referral-updated',
] as const;

export type EventName = (typeof referralEvents)[number] | 'test-created';

/** What GET .../registration/events lists; the foreign ones belong to other products of the partner. */
export const subscribableEvents: readonly string[] = [
  'azure-fraud-event-detected',
  'granular-admin-relationship-approved',
  'invoice-ready',
  ...referralEvents,
  'subscription-updated',
  'test-created',
];
