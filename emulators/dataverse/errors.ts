/**
 * What Dataverse says when it refuses: HTTP status, platform code and message.
 *
 * One function per refusal, so that a code is written once. Statuses that no stored page states are
 * marked UNVERIFIED. Sources: Microsoft Learn "Troubleshoot Dataverse Web API client errors",
 * "Compose HTTP requests and handle errors", "Web service error codes".
 */
export class DataverseError extends Error {
  override readonly name = 'DataverseError';

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}

/** Something that the emulator leaves out on purpose: answered with 501 and its name. */
export class NotModelledError extends Error {
  override readonly name = 'NotModelledError';
}

const bad = (code: string, message: string): DataverseError => new DataverseError(400, code, message);

export const unreadable = (detail: string): DataverseError =>
  bad(
    '0x80048d19',
    `Error identified in Payload provided by the user for Entity :'', For more information on this error please follow this help link https://go.microsoft.com/fwlink/?linkid=2195293  ----> ${detail}`,
  );

export const invalidProperty = (property: string, table: string): DataverseError =>
  bad(
    '0x0',
    `An error occurred while validating input parameters: Microsoft.OData.ODataException: Invalid property '${property}' was found in entity 'Microsoft.Dynamics.CRM.${table}'.`,
  );

export const noSuchProperty = (property: string, table: string): DataverseError =>
  bad('0x0', `Could not find a property named '${property}' on type 'Microsoft.Dynamics.CRM.${table}'.`);

export const undeclaredProperty = (property: string): DataverseError =>
  unreadable(
    `An undeclared property '${property}' which only has property annotations in the payload but no property value was found in the payload. In OData, only declared navigation properties and declared named streams can be represented as properties without values.`,
  );

export const rowMissing = (table: string, id: string): DataverseError =>
  new DataverseError(404, '0x80040217', `${table} With Id = ${id} Does Not Exist`);

export const keyMissing = (table: string): DataverseError =>
  new DataverseError(404, '0x80060891', `A record with the specified key values does not exist in ${table} entity`);

/** Status UNVERIFIED. Microsoft Learn: "Use an alternate key to reference a record" */
export const badKey = (table: string): DataverseError =>
  bad(
    '0x0',
    `The key in the request URI is not valid for resource 'Microsoft.Dynamics.CRM.${table}'. Ensure that the names and number of key properties match the declared or alternate key properties for the resource 'Microsoft.Dynamics.CRM.${table}'.`,
  );

export const noSegment = (segment: string): DataverseError =>
  new DataverseError(404, '0x8006088a', `Resource not found for the segment '${segment}'.`);

/** Wrong method on an action or function: empty code (Microsoft Learn: "Troubleshoot Dataverse Web API client errors"). */
export const noResource = (url: string): DataverseError =>
  new DataverseError(404, '', `No HTTP resource was found that matches the request URI '${url}'.`);

export const methodNotAllowed = (method: string): DataverseError =>
  new DataverseError(405, '0x80060888', `The requested resource does not support http method '${method}'.`);

export const versionMismatch = (): DataverseError =>
  new DataverseError(
    412,
    '0x80060882',
    "The version of the existing record doesn't match the RowVersion property provided.",
  );

export const noConcurrency = (table: string): DataverseError =>
  bad(
    '0x8006088d',
    `Optimistic concurrency isn't enabled for entity type ${table}. The IfVersionMatches value of ConcurrencyBehavior can only be used if optimistic concurrency is enabled.`,
  );

export const duplicateRow = (): DataverseError =>
  new DataverseError(412, '0x80040237', 'A record with matching key values already exists.');

export const keyViolated = (key: string, columns: string): DataverseError =>
  new DataverseError(
    412,
    '0x80060892',
    `Entity Key ${key} violated. A record with the same value for ${columns} already exists. A duplicate record cannot be created. Select one or more unique values and try again.`,
  );

/** Two blanks after "occurred." as in Microsoft's batch sample. */
export const tooLong = (table: string, column: string, max: number): DataverseError =>
  bad(
    '0x80044331',
    `A validation error occurred.  The length of the '${column}' attribute of the '${table}' entity exceeded the maximum allowed length of '${max}'.`,
  );

