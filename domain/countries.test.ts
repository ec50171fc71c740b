import * as fc from 'fast-check';
import { countryName, isCountryCode, readCountryCode, toIsoCountry } from './countries';
import { currencyDigits, isCurrency } from './currencies';
import { alpha2Codes, alpha3Codes } from './generated/country-codes';

/* One seed, so that a red run is red again. */
fc.configureGlobal({ seed: 20260601, numRuns: 300 });

describe('country', () => {
  test.each([
    ['SE', 'SE'],
    ['se', 'SE'],
    [' Se ', 'SE'],
    ['SWE', 'SE'],
    ['usa', 'US'],
    ['U.S.A.', 'US'],
    ['United States', 'US'],
    ['The United States of America', 'US'],
    ['USA (United States)', 'US'],
    ['États-Unis', 'US'],
    ['Vereinigte Staaten', 'US'],
    ['美國', 'US'],
    ['美国', 'US'],
    ['UK', 'GB'],
    ['United Kingdom', 'GB'],
    ['Great Britain', 'GB'],
    ['England', 'GB'],
    ['Storbritannien', 'GB'],
    ['Großbritannien', 'GB'],
    ['GROSSBRITANNIEN', 'GB'],
    ['Royaume-Uni', 'GB'],
    ['英國', 'GB'],
    ['Czech Republic', 'CZ'],
    ['Czechia', 'CZ'],
    ['Tjeckien', 'CZ'],
    ['South Korea', 'KR'],
    ['Korea, Republic of', 'KR'],
    ['Südkorea', 'KR'],
    ['南韓', 'KR'],
    ['Sverige', 'SE'],
    ['Suède', 'SE'],
    ['Schweden', 'SE'],
    ['Österrike', 'AT'],
    ['Oesterreich', 'AT'],
    ['osterreich', 'AT'],
    ["Cote d'Ivoire", 'CI'],
    ['CÔTE D’IVOIRE', 'CI'],
    ['Ivory Coast', 'CI'],
    ['Bosnia & Herzegovina', 'BA'],
    ['The Netherlands', 'NL'],
    ['Nederländerna', 'NL'],
    ['台灣', 'TW'],
    ['臺灣', 'TW'],
    ['Taiwan', 'TW'],
    ['Türkiye', 'TR'],
    ['Turkey', 'TR'],
    ['Åland', 'AX'],
    ['Hong Kong SAR', 'HK'],
    ['Färöer', 'FO'],
    ['DR Congo', 'CD'],
    ['Republic of the Congo', 'CG'],
  ])('%s is %s', (text, code) => {
    expect(toIsoCountry(text)).toBe(code);
  });

  test.each(['', '   ', null, undefined, 'Korea', 'Congo', 'Atlantis', 'XX', 'ZZZ', 'S', '123', 'constructor', 'a|b'])(
    '%s names no country, or more than one',
    (text) => {
      expect(toIsoCountry(text)).toBeNull();
    },
  );

  test('every code, its three-letter form and its name lead back to it', () => {
    const alpha3 = alpha3Codes.split(' ');
    const alpha2 = alpha2Codes.split(' ');
    expect(alpha2.length).toBeGreaterThanOrEqual(249);
    alpha2.forEach((code, index) => {
      expect(toIsoCountry(code.toLowerCase())).toBe(code);
      expect(toIsoCountry(alpha3[index])).toBe(code);
      expect(toIsoCountry(countryName(code))).toBe(code);
    });
  });

  test('names are shown in English', () => {
    expect(countryName('se')).toBe('Sweden');
    expect(countryName('TW')).toBe('Taiwan');
    expect(countryName('XX')).toBeNull();
  });

  test("the check of a deal's country is strict, reading one is not", () => {
    expect(isCountryCode('SE')).toBe(true);
    for (const no of ['se', ' SE', 'SWE', '', 'SE ', 'AD AE']) expect(isCountryCode(no)).toBe(false);
    expect(readCountryCode(' se')).toBe('SE');
    expect(readCountryCode('Sweden')).toBeNull();
    expect(readCountryCode(null)).toBeNull();
  });

  test('any text gives a code or nothing, never an error', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const code = toIsoCountry(text);
        expect(code === null || isCountryCode(code)).toBe(true);
      }),
    );
  });
});

describe('currency', () => {
  test.each([
    ['EUR', 2],
    ['SEK', 2],
    ['JPY', 0],
    ['KWD', 3],
    ['CLF', 4],
    ['XOF', 0],
    ['XCG', 2],
    ['ZWG', 2],
  ])('%s has %i digits', (code, digits) => {
    expect(isCurrency(code)).toBe(true);
    expect(currencyDigits(code)).toBe(digits);
  });

  test.each(['', 'eur', 'EURO', 'XXX', 'XAU', 'XTS', '€', 'US$', 'AED AFN'])('%s is no currency', (code) => {
    expect(isCurrency(code)).toBe(false);
    expect(currencyDigits(code)).toBe(2);
  });
});
