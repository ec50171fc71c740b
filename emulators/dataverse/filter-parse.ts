/**
 * `$filter` text -> a tree. Recursive descent over the part of OData that Dataverse documents and a
 * sync client needs; anything else is refused by name.
 *
 * Source: Microsoft Learn "Filter rows using OData".
 */
import { NotModelledError, unreadable } from './errors';
import type { Value } from './types';

export type Comparison = 'eq' | 'ne' | 'gt' | 'ge' | 'lt' | 'le';
export type TextTest = 'contains' | 'startswith' | 'endswith';

export type Expression =
  | { readonly kind: 'and' | 'or'; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'not'; readonly inner: Expression }
  | { readonly kind: 'compare'; readonly operator: Comparison; readonly path: string; readonly value: Value }
  | { readonly kind: 'text'; readonly test: TextTest; readonly path: string; readonly value: string }
  | { readonly kind: 'in'; readonly path: string; readonly values: readonly Value[]; readonly negated: boolean };

const pattern =
  /\s*(?:('(?:[^']|'')*'|"[^"]*")|([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})|(\d{4}-\d{2}-\d{2}(?:T[\d:.]+(?:Z|[+-]\d{2}:\d{2})?)?)|(-?\d+(?:\.\d+)?)|(@\w+)|([A-Za-z_$][\w.]*(?:\/[A-Za-z_][\w]*)*)|([()[\],=:]))/y;

interface Token {
  readonly text: string;
  readonly literal?: Value;
}

export function parseFilter(text: string, aliases: ReadonlyMap<string, string> = new Map()): Expression {
  const parser = new Parser(tokenize(text), aliases);
  const expression = parser.or();
  parser.end();
  return expression;
}

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (text.slice(at).trim() !== '') {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (!match) throw unreadable(`Syntax error at position ${at} in '${text}'.`);
    at = pattern.lastIndex;
    const [, quoted, guid, date, numeral] = match;
    const whole = match[0].trim();
    if (quoted !== undefined) tokens.push({ text: whole, literal: quoted.slice(1, -1).replace(/''/g, "'") });
    else if (guid !== undefined) tokens.push({ text: whole, literal: guid.toLowerCase() });
    else if (date !== undefined) tokens.push({ text: whole, literal: date });
    else if (numeral !== undefined) tokens.push({ text: whole, literal: Number(numeral) });
    else tokens.push(word(whole));
  }
  return tokens;
}

function word(text: string): Token {
  if (text === 'null') return { text, literal: null };
  if (text === 'true' || text === 'false') return { text, literal: text === 'true' };
  return { text };
}

class Parser {
  private at = 0;

  constructor(
    private readonly tokens: readonly Token[],
    private readonly aliases: ReadonlyMap<string, string>,
  ) {}

  or(): Expression {
    let left = this.and();
    while (this.accept('or')) left = { kind: 'or', left, right: this.and() };
    return left;
  }

  end(): void {
    if (this.at < this.tokens.length) this.fail();
  }

  private and(): Expression {
    let left = this.not();
    while (this.accept('and')) left = { kind: 'and', left, right: this.not() };
    return left;
  }

  private not(): Expression {
    if (this.accept('not')) return { kind: 'not', inner: this.not() };
    if (this.accept('(')) {
      const inner = this.or();
      this.expect(')');
      return inner;
    }
    return this.comparison();
  }

  private comparison(): Expression {
    const { text, literal } = this.take();
    if (literal !== undefined) throw new NotModelledError('$filter with a literal on the left');
    if (this.accept('(')) return this.call(text);
    const operator = this.take().text;
    if (!/^(eq|ne|gt|ge|lt|le)$/.test(operator)) throw unreadable(`'${operator}' isn't a comparison.`);
    return { kind: 'compare', operator: operator as Comparison, path: text, value: this.value() };
  }

  private call(name: string): Expression {
    if (name === 'contains' || name === 'startswith' || name === 'endswith') {
      const path = this.take().text;
      this.expect(',');
      const value = this.value();
      this.expect(')');
      if (typeof value !== 'string') throw unreadable(`${name} needs a text.`);
      return { kind: 'text', test: name, path, value };
    }
    if (name === 'Microsoft.Dynamics.CRM.In' || name === 'Microsoft.Dynamics.CRM.NotIn') {
      return this.membership(name.endsWith('NotIn'));
    }
    throw new NotModelledError(`$filter function ${name}`);
  }

  /** `In(PropertyName='x',PropertyValues=['1','2'])`: values are texts whatever the column's type. */
  private membership(negated: boolean): Expression {
    let path: string | undefined;
    let values: Value[] | undefined;
    do {
      const parameter = this.take().text;
      this.expect('=');
      if (parameter === 'PropertyName') path = String(this.value());
      else if (parameter === 'PropertyValues') values = this.list();
      else throw unreadable(`Unknown parameter ${parameter}.`);
    } while (this.accept(','));
    this.expect(')');
    if (path === undefined || values === undefined) throw unreadable('In needs PropertyName and PropertyValues.');
    return { kind: 'in', path, values, negated };
  }

  private list(): Value[] {
    const alias = this.tokens[this.at]?.text;
    if (alias?.startsWith('@')) {
      this.at += 1;
      return JSON.parse((this.aliases.get(alias) ?? this.fail()).replace(/'/g, '"')) as Value[];
    }
    const values: Value[] = [];
    this.expect('[');
    if (this.accept(']')) return values;
    do values.push(this.value());
    while (this.accept(','));
    this.expect(']');
    return values;
  }

  private value(): Value {
    const token = this.take();
    if (token.text.startsWith('@')) {
      const alias = this.aliases.get(token.text) ?? this.fail();
      return tokenize(alias)[0]?.literal ?? null;
    }
    if (token.literal === undefined) throw new NotModelledError(`$filter comparing with '${token.text}'`);
    return token.literal;
  }

  private take(): Token {
    const token = this.tokens[this.at++];
    return token ?? this.fail();
  }

  private accept(text: string): boolean {
    const token = this.tokens[this.at];
    if (token?.text !== text || token.literal !== undefined) return false;
    this.at += 1;
    return true;
  }

  private expect(text: string): void {
    if (!this.accept(text)) this.fail();
  }

  private fail(): never {
    throw unreadable(`Syntax error in $filter near '${this.tokens[this.at]?.text ?? 'the end'}'.`);
  }
}
