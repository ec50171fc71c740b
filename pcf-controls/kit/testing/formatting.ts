/** Formatting and user settings of a person, by the language alone: same result on every machine. Tests only. */

const locales: Readonly<Record<number, string>> = {
  1033: 'en-US',
  1036: 'fr-FR',
  1053: 'sv-SE',
  1028: 'zh-TW',
  1025: 'ar-SA',
};

export interface Person {
  readonly languageId: number;
  readonly isRTL: boolean;
  /** Minutes east of Greenwich, as the platform gives it. */
  readonly timeZoneOffset: number;
}

export function formattingFor(person: Person): ComponentFramework.Formatting {
  const locale = locales[person.languageId] ?? 'en-US';
  const date = (value: Date, options: Intl.DateTimeFormatOptions): string =>
    new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' }).format(
      value.getTime() + person.timeZoneOffset * 60_000,
    );
  const number = (value: number, options: Intl.NumberFormatOptions): string =>
    new Intl.NumberFormat(locale, options).format(value);
  return {
    formatCurrency: (value, precision = 2, symbol = '') =>
      `${symbol}${number(value, { minimumFractionDigits: precision })}`,
    formatDecimal: (value, precision = 2) =>
      number(value, { minimumFractionDigits: precision, maximumFractionDigits: precision }),
    formatInteger: (value) => number(value, { maximumFractionDigits: 0 }),
    formatDateLong: (value) => date(value, { dateStyle: 'full' }),
    formatDateLongAbbreviated: (value) => date(value, { dateStyle: 'medium' }),
    formatDateShort: (value, time) => date(value, { dateStyle: 'short', ...(time ? { timeStyle: 'short' } : {}) }),
    formatDateYearMonth: (value) => date(value, { year: 'numeric', month: 'long' }),
    formatTime: (value) => date(value, { timeStyle: 'short' }),
    formatDateAsFilterStringInUTC: (value) => value.toISOString(),
    formatLanguage: (value) => String(value),
    getWeekOfYear: () => refuse('formatting.getWeekOfYear'),
  };
}

export function userSettingsFor(person: Person): ComponentFramework.UserSettings {
  return {
    languageId: person.languageId,
    isRTL: person.isRTL,
    userId: '{00000000-0000-0000-0000-00000000a001}',
    userName: 'Sam Seller',
    securityRoles: [],
    getTimeZoneOffsetMinutes: () => person.timeZoneOffset,
    get dateFormattingInfo(): never {
      return refuse('userSettings.dateFormattingInfo');
    },
    get numberFormattingInfo(): never {
      return refuse('userSettings.numberFormattingInfo');
    },
  };
}

/** What is not modelled says so by name instead of answering something that a test would then believe. */
export function refuse(member: string): never {
  throw new Error(`${member} is not modelled by the test context`);
}
