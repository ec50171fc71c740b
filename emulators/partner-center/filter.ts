/**
 * The part of OData's $filter that the documents show: `eq`, `and`, parentheses, `team/any(...)`, and
 * comparisons of updatedDateTime. Anything beyond is refused by name. Microsoft Learn: "Get a list of
 * referrals".
 */
import { invalid, NotModelled } from './refusal';
import type { Switches } from './switches';
import { parseInstant, sortable } from './time';
import type { Referral } from './types';

type Operator = 'eq' | 'gt' | 'ge' | 'lt' | 'le';

export type Filter =
  | { readonly kind: 'and'; readonly parts: readonly Filter[] }
  | { readonly kind: 'text'; readonly field: string; readonly value: string }
  | { readonly kind: 'time'; readonly field: TimeField; readonly operator: Operator; readonly value: string }
  | { readonly kind: 'teamHas'; readonly email: string };

type TimeField = 'updatedDateTime' | 'createdDateTime';

const textFields: Readonly<Record<string, (referral: Referral) => string | null>> = {
  engagementId: (referral) => referral.engagementId,
  status: (referral) => referral.status,
  substatus: (referral) => referral.substatus,
  qualification: (referral) => referral.qualification,
  type: (referral) => referral.type,
  direction: (referral) => referral.direction,
  'customerProfile/address/country': (referral) => referral.customerProfile.address.country,
  externalReferenceId: (referral) => referral.externalReferenceId,
};

interface Token {
  readonly kind: 'open' | 'close' | 'text' | 'word';
  readonly text: string;
}

export function parseFilter(source: string, switches: Switches): Filter {
  return new Parser(tokens(source), switches).whole();
}

export function matches(filter: Filter, referral: Referral): boolean {
  switch (filter.kind) {
    case 'and':
      return filter.parts.every((part) => matches(part, referral));
    case 'text':
      return textFields[filter.field]?.(referral) === filter.value;
    case 'teamHas':
      return referral.team.some((member) => member.email === filter.email);
    case 'time':
      return compare(sortable(referral[filter.field]), filter.operator, sortable(filter.value));
  }
}

/** Conditions that all must hold, flattened: what an index can use. */
export function conjuncts(filter: Filter | undefined): readonly Filter[] {
  if (!filter) return [];
  return filter.kind === 'and' ? filter.parts.flatMap(conjuncts) : [filter];
}

function compare(left: string, operator: Operator, right: string): boolean {
  if (operator === 'eq') return left === right;
  if (operator === 'gt') return left > right;
  if (operator === 'ge') return left >= right;
  return operator === 'lt' ? left < right : left <= right;
}

function tokens(source: string): Token[] {
  const found: Token[] = [];
  const pattern = /\s+|(\()|(\))|'((?:[^']|'')*)'|([^\s()']+)/gy;
  while (pattern.lastIndex < source.length) {
    const start = pattern.lastIndex;
    const match = pattern.exec(source);
    if (!match) throw malformed(`unexpected character at ${start}`);
    const [, open, close, text, word] = match;
    if (open !== undefined) found.push({ kind: 'open', text: open });
    else if (close !== undefined) found.push({ kind: 'close', text: close });
    else if (text !== undefined) found.push({ kind: 'text', text: text.replace(/''/g, "'") });
    else if (word !== undefined) found.push({ kind: 'word', text: word });
  }
  return found;
}

class Parser {
  private position = 0;
  private readonly all: readonly Token[];
  private readonly switches: Switches;

  constructor(all: readonly Token[], switches: Switches) {
    this.all = all;
    this.switches = switches;
  }

  whole(): Filter {
    const filter = this.conjunction();
    if (this.position < this.all.length) throw malformed(`unexpected ${this.all[this.position]?.text}`);
    return filter;
  }

  private conjunction(): Filter {
    const parts = [this.term()];
    for (;;) {
      const token = this.all[this.position];
      if (token?.kind === 'word' && (token.text === 'or' || token.text === 'not')) {
        throw new NotModelled(`$filter operator ${token.text}`);
      }
      if (token?.kind !== 'word' || token.text !== 'and') break;
      this.position += 1;
      parts.push(this.term());
    }
    return parts.length === 1 && parts[0] ? parts[0] : { kind: 'and', parts };
  }

  private term(): Filter {
    const token = this.take();
    if (token.kind === 'open') {
      const inner = this.conjunction();
      this.expect('close');
      return inner;
    }
    if (token.kind !== 'word') throw malformed(`unexpected ${token.text}`);
    if (token.text === 'team/any') return this.teamAny();
    if (token.text === 'not') throw new NotModelled('$filter operator not');
    if (this.all[this.position]?.kind === 'open') throw new NotModelled(`$filter function ${token.text}`);
    return this.comparison(token.text);
  }

  /** `team/any(t:t/email eq 'x')`, blanks after the colon allowed. */
  private teamAny(): Filter {
    this.expect('open');
    const words: string[] = [];
    while (this.all[this.position]?.kind === 'word') words.push(this.take().text);
    const match = /^(\w+):\s?(\w+)\/email eq$/.exec(words.join(' '));
    if (!match || match[1] !== match[2]) throw new NotModelled(`$filter team/any(${words.join(' ')} ...)`);
    const email = this.take();
    if (email.kind !== 'text') throw malformed('team/any needs a quoted e-mail');
    this.expect('close');
    return { kind: 'teamHas', email: email.text };
  }

  private comparison(field: string): Filter {
    const operator = this.take().text;
    const value = this.take();
    if (value.kind !== 'text' && value.kind !== 'word') throw malformed(`no value after ${field}`);
    if (field === 'updatedDateTime' || field === 'createdDateTime') return this.time(field, operator, value);
    if (!Object.hasOwn(textFields, field)) throw new NotModelled(`$filter on ${field}`);
    if (field === 'externalReferenceId' && this.switches['list.externalReferenceIdFilter'] === 'reject') {
      throw invalid('unsupportedFilter', '$filter', 'externalReferenceId cannot be filtered on.');
    }
    if (operator !== 'eq') throw new NotModelled(`$filter ${field} ${operator}`);
    if (field === 'engagementId') return { kind: 'text', field, value: value.text.toLowerCase() };
    if (value.kind === 'word') throw malformed(`the value of ${field} must be quoted`);
    return { kind: 'text', field, value: value.text };
  }

  private time(field: TimeField, operator: string, value: Token): Filter {
    if (field === 'createdDateTime' && this.switches['list.createdFilter'] === 'reject') {
      throw new NotModelled('$filter on createdDateTime');
    }
    if (!isOperator(operator)) throw new NotModelled(`$filter ${field} ${operator}`);
    const rule = this.switches['list.dateLiteral'];
    const quoted = value.kind === 'text';
    if (rule !== 'both' && quoted !== (rule === 'quoted')) throw malformed(`the date literal must be ${rule}`);
    const parsed = parseInstant(value.text);
    if (parsed === undefined) throw malformed(`${value.text} is no date-time with a zone`);
    return { kind: 'time', field, operator, value: parsed };
  }

  private take(): Token {
    const token = this.all[this.position];
    if (!token) throw malformed('it ends too early');
    this.position += 1;
    return token;
  }

  private expect(kind: Token['kind']): void {
    const token = this.take();
    if (token.kind !== kind) throw malformed(`unexpected ${token.text}`);
  }
}

function isOperator(word: string): word is Operator {
  return ['eq', 'gt', 'ge', 'lt', 'le'].includes(word);
}

function malformed(why: string): Error {
  return invalid('invalidFilter', '$filter', `The filter is malformed: ${why}.`);
}
