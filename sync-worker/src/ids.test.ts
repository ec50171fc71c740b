import fc from 'fast-check';
import {
  accountIdOf,
  childIdOf,
  companyKey,
  connectionIdOf,
  contactIdOf,
  nextIdOf,
  rowKeyOf,
  solutionRowIdOf,
  uuid5,
} from './ids';

const dns = '6ba7b810-9dad-11d1-80b4-00c04fd430c8';

describe('derived ids', () => {
  it('are version 5 UUIDs as everybody else computes them', () => {
    expect(uuid5(dns, 'www.example.com')).toBe('2ed6657d-e927-568b-95e1-2665a8aea6a2');
    fc.assert(
      fc.property(fc.string(), (name) =>
        /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(uuid5(dns, name)),
      ),
    );
  });

  it('never change: a row, account, contact, child, solution and connection of an older version is found again', () => {
    expect([
      rowKeyOf('R-1'),
      accountIdOf('Contoso', '1'),
      contactIdOf('a@b.c', ''),
      childIdOf('x', 'y'),
      solutionRowIdOf('S'),
      connectionIdOf('main'),
    ]).toMatchInlineSnapshot(`
     [
       "57c59b1c-75b1-5283-aeb7-89d918368f07",
       "bdcc37fb-e133-5654-8f53-3e06587ae956",
       "13200392-b06e-520a-86e9-ab3adc04630a",
       "1320af3d-d9e9-5270-844f-f5ab5ebdc8e1",
       "dfc951e8-1169-59d3-9bdd-3204cecf9631",
       "649e9d55-5474-5fad-b275-109adfaac5be",
     ]
    `);
  });

  it('do not depend on case, blanks, accents or punctuation of a company name', () => {
    expect(accountIdOf(' L’Été  Électrique, SARL ', '69 002')).toBe(accountIdOf('l ete electrique sarl', '69002'));
    expect(companyKey('Brückner & Sohn KG')).toBe('bruckner sohn kg');
    expect(accountIdOf('Contoso GmbH', '1')).not.toBe(accountIdOf('Contoso AG', '1'));
    expect(accountIdOf('Contoso', '1')).not.toBe(accountIdOf('Contoso', '2'));
  });

  it('of a record in place of a deactivated one follow from that one’s', () => {
    const first = accountIdOf('Contoso', '1');
    const second = nextIdOf('account', first);
    expect(nextIdOf('account', first.toUpperCase())).toBe(second);
    expect(new Set([first, second, nextIdOf('account', second), nextIdOf('contact', first)]).size).toBe(4);
    expect(second).toMatchInlineSnapshot(`"550305af-3384-549d-b7cf-90b41e102a08"`);
  });

  it('differ by kind, so that a referral and a customer of one name are two things', () => {
    expect(new Set([rowKeyOf('x'), solutionRowIdOf('x'), connectionIdOf('x')]).size).toBe(3);
  });
});
