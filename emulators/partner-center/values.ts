/**
 * Rules about single values, shared by create, patch and replace. Each throws the 400 that names the
 * JSON path; none looks at state.
 */
import type { Catalogue } from './catalogue';
import { assistanceCodes, isCurrency, profileTypes, solutionTypes } from './enumerations';
import { invalid, required } from './refusal';
import { parseInstant } from './time';
import type { Person, Solution } from './types';

export const isText = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '';

export function checkEnum(value: unknown, allowed: ReadonlySet<string>, path: string): void {
  if (value === null || value === undefined) return;
  if (typeof value !== 'string' || !allowed.has(value)) {
    throw invalid('invalidEnum', path, `${String(value)} is not a known value of ${path}.`);
  }
}

export function checkDealValue(value: unknown, path: string): number {
  if (value === null || value === undefined) throw required(path);
  if (typeof value !== 'number' || !Number.isFinite(value) || value <= 0) {
    throw invalid('invalidDealValue', path, 'The deal value must be a number above 0.');
  }
  return value;
}

export function checkCurrency(value: unknown, path: string): string {
  if (!isText(value)) throw required(path);
  if (!isCurrency(value)) throw invalid('invalidCurrency', path, `${value} is not an ISO 4217 code.`);
  return value;
}

/** Canonical form of a date-time; the service keeps the instant, not the text. */
export function checkInstant(value: unknown, path: string): string {
  if (!isText(value)) throw required(path);
  const parsed = parseInstant(value);
  if (parsed === undefined) throw invalid('invalidDateTime', path, `${path} is not a UTC date-time.`);
  return parsed;
}

const fourFields = ['firstName', 'lastName', 'phoneNumber', 'email'] as const;

export function isComplete(person: Partial<Person>): boolean {
  return fourFields.every((name) => isText(person[name]));
}

/** Own sellers: one to fifty, each with first name, last name, phone and e-mail. */
export function checkSellers(team: readonly Partial<Person>[], path: string): void {
  if (team.length === 0) throw required(`${path}[0]`);
  if (team.length > 50) throw invalid('tooMany', path, 'A deal has at most 50 team members.');
  team.forEach((member, index) => checkSeller(member, `${path}[${index}]`));
}

export function checkSeller(member: Partial<Person>, path: string): void {
  const missing = fourFields.find((name) => !isText(member[name]));
  if (missing) throw invalid('personIncomplete', `${path}.${missing}`, 'A team member needs name, phone and e-mail.');
  checkEmail(member.email, `${path}.email`);
}

export function checkEmail(email: unknown, path: string): void {
  if (isText(email) && !/^[^@\s]+@[^@\s]+$/.test(email.trim())) {
    throw invalid('invalidEmail', path, `${path} is not an e-mail address.`);
  }
}

export function checkSolutions(solutions: readonly Partial<Solution>[], path: string, catalogue: Catalogue): void {
  if (solutions.length === 0) throw required(`${path}[0]`);
  if (solutions.length > 50) throw invalid('tooMany', path, 'A deal has at most 50 solutions.');
  solutions.forEach((solution, index) => checkSolution(solution, `${path}[${index}]`, catalogue));
}

export function checkSolution(solution: Partial<Solution>, path: string, catalogue: Catalogue): void {
  if (!isText(solution.id)) throw invalid('requiredField', `${path}.id`, 'Solution ID is required.');
  checkEnum(solution.type, solutionTypes, `${path}.type`);
  if (solution.currency != null) checkCurrency(solution.currency, `${path}.currency`);
  if (!catalogue.accepts(solution.id, solution.type)) {
    throw invalid('unknownSolution', `${path}.id`, `No co-sell solution has the id ${solution.id}.`);
  }
}

export function checkAssistanceCode(value: unknown, path: string): void {
  checkEnum(value, assistanceCodes, path);
}

export function checkProfileId(entry: { profileType?: unknown; id?: unknown }, path: string): void {
  checkEnum(entry.profileType, profileTypes, `${path}.profileType`);
  if (entry.profileType === 'Duns' && !/^(\d{9})?$/.test(String(entry.id ?? ''))) {
    throw invalid('invalidDuns', `${path}.id`, 'A D-U-N-S number has nine digits.');
  }
}
