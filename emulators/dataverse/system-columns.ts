/**
 * The columns that the platform adds to every table of a kind: who, when, version, owner.
 *
 * One list for out-of-box and imported tables alike, so that an imported table that ships no
 * system columns looks the same as one that does. Source: Microsoft Learn, table reference pages
 * ("Read-only columns/attributes" sections, for example Opportunity and Connection).
 */
import { bigInteger, dateTime, guid, integer, lookup, noCascade, readOnly, type LookupSpec } from './columns';
import type { Column } from './types';

export function standardColumns(): Column[] {
  return [
    dateTime('createdon', { ...readOnly, label: 'Created On' }),
    dateTime('modifiedon', { ...readOnly, label: 'Modified On' }),
    // Sets createdon while data is migrated; may be given only on create.
    dateTime('overriddencreatedon', { validForUpdate: false, label: 'Record Created On' }),
    bigInteger('versionnumber', { ...readOnly, label: 'Version Number' }),
    integer('importsequencenumber', -2147483648, 2147483647, { validForUpdate: false }),
    integer('timezoneruleversionnumber', -1, 2147483647),
    integer('utcconversiontimezonecode', -1, 2147483647),
  ];
}

export function standardLookups(): LookupSpec[] {
  return ['createdby', 'modifiedby', 'createdonbehalfby', 'modifiedonbehalfby'].map((name) =>
    lookup(name, ['systemuser'], readOnly),
  );
}

export function ownerLookups(): LookupSpec[] {
  return [
    lookup(
      'ownerid',
      [
        { table: 'systemuser', cascades: noCascade },
        { table: 'team', cascades: noCascade },
      ],
      {
        required: 'SystemRequired',
        label: 'Owner',
      },
    ),
    lookup('owningbusinessunit', [{ table: 'businessunit', cascades: noCascade }], readOnly),
    lookup('owninguser', ['systemuser'], readOnly),
    lookup('owningteam', ['team'], readOnly),
  ];
}

/** Money tables keep the rate that was used; precision 12 (Microsoft Learn: Opportunity table reference). */
export function currencyColumns(): Column[] {
  return [
    {
      name: 'exchangerate',
      schemaName: 'exchangerate',
      label: 'Exchange Rate',
      type: 'Decimal',
      required: 'None',
      validForCreate: false,
      validForUpdate: false,
      custom: false,
      min: 0,
      max: 100_000_000_000,
      precision: 12,
    },
  ];
}

export function processColumns(): Column[] {
  return [guid('processid'), guid('stageid')];
}
