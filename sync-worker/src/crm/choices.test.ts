import { closeReasons, helpCodes, purchaseIntents } from '../../../domain/enums';
import { choiceOf } from './choices';
import { choices } from './generated/schema';

describe('choices', () => {
  it.each(Object.keys(choiceOf) as (keyof typeof choiceOf)[])(
    '%s: every option has a word and every word its option',
    (name) => {
      for (const value of Object.values(choices[name]))
        expect(choiceOf[name].option(choiceOf[name].word(value))).toBe(value);
    },
  );

  it('speak the words of Partner Center', () => {
    expect(helpCodes.map(({ value }) => choiceOf.helpRequired.word(choiceOf.helpRequired.option(value)))).toEqual(
      helpCodes.map(({ value }) => value),
    );
    expect(
      purchaseIntents.map(({ value }) => choiceOf.purchaseIntent.word(choiceOf.purchaseIntent.option(value))),
    ).toEqual(['Yes', 'No', 'HaveNotDecided']);
    expect(closeReasons.map(({ text }) => choiceOf.closeReason.word(choiceOf.closeReason.option(text)))).toEqual(
      closeReasons.map(({ text }) => text),
    );
    expect(choiceOf.referralStatus.word(choices.referralStatus.active)).toBe('Active');
    expect(choiceOf.syncStatus.word(choices.syncStatus.needsAttention)).toBe('needsAttention');
  });

  it('keep what they do not know: an added option as its number, a new word as Other', () => {
    expect(choiceOf.helpRequired.word(123456)).toBe('123456');
    expect(choiceOf.helpRequired.option('123456')).toBe(123456);
    expect(choiceOf.referralStatus.option('Frozen')).toBe(choices.referralStatus.other);
    expect(choiceOf.helpRequired.option('SomethingNew')).toBeNull();
    expect(choiceOf.closeReason.option('my own words')).toBe(choices.closeReason.others);
    expect(choiceOf.dealType.option('marketplaceLead')).toBe(choices.dealType.lead);
  });

  it('have nothing for nothing', () => {
    for (const choice of Object.values(choiceOf)) {
      expect([choice.word(null), choice.word(undefined), choice.option(''), choice.option(null)]).toEqual([
        '',
        '',
        null,
        null,
      ]);
    }
  });
});
