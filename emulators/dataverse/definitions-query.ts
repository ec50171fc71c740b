/**
 * $select, $filter and $expand over metadata objects.
 * Microsoft Learn: "Query table definitions using the Web API": MetadataId always comes along,
 * complex properties are filtered through `/Value`, enums need their type prefix, labels can't be
 * filtered.
 */
import { noSuchProperty, NotModelledError, unreadable } from './errors';
import type { MetadataObject } from './definitions-json';
import { parseFilter, type Expression } from './filter-parse';
import { splitOutside } from './url';

const modelled = new Set(['$select', '$filter', '$expand']);

export function project(object: MetadataObject, options: ReadonlyMap<string, string>): MetadataObject {
  for (const name of options.keys())
    if (!modelled.has(name)) throw new NotModelledError(`query option ${name} on metadata`);
  const select = options.get('$select');
  const names = select === undefined ? undefined : select.split(',').map((each) => each.trim());
  const unknown = names?.find((name) => !(name in object) && !(`+${name}` in object));
  // A property of a derived type is known only after a cast.
  if (unknown !== undefined) throw noSuchProperty(unknown, 'MetadataBase');
  const kept = Object.keys(object).filter((name) => {
    if (name.startsWith('+')) return false;
    return names === undefined || name === 'MetadataId' || name.startsWith('@') || names.includes(name);
  });
  const members = Object.fromEntries(kept.map((name) => [name, object[name]]));
  return { ...members, ...expanded(object, options.get('$expand')) };
}

function expanded(object: MetadataObject, text: string | undefined): MetadataObject {
  if (text === undefined) return {};
  const entries = splitOutside(text, ',').map((item) => {
    const open = item.indexOf('(');
    const name = (open < 0 ? item : item.slice(0, open)).trim();
    if (!(`+${name}` in object)) throw noSuchProperty(name, 'MetadataBase');
    const inside = open < 0 ? '' : item.slice(open + 1, item.lastIndexOf(')'));
    const nested = new Map(
      splitOutside(inside, ';')
        .filter(Boolean)
        .map((each) => {
          const equals = each.indexOf('=');
          return [each.slice(0, equals).trim(), each.slice(equals + 1)] as const;
        }),
    );
    const value = object[`+${name}`];
    if (Array.isArray(value))
      return [name, filterObjects(value as MetadataObject[], nested).map((each) => project(each, nested))];
    return [name, value === null ? null : project(value as MetadataObject, nested)];
  });
  return Object.fromEntries(entries) as MetadataObject;
}

export function filterObjects(
  objects: readonly MetadataObject[],
  options: ReadonlyMap<string, string>,
): MetadataObject[] {
  const text = options.get('$filter');
  if (text === undefined) return [...objects];
  // `Microsoft.Dynamics.CRM.OwnershipTypes'UserOwned'` compares with the enum member's name.
  const expression = parseFilter(text.replace(/Microsoft\.Dynamics\.CRM\.\w+('[^']*')/g, '$1'), options);
  return objects.filter((object) => matches(object, expression));
}

function matches(object: MetadataObject, expression: Expression): boolean {
  switch (expression.kind) {
    case 'and':
      return matches(object, expression.left) && matches(object, expression.right);
    case 'or':
      return matches(object, expression.left) || matches(object, expression.right);
    case 'not':
      return !matches(object, expression.inner);
    case 'compare': {
      const same = read(object, expression.path) === expression.value;
      if (expression.operator === 'eq') return same;
      if (expression.operator === 'ne') return !same;
      throw new NotModelledError(`metadata $filter with ${expression.operator}`);
    }
    default:
      throw new NotModelledError('functions in a metadata $filter');
  }
}

function read(object: MetadataObject, path: string): unknown {
  const [name = '', member, ...more] = path.split('/');
  if (!(name in object) || more.length > 0) throw noSuchProperty(path, 'MetadataBase');
  const value = object[name];
  if (member === undefined) {
    if (typeof value === 'object' && value !== null) throw unreadable(`'${path}' can't be filtered as a whole.`);
    return value;
  }
  if (typeof value !== 'object' || value === null || !(member in value)) throw noSuchProperty(path, 'MetadataBase');
  return (value as MetadataObject)[member];
}
