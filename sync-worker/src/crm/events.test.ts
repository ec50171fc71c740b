import fc from 'fast-check';
import { sayIfKnown, spokenLanguages } from '../words';
import { maskedPerson, shownValue } from './events';
import { shownFacts } from './record-columns';

const person = {
  firstName: 'Annegret',
  lastName: 'Brückner',
  phone: '+49 221 5550 987',
  email: 'annegret.brueckner@contoso.example',
};

describe('values in sync events', () => {
  it('mask people: initials, and no more of the address than tells two apart', () => {
    expect(maskedPerson(person)).toBe('A.B. a***@contoso.example');
    expect(shownValue('team', [person, { ...person, firstName: 'Jo', email: 'jo@contoso.example' }])).toBe(
      'A.B. a***@contoso.example, J.B. j***@contoso.example',
    );
    expect(shownValue('contacts', person)).not.toMatch(/Brückner|annegret\.|5550/);
    expect(maskedPerson({})).toBe('somebody');
  });

  it('mask people whatever the field is called', () => {
    expect(shownValue(undefined, [person])).not.toMatch(/Brückner|annegret\./);
    fc.assert(
      fc.property(fc.emailAddress(), (email) => !(shownValue('dealNotes', `call ${email} now`) ?? '').includes(email)),
    );
  });

  it('say other values as text, bounded to their column', () => {
    expect(shownValue('name', 'Fleet')).toBe('Fleet');
    expect(shownValue('dealValue', { amount: '5', currency: 'EUR' })).toBe('{"amount":"5","currency":"EUR"}');
    expect([shownValue('name', ''), shownValue('name', null), shownValue('name', undefined)]).toEqual([
      null,
      null,
      null,
    ]);
    expect(shownValue('dealNotes', 'word '.repeat(2000))?.length).toBeLessThanOrEqual(4000);
  });
});

describe('names of fields in sync events', () => {
  it('are words in each language, also for the read-only columns that are put back', () => {
    for (const language of spokenLanguages)
      for (const { name } of shownFacts) {
        const word = sayIfKnown(language, `field_${name}`);
        expect([language, name, word !== undefined && word !== name]).toEqual([language, name, true]);
      }
  });
});
