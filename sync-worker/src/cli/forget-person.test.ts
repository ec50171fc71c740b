/** What `cosell forget` takes out of a row, an event and a record, and what it leaves alone. */
import * as fc from 'fast-check';
import { maskedPerson, shownValue } from '../crm/events';
import type { HeldRecord } from '../crm/person-store';
import type { Link, Shadow } from '../ports';
import { emptyLink } from '../steps';
import {
  anyMentions,
  columnsLeft,
  eventWithout,
  linkWithout,
  mentions,
  personOf,
  placesIn,
  recordWithout,
} from './forget-person';
import { UsageError } from './refusals';

const ronja = {
  firstName: 'Ronja',
  lastName: 'Feldkamp',
  phone: '+49 341 5550100',
  email: 'Ronja.Feldkamp@Partner.example',
};
const benno = {
  firstName: 'Benno',
  lastName: 'Achterberg',
  phone: '+49 40 5550 7788',
  email: 'benno.achterberg@contoso.example',
};
const person = personOf(' ronja.feldkamp@PARTNER.example ');

describe('an address', () => {
  test.each([
    '',
    'ronja',
    'ronja@',
    '@partner.example',
    'Ronja <ronja@partner.example>',
    'a@b.example,c@d.example',
    'a b@partner.example',
    'a%b@partner.example',
    'a@partner',
  ])('%p is none, and is not repeated', (text) => {
    expect(() => personOf(text)).toThrow(UsageError);
    if (text) expect(() => personOf(text)).not.toThrow(new RegExp(text.replace(/[^\w@.]/g, '.')));
  });

  test('is found whatever its case and what stands around it, but not inside a longer one', () => {
    for (const text of [
      'Ronja.Feldkamp@partner.example',
      'mail RONJA.FELDKAMP@PARTNER.EXAMPLE.',
      '<ronja.feldkamp@partner.example>',
      'x\nronja.feldkamp@partner.example\ny',
    ])
      expect(mentions(text, person)).toBe(true);
    for (const text of [
      'xronja.feldkamp@partner.example',
      'a.ronja.feldkamp@partner.example',
      'ronja.feldkamp@partner.example.org',
      'ronja.feldkamp@partner.examples',
      'ronjaxfeldkamp@partner.example',
    ])
      expect(mentions(text, person)).toBe(false);
  });

  test('with an apostrophe is one, and is not found by its last part', () => {
    const text = "team: O'Neil@partner.example";
    expect(mentions(text, personOf("o'neil@partner.example"))).toBe(true);
    expect(mentions(text, personOf('neil@partner.example'))).toBe(false);
    expect(mentions("'neil@partner.example'", personOf('neil@partner.example'))).toBe(true);
  });

  test('is found anywhere in a value', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 3 }), fc.boolean(), (value, planted) => {
        const all = planted ? [value, { deep: [{ team: [ronja] }] }] : [value];
        expect(anyMentions(all, person)).toBe(planted);
      }),
    );
  });
});

const shadow: Shadow = {
  fields: {
    name: { crm: 'Cold chain', pc: 'Cold chain' },
    team: { crm: [ronja, benno], pc: [benno] },
    dealNotes: { crm: 'ask ronja.feldkamp@partner.example', pc: '' },
  },
  status: 'Closed/Won',
  shown: { syncMessage: 'said' },
};
const link = (more: Partial<Link>): Link => ({
  ...emptyLink,
  key: 'k',
  version: '1',
  state: 'closed',
  shadow,
  ...more,
});

