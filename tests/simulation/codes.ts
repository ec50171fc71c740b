/** Option values of the solution's choices, written down once more: the oracle does not ask the worker what they mean. */
export const rowState = {
  notShared: 489_100_000,
  syncing: 489_100_001,
  synced: 489_100_002,
  onHold: 489_100_003,
  needsAttention: 489_100_004,
  paused: 489_100_005,
  closed: 489_100_006,
  crmRecordDeleted: 489_100_007,
  archived: 489_100_008,
} as const;
export const outcome = {
  applied: 489_100_000,
  noChange: 489_100_001,
  filtered: 489_100_002,
  parked: 489_100_003,
  conflict: 489_100_004,
  putBack: 489_100_005,
  notSent: 489_100_006,
} as const;
export const requestedAction = {
  accept: 489_100_000,
  decline: 489_100_001,
  linkToExisting: 489_100_002,
  shareAgain: 489_100_003,
  syncNow: 489_100_004,
} as const;
export const helpWorkshop = 489_100_001;
export const statusReason = { inProgress: 1, onHold: 2 } as const;
