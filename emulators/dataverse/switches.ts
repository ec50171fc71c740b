/**
 * Everything that Microsoft's documents leave open, as a switch with a stated default.
 *
 * A client is right only if it is right under both positions; tests turn them. Nothing documented
 * is a switch, so that the documented behaviour can't be turned off by accident.
 */
export interface DataverseSwitches {
  /** If-Match on a part of a change set: honoured, or refused with 400. UNVERIFIED. Default accept. */
  conditionsInChangeSet: 'accept' | 'refuse';
  /** Do representations answered inside a change set carry the new etag? UNVERIFIED. Default on. */
  etagInChangeSetAnswers: 'on' | 'off';
  /** Change-tracking reads as parts of a batch. UNVERIFIED. Default accept. */
  deltaInBatch: 'accept' | 'refuse';
  /** WinOpportunity and LoseOpportunity as parts of a change set. UNVERIFIED. Default accept. */
  winLoseInChangeSet: 'accept' | 'refuse';
  /** Status of a batch that stops at an error. Documented sample: 400; `inner` repeats the part's status. */
  batchFailureStatus: 'fixed400' | 'inner';
  /** Several rows whose alternate key column is empty. UNVERIFIED. Default allow. */
  emptyKeySideBySide: 'allow' | 'refuse';
  /** HTTP status of ExpiredVersionStamp and "isn't enabled for change tracking". UNVERIFIED. Default 400. */
  ctStatus: 400 | 410;
  /** Does a delta show a row of which only columns outside $select changed? Row versions suggest yes. UNVERIFIED. */
  unselectedColumnChangesSurface: 'on' | 'off';
  /** Are deletions after all other rows, also across pages ("usually")? Default on; off mixes them by version. */
  deletesLast: 'on' | 'off';
  /** A row deleted and created again with the same id: is its deletion still reported? UNVERIFIED. Default off. */
  staleDeleteOfRecreatedRow: 'on' | 'off';
  /** The delta after a read shows that read's last row once more, as Microsoft's own sample does. Default off. */
  deltaDuplicateRow: 'on' | 'off';
  /** Leaves the delta link off the last page (defect reported for v8.2, powerapps-docs issue 439). Default off. */
  deltaLinkMissingOnLastPage: 'on' | 'off';
  /** Is change tracking on for opportunity? UNVERIFIED out of the box; Microsoft's exports show it on. */
  opportunityChangeTracking: 'on' | 'off';
  /** Days that deletions stay known; reads and writes the organization's `expirechangetrackingindays`. Documented 7. */
  retentionDays: number;
  /** Are won and lost opportunities read-only? UNVERIFIED (one article names quote, order and invoice only). Default off. */
  wonLostReadOnly: 'on' | 'off';
  /** Are qualified leads read-only, as their form is? UNVERIFIED. Default off. */
  qualifiedReadOnly: 'on' | 'off';
  /** May a closed opportunity be reopened by PATCH of statecode 0? UNVERIFIED. Default on. */
  reopenByPatch: 'on' | 'off';
  /** Does Sales fill customerid from parentaccountid when only that is given? UNVERIFIED. Default off. */
  customerDerivedFromParent: 'on' | 'off';
  /** Money written without a currency: the base currency is taken, or 400 0x80048cfb. Default base. */
  defaultCurrencyForApplicationUser: 'base' | 'refuse';
  /** PATCH or DELETE with an If-Match etag on a row that does not exist. UNVERIFIED. Default 404. */
  ifMatchOnMissing: 404 | 412;
  /** Is an empty text stored as null? Field experience, UNVERIFIED. Default on. */
  emptyTextBecomesNull: 'on' | 'off';
  /** Last day of a date column: the SDK's MaxSupportedValue by experience, or its database's. UNVERIFIED. Default 9999-12-30. */
  lastDay: '9999-12-30' | '9999-12-31';
  /** Do comparisons of text ignore accents as well as case (depends on the database's collation)? Default off. */
  accentInsensitive: 'on' | 'off';
  /** The front end is down: every request gets a gateway's 503 as an HTML page. Default off. */
  htmlErrors: 'on' | 'off';
  /** The application user and people signed in by cookie need their roles' privileges. Default off. */
  enforcePrivileges: 'on' | 'off';
  /** The roles of the application user, by name, while privileges are enforced. */
  applicationRoles: string[];
  /** Does a row's owner reach its children by cascade of reparent, whoever owns them? Extent UNVERIFIED. Default off. */
  parentOwnerInheritsAccess: 'on' | 'off';
  /** How many polls see a solution import still running. Default 1. */
  importPolls: number;
  /** Service protection limits. */
  limits: LimitSwitches;
}

/** Microsoft Learn: "Service protection API limits". Off by default, headers are sent anyway. */
export interface LimitSwitches {
  enforce: 'on' | 'off';
  requests: number;
  windowSeconds: number;
  executionMilliseconds: number;
  concurrency: number;
  /** What one operation is taken to cost of the execution time; a batch costs the sum of its operations. */
  millisecondsPerOperation: number;
  /** Does a batch count as one request or as each of its operations? UNVERIFIED. Default one. */
  batchCounts: 'one' | 'each';
  /** Real milliseconds that each answer takes (for measurements of parallelism). Default 0. */
  latencyMilliseconds: number;
}

export function defaultSwitches(): DataverseSwitches {
  return {
    conditionsInChangeSet: 'accept',
    etagInChangeSetAnswers: 'on',
    deltaInBatch: 'accept',
    winLoseInChangeSet: 'accept',
    batchFailureStatus: 'fixed400',
    emptyKeySideBySide: 'allow',
    ctStatus: 400,
    unselectedColumnChangesSurface: 'on',
    deletesLast: 'on',
    staleDeleteOfRecreatedRow: 'off',
    deltaDuplicateRow: 'off',
    deltaLinkMissingOnLastPage: 'off',
    opportunityChangeTracking: 'on',
    retentionDays: 7,
    wonLostReadOnly: 'off',
    qualifiedReadOnly: 'off',
    reopenByPatch: 'on',
    customerDerivedFromParent: 'off',
    defaultCurrencyForApplicationUser: 'base',
    ifMatchOnMissing: 404,
    emptyTextBecomesNull: 'on',
    lastDay: '9999-12-30',
    accentInsensitive: 'off',
    htmlErrors: 'off',
    enforcePrivileges: 'off',
    applicationRoles: ['Co-sell Integration'],
    parentOwnerInheritsAccess: 'off',
    importPolls: 1,
    limits: {
      enforce: 'off',
      requests: 6000,
      windowSeconds: 300,
      executionMilliseconds: 1_200_000,
      concurrency: 52,
      millisecondsPerOperation: 20,
      batchCounts: 'one',
      latencyMilliseconds: 0,
    },
  };
}