describe('a row', () => {
  test('of a deal that is over forgets all its persons and is marked, so that nobody comes back', () => {
    const set = linkWithout(link({}), person);
    expect(set).toMatchObject({ due: null, shadow: { personsForgotten: true, shown: { syncMessage: 'said' } } });
    expect(JSON.stringify(set)).not.toMatch(/Ronja|Benno|ronja/);
  });

  test('of a deal that is over loses the words, too, that name the person', () => {
    const said = {
      ...shadow,
      shown: { syncMessage: 'left out: ronja.feldkamp@partner.example', syncStatus: 'closed' as const },
    };
    expect(linkWithout(link({ shadow: said }), person)?.shadow?.shown).toEqual({ syncStatus: 'closed' });
  });

  test('of another person, or one that has forgotten already, is not touched', () => {
    expect(linkWithout(link({}), personOf('somebody.else@partner.example'))).toBeNull();
    const { shadow: forgotten = shadow } = linkWithout(link({}), person) ?? {};
    expect(linkWithout(link({ shadow: forgotten }), person)).toBeNull();
  });

  test('of an open deal is left to the worker, and its places are named', () => {
    const open = link({ state: 'synced', shadow: { ...shadow, status: 'Active/Accepted' } });
    expect(linkWithout(open, person)).toBeNull();
    expect(placesIn(open, person)).toEqual(['team', 'dealNotes']);
  });

  test('of an open deal forgets a correction that outlived the person on both sides', () => {
    const open = link({
      state: 'synced',
      shadow: {
        fields: { team: { crm: [benno], pc: [benno], rewritten: { wrote: [ronja] }, putBack: [ronja] } },
        status: 'Active/Accepted',
      },
    });
    expect(linkWithout(open, person)).toEqual({
      shadow: { fields: { team: { crm: [benno], pc: [benno] } }, status: 'Active/Accepted' },
    });
  });

  test('whose deal is named after the person keeps that name, which is the seller’s', () => {
    const named = link({ name: 'Deal of ronja.feldkamp@partner.example' });
    expect(placesIn({ ...named, ...linkWithout(named, person) }, person)).toEqual(['name']);
  });
});

describe('an event', () => {
  const event = (texts: Record<string, string>) => ({ id: 'e', version: '1', texts });

  test('loses the masked person and keeps who else was there', () => {
    const both = shownValue('team', [benno, ronja]) as string;
    expect(eventWithout(event({ cosell_oldvalue: both, cosell_newvalue: maskedPerson(benno) }), person)).toEqual({
      cosell_oldvalue: `${maskedPerson(benno)}, somebody`,
    });
  });

  test('loses everybody who looks the same, without or with initials', () => {
    expect(
      eventWithout(
        event({
          cosell_newvalue:
            'R.F. r***@partner.example, R.X. R***@Partner.example, r***@partner.example, T.F. t***@partner.example',
        }),
        person,
      ),
    ).toEqual({
      cosell_newvalue: 'somebody, somebody, somebody, T.F. t***@partner.example',
    });
  });

  test('that was cut in the middle of the person is cleaned as well', () => {
    expect(eventWithout(event({ cosell_newvalue: 'B.A. b***@contoso.example, R.F. r***@part …' }), person)).toEqual({
      cosell_newvalue: 'B.A. b***@contoso.example, somebody …',
    });
    expect(eventWithout(event({ cosell_newvalue: 'R.F. r***@other …' }), person)).toBeNull();
  });

  test('with the address itself in it loses that', () => {
    expect(eventWithout(event({ cosell_message: 'see Ronja.Feldkamp@partner.example' }), person)).toEqual({
      cosell_message: 'see somebody',
    });
  });

  test('of people at another domain, or a longer one, is not touched', () => {
    expect(
      eventWithout(event({ cosell_newvalue: 'R.F. r***@partner.example.org, R.F. r***@mypartner.example' }), person),
    ).toBeNull();
  });
});

describe('a record', () => {
  const record: HeldRecord = {
    type: 'opportunity',
    id: 'o',
    version: '1',
    name: 'Cold chain',
    texts: {
      cosell_microsoftteam: 'Ines Vollmer, ines@microsoft.example\nRonja Feldkamp, ronja.feldkamp@partner.example',
      cosell_audit: 'x ronja.feldkamp@partner.example y',
      cosell_dealnotes: 'ask ronja.feldkamp@partner.example',
    },
  };

  test('of a deal that is over loses the line of the person; notes stay and are named', () => {
    expect(recordWithout(record, true, person)).toEqual({
      cosell_microsoftteam: 'Ines Vollmer, ines@microsoft.example',
      cosell_audit: 'x somebody y',
    });
    expect(columnsLeft(record, true, person)).toEqual(['cosell_dealnotes']);
  });

  test('of a deal at work keeps what the worker would write again', () => {
    expect(recordWithout(record, false, person)).toEqual({ cosell_audit: 'x somebody y' });
    expect(columnsLeft(record, false, person)).toEqual(['cosell_microsoftteam', 'cosell_dealnotes']);
  });
});
