/** The texts of the kit and of the small controls, as a reader of each language would look at them. */
import { textsOf } from './testing/texts';

/** Words that a language shares with English. */
const shared: Readonly<Record<number, readonly string[]>> = {
  1036: ['ReferralTimeline_Code', 'ReferralTimeline_Message', 'timeline_field_solutions', 'timeline_value_Active'],
  1053: ['timeline_filter_problems'],
  1028: [],
};

describe.each(['kit', 'referral-link', 'referral-timeline'])('the texts of %s', (folder) => {
  const own = (language: number) =>
    Object.entries(textsOf(folder, language)).filter(([key]) => !/^(finding|notice|error)_/.test(key));

  it.each([1036, 1053, 1028])('are translated into %s', (language) => {
    const english = textsOf(folder);
    const same = own(language).filter(([key, text]) => text === english[key] && !shared[language]?.includes(key));
    expect(same).toEqual([]);
  });

  it('use the French apostrophe and a space before a colon', () => {
    expect(own(1036).filter(([, text]) => /'|\w:|[a-zé]\?/.test(text))).toEqual([]);
  });

  it('use full-width signs between Chinese characters', () => {
    expect(own(1028).filter(([, text]) => /[\u4e00-\u9fff][,:;?!.]/.test(text))).toEqual([]);
  });

  it('hold no stray blanks and no broken characters', () => {
    for (const language of [1033, 1036, 1053, 1028]) {
      expect(own(language).filter(([, text]) => text !== text.trim() || / {2}|\ufffd/.test(text))).toEqual([]);
    }
  });
});