export const outOfRange = (table: string, column: string, whole: boolean): DataverseError =>
  bad(
    whole ? '0x8004432f' : '0x80044330',
    `A validation error occurred.  The value of '${column}' on record of type '${table}' is outside the valid range.`,
  );

export const badOption = (table: string, column: string, value: unknown, accepted: string): DataverseError =>
  bad(
    '0x8004431a',
    `A validation error occurred. The value ${String(value)} of '${column}' on record of type '${table}' is outside the valid range. Accepted Values: ${accepted}`,
  );

export const cannotConvert = (value: unknown, type: string): DataverseError =>
  unreadable(`Cannot convert the literal '${String(value)}' to the expected type '${type}'.`);

export const badDate = (): DataverseError =>
  bad(
    '0x80040239',
    'DateTime is less than minumum value supported by CrmDateTime. Actual value is out of range, minimum value supported: 01/01/1753 00:00:00',
  );

export const missingColumn = (table: string, column: string): DataverseError =>
  bad('0x80040200', `Attribute '${column}' of entity '${table}' cannot be NULL.`);

/** Status UNVERIFIED. */
export const badStatus = (status: unknown, state: unknown): DataverseError =>
  bad('0x80048408', `${String(status)} is not a valid status code for state code ${String(state)}.`);

export const deleteBlocked = (table: string): DataverseError =>
  new DataverseError(
    405,
    '0x80040227',
    `The ${table} could not be deleted because it is associated with another record.`,
  );

export const lookupByColumn = (): DataverseError =>
  bad(
    '0x80060888',
    'CRM do not support direct update of Entity Reference properties, Use Navigation properties instead.',
  );

export const unauthorized = (authority: string, resource: string): DataverseError =>
  new DataverseError(401, '', '', {
    'WWW-Authenticate': `Bearer authorization_uri=${authority}, resource_id=${resource}/`,
  });

export const userUnknown = (): DataverseError =>
  new DataverseError(403, '0x80072560', 'The user is not a member of the organization.');

/** Code from general knowledge of the platform (UserDisabled); UNVERIFIED over the Web API. */
export const userDisabled = (): DataverseError =>
  new DataverseError(
    403,
    '0x80040225',
    'The specified user is either disabled or is not a member of any business unit.',
  );

export const noRoles = (): DataverseError =>
  new DataverseError(403, '0x80042f09', 'The user has not been assigned any License or security roles.');

export const privilegeDenied = (privilege: string, user: string): DataverseError =>
  new DataverseError(403, '0x80040220', `Principal user (Id=${user}) is missing ${privilege} privilege.`);

/**
 * The privilege is held, but not deep enough for this row, nor is the row shared. 0x80048306 is the
 * `-2147187962` of the message's older form; which of the two 403 codes goes on the wire is UNVERIFIED.
 */
export const accessDenied = (right: string, row: { table: string; id: string }, user: string): DataverseError =>
  new DataverseError(
    403,
    '0x80048306',
    `Principal with id ${user} does not have ${right} right(s) for record with id ${row.id} of entity ${row.table}.`,
  );

export const badArgument = (message: string): DataverseError => bad('0x80040203', message);

export const closeViaAction = (): DataverseError =>
  bad('0x80100005', 'The opportunity can be closed only with the WinOpportunity and LoseOpportunity messages.');

export const alreadyClosed = (): DataverseError => bad('0x80040515', 'The opportunity has already been closed.');

export const cannotClose = (): DataverseError => bad('0x80040516', 'The opportunity cannot be closed.');

export const alreadyOpen = (): DataverseError => bad('0x8004051a', 'The opportunity is already in the open state.');

export const importFailed = (detail: string): DataverseError => bad('0x80048033', detail);

export const dependenciesMissing = (names: readonly string[]): DataverseError =>
  bad(
    '0x8004801d',
    `Import of the solution failed. The following components are missing in your system and are not included in the solution: ${names.join(', ')}.`,
  );
