/**
 * Users, contacts and accounts as the deal's people and customer. Pure.
 */
import { toIsoCountry } from '../../../domain/countries';
import { contactPerson as contactFrom, userPerson as userFrom } from '../../../domain/crm-people';
import { customerSizeFor } from '../../../domain/customer-size';
import type { Address, Customer, Person } from '../../../domain/deal';
import { numberOf, textOf, type Row } from './odata';

export function accountColumns(countryColumn: string, dunsColumn: string | null): string[] {
  return [
    'accountid',
    'name',
    'address1_line1',
    'address1_line2',
    'address1_city',
    'address1_stateorprovince',
    'address1_postalcode',
    countryColumn,
    'numberofemployees',
    ...(dunsColumn ? [dunsColumn] : []),
  ];
}

export const userPerson = (row: Row): Person => userFrom((column) => textOf(row, column));
export const contactPerson = (row: Row): Person => contactFrom((column) => textOf(row, column));

export function accountCustomer(row: Row, countryColumn: string, dunsColumn: string | null): Customer {
  return {
    name: textOf(row, 'name'),
    address: address(row, countryColumn),
    size: sizeOf(row),
    duns: dunsColumn ? textOf(row, dunsColumn).replace(/[^0-9]/g, '') : '',
  };
}

/** A lead is its own customer until it is qualified. */
export function leadCustomer(row: Row): Customer | null {
  const name = textOf(row, 'companyname');
  const where = address(row, 'address1_country');
  return name === '' && Object.values(where).every((part) => part === '')
    ? null
    : { name, address: where, size: sizeOf(row), duns: '' };
}

function sizeOf(row: Row): string | null {
  const employees = numberOf(row, 'numberofemployees');
  return employees === null ? null : customerSizeFor(employees) || null;
}

/** The country as ISO code where the text names one; otherwise the text, so that validation can show it. */
function address(row: Row, countryColumn: string): Address {
  const country = textOf(row, countryColumn);
  return {
    line1: textOf(row, 'address1_line1'),
    line2: textOf(row, 'address1_line2'),
    city: textOf(row, 'address1_city'),
    state: textOf(row, 'address1_stateorprovince'),
    postalCode: textOf(row, 'address1_postalcode'),
    country: toIsoCountry(country) ?? country,
  };
}
