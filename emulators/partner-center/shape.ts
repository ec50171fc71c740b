/**
 * Reads a body the way the service's model binder does: names in any letter case, unknown names
 * dropped, known ones checked for their JSON type. Gives back canonical camelCase names only.
 */
import { invalid } from './refusal';

export type Shape =
  | 'text'
  | 'flag'
  | 'number'
  | 'anything'
  | { readonly fields: Readonly<Record<string, Shape>> }
  | { readonly items: Shape };

export type Draft = Record<string, unknown>;

const person: Shape = {
  fields: {
    firstName: 'text',
    lastName: 'text',
    phoneNumber: 'text',
    email: 'text',
    title: 'text',
    linkedInProfileUrl: 'text',
    contactPreference: { fields: { locale: 'text', disableNotifications: 'flag' } },
  },
};
const solution: Shape = {
  fields: {
    id: 'text',
    name: 'text',
    type: 'text',
    price: 'number',
    quantity: 'number',
    currency: 'text',
    publisherName: 'text',
    solutionType: 'text',
    closingDateTime: 'text',
  },
};
const tags: Shape = { items: { fields: { id: 'text' } } };
const attributes: Shape = { items: { fields: { type: 'text', id: 'text' } } };

/** What a caller may say about a referral; server fields are listed below. */
export const writableShape: Shape = {
  fields: {
    engagementId: 'text',
    name: 'text',
    externalReferenceId: 'text',
    status: 'text',
    substatus: 'text',
    statusReason: 'text',
    type: 'text',
    qualification: 'text',
    favorite: 'flag',
    campaignId: 'text',
    salesStage: 'text',
    mpnId: 'text',
    referralProgram: 'text',
    target: { items: { fields: { type: 'text', id: 'text' } } },
    customerProfile: {
      fields: {
        name: 'text',
        size: 'text',
        address: {
          fields: {
            addressLine1: 'text',
            addressLine2: 'text',
            city: 'text',
            state: 'text',
            postalCode: 'text',
            country: 'text',
            region: 'text',
          },
        },
        team: { items: person },
        ids: { items: { fields: { profileType: 'text', id: 'text' } } },
      },
    },
    consent: {
      fields: {
        consentToToShareInfoWithOthers: 'flag',
        consentToContact: 'flag',
        consentToShareReferralWithMicrosoftSellers: 'flag',
        consentToMicrosoftToContactSpecificPartners: 'flag',
      },
    },
    details: {
      fields: {
        notes: 'text',
        dealValue: 'number',
        currency: 'text',
        closingDateTime: 'text',
        customerRequestedContact: 'flag',
        customerAction: 'text',
        requirements: {
          fields: {
            industries: tags,
            products: tags,
            services: tags,
            salesPlays: tags,
            offers: tags,
            solutions: { items: solution },
            additionalRequirements: {
              fields: {
                iot: {
                  fields: {
                    customerLicenseAgreementNumber: 'text',
                    deviceCategory: 'text',
                    siliconType: 'text',
                    azureCertifiedDevice: 'flag',
                    attachServices: 'flag',
                  },
                },
                attributes,
              },
            },
          },
        },
      },
    },
    team: { items: person },
    inviteContext: { fields: { notes: 'text', assistanceRequestCode: 'text', invitedMpnId: 'text' } },
  },
};

export const personShape = person;
export const solutionShape = solution;
export const attributesShape = attributes;

const serverFields = new Set(
  (
    'id organizationid organizationname createddatetime updateddatetime expirationdatetime accepteddatetime ' +
    'closeddatetime etag direction quality isspam tags registrationstatus registrations links trackinginfo ' +
    'dealsensitivity createdvia lastmodifiedvia lastrunid referralsource calltoaction'
  ).split(' '),
);

/** Names of server fields in a body, as the caller spelled them. */
export function serverFieldsIn(body: Draft): string[] {
  return Object.keys(body).filter((name) => serverFields.has(name.toLowerCase()));
}

export interface ReadOptions {
  readonly numbersAsText: boolean;
}

/** Throws 400 invalidType with the JSON path of the first value of a wrong type. */
export function read(value: unknown, shape: Shape, path: string, options: ReadOptions): unknown {
  if (value === null || value === undefined || shape === 'anything') return value;
  if (typeof shape === 'string') return readScalar(value, shape, path, options);
  if ('items' in shape) {
    if (!Array.isArray(value)) throw wrongType(path, 'an array');
    return value.map((item, index) => read(item, shape.items, `${path}[${index}]`, options) ?? wrongItem(path, index));
  }
  if (typeof value !== 'object' || Array.isArray(value)) throw wrongType(path, 'an object');
  return readFields(value as Draft, shape.fields, path, options);
}

function readFields(value: Draft, fields: Readonly<Record<string, Shape>>, path: string, options: ReadOptions): Draft {
  const canonical = new Map(Object.keys(fields).map((name) => [name.toLowerCase(), name]));
  const result: Draft = {};
  for (const [given, item] of Object.entries(value)) {
    const name = canonical.get(given.toLowerCase());
    const shape = name === undefined ? undefined : fields[name];
    if (name === undefined || shape === undefined || item === undefined) continue;
    result[name] = read(item, shape, path === '' ? name : `${path}.${name}`, options);
  }
  return result;
}

function readScalar(
  value: unknown,
  shape: 'text' | 'flag' | 'number' | 'anything',
  path: string,
  options: ReadOptions,
): unknown {
  if (shape === 'text' && typeof value !== 'string') throw wrongType(path, 'a string');
  if (shape === 'flag' && typeof value !== 'boolean') throw wrongType(path, 'a boolean');
  if (shape !== 'number' || typeof value === 'number') return value;
  const isNumeric = typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value.trim());
  if (!isNumeric || !options.numbersAsText) throw wrongType(path, 'a number');
  return Number(value);
}

function wrongType(path: string, wanted: string): Error {
  return invalid('invalidType', path, `${path} must be ${wanted}.`);
}

function wrongItem(path: string, index: number): never {
  throw wrongType(`${path}[${index}]`, 'an object');
}

/** Value at a dotted path; undefined where the path ends early. */
export function at(draft: unknown, path: string): unknown {
  let value: unknown = draft;
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Draft)[name];
  }
  return value;
}
