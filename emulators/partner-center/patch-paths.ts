/**
 * The paths that a JSON Patch may name, with the rule for each value. The eighteen are those of
 * Microsoft's own connector (PartnerCenterReferrals swagger file); `name` and the attributes follow
 * the portal; the rest opens only with the switch `patch.extraPaths` = all.
 */
import { fullPerson } from './build';
import type { Catalogue } from './catalogue';
import { qualifications, referralTypes, statuses, substatuses } from './enumerations';
import { invalid } from './refusal';
import { attributesShape, personShape, read, solutionShape, writableShape, type Shape } from './shape';
import type { Switches } from './switches';
import type { Person, Solution } from './types';
import * as rules from './values';

export interface PathContext {
  readonly switches: Switches;
  readonly catalogue: Catalogue;
}

export interface PatchPath {
  /** As documented; a trailing `-` appends. */
  readonly path: string;
  readonly group: 'connector' | 'name+attributes' | 'all';
  /** Gives back the value to store or throws 400. */
  readonly accept: (value: unknown, target: string, context: PathContext) => unknown;
}

type Accept = PatchPath['accept'];

const typed =
  (shape: Shape, check?: (value: unknown, target: string, context: PathContext) => unknown): Accept =>
  (value, target, context) => {
    const options = { numbersAsText: context.switches['patch.stringNumbers'] === 'accept' };
    const checked = read(value, shape, target, options);
    return check ? check(checked, target, context) : checked;
  };

const text = typed('text');
const oneOf = (allowed: ReadonlySet<string>): Accept =>
  typed('text', (value, target) => {
    if (!rules.isText(value)) throw invalid('requiredField', target, `${target} is required.`);
    rules.checkEnum(value, allowed, target);
    return value;
  });
const contacts = (value: unknown, target: string): Person[] => {
  const list = (value ?? []) as Partial<Person>[];
  list.forEach((contact, index) => rules.checkEmail(contact.email, `${target}[${index}].email`));
  return list.map(fullPerson);
};
const contact = (value: unknown, target: string): Person => {
  if (value == null) throw invalid('invalidType', target, `${target} must be an object.`);
  rules.checkEmail((value as Partial<Person>).email, `${target}.email`);
  return fullPerson(value as Partial<Person>);
};
const seller = (value: unknown, target: string): Person => {
  const person = contact(value, target);
  rules.checkSeller(person, target);
  return person;
};
const sellers = (value: unknown, target: string): Person[] => {
  const team = (value ?? []) as Partial<Person>[];
  rules.checkSellers(team, target);
  return team.map(fullPerson);
};
const solution = (value: unknown, target: string, { catalogue }: PathContext): Solution => {
  const given = (value ?? {}) as Partial<Solution>;
  rules.checkSolution(given, target, catalogue);
  return catalogue.complete(given as Partial<Solution> & { id: string });
};
const solutions = (value: unknown, target: string, { catalogue }: PathContext): Solution[] => {
  const given = (value ?? []) as Partial<Solution>[];
  rules.checkSolutions(given, target, catalogue);
  return given.map((one) => catalogue.complete(one as Partial<Solution> & { id: string }));
};
const shapeAt = (...names: string[]): Shape =>
  names.reduce<Shape>((shape, name) => {
    const inner = typeof shape === 'object' && 'fields' in shape ? shape.fields[name] : undefined;
    if (inner === undefined) throw new Error(`No field ${names.join('/')}`);
    return inner;
  }, writableShape);

const attributes = '/details/requirements/additionalRequirements/attributes';

const connector: Readonly<Record<string, Accept>> = {
  '/campaignId': text,
  '/consent/consentToShareReferralWithMicrosoftSellers': typed('flag', (value, target) => {
    if (typeof value !== 'boolean') throw invalid('invalidType', target, `${target} must be a boolean.`);
    return value;
  }),
  '/customerProfile/team': typed({ items: personShape }, contacts),
  '/customerProfile/team/-': typed(personShape, contact),
  '/details/closingDateTime': typed('text', rules.checkInstant),
  '/details/currency': typed('text', rules.checkCurrency),
  '/details/dealValue': typed('number', rules.checkDealValue),
  '/details/notes': text,
  '/details/requirements/solutions': typed({ items: solutionShape }, solutions),
  '/details/requirements/solutions/-': typed(solutionShape, solution),
  '/externalReferenceId': text,
  '/referralProgram': text,
  '/salesStage': text,
  '/status': oneOf(statuses),
  '/substatus': oneOf(substatuses),
  '/statusReason': text,
  '/team': typed({ items: personShape }, sellers),
  '/team/-': typed(personShape, seller),
};

const nameAndAttributes: Readonly<Record<string, Accept>> = {
  '/name': typed('text', (value, target) => {
    if (!rules.isText(value)) throw invalid('requiredField', target, 'A deal needs a name.');
    return value;
  }),
  [attributes]: typed(attributesShape, (value) => value ?? []),
  [`${attributes}/-`]: typed({ fields: { type: 'text', id: 'text' } }),
};

const others: Readonly<Record<string, Accept>> = {
  '/type': oneOf(referralTypes),
  '/qualification': oneOf(qualifications),
  '/favorite': typed('flag'),
  '/mpnId': text,
  '/target': typed(shapeAt('target'), (value) => value ?? []),
  '/inviteContext/notes': text,
  '/inviteContext/assistanceRequestCode': typed('text', (value, target) => {
    rules.checkAssistanceCode(value, target);
    return value;
  }),
  '/customerProfile/name': text,
  '/customerProfile/size': text,
  '/customerProfile/ids': typed(shapeAt('customerProfile', 'ids'), (value) => value ?? []),
  ...Object.fromEntries(
    ['addressLine1', 'addressLine2', 'city', 'state', 'postalCode', 'country', 'region'].map((name) => [
      `/customerProfile/address/${name}`,
      text,
    ]),
  ),
};

const groups = { connector, 'name+attributes': nameAndAttributes, all: others } as const;

export const patchPaths: readonly PatchPath[] = Object.entries(groups).flatMap(([group, paths]) =>
  Object.entries(paths).map(([path, accept]) => ({ path, group: group as PatchPath['group'], accept })),
);

const byName = new Map(patchPaths.map((entry) => [entry.path.toLowerCase(), entry]));

/** Undefined when the switch keeps the path closed or nobody ever named it. */
export function findPath(path: string, switches: Switches): PatchPath | undefined {
  const found = byName.get(path.toLowerCase());
  const extra = switches['patch.extraPaths'];
  if (found?.group === 'name+attributes' && extra === 'none') return undefined;
  return found?.group === 'all' && extra !== 'all' ? undefined : found;
}
