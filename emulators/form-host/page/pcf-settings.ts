/** `userSettings` and `formatting` of a control's context, from the user's language. */
import type { FormSession } from './form-session';
import { strict } from './strict';
import type { Switches } from './switches';

export function userSettingsOf({ services }: FormSession, switches: Switches): object {
  const { formats, lang, user } = services;
  const { decimal, group, date, time } = formats.separators();
  const short = formats.shortDatePattern();
  return strict('userSettings', {
    isRTL: switches.rtl,
    languageId: lang,
    userId: `{${user.id.toUpperCase()}}`,
    userName: user.name,
    securityRoles: [],
    getTimeZoneOffsetMinutes: (at?: Date) => -(at ?? new Date()).getTimezoneOffset(),
    dateFormattingInfo: strict('dateFormattingInfo', {
      amDesignator: 'AM',
      pmDesignator: 'PM',
      abbreviatedDayNames: formats.names('weekday', 'short'),
      abbreviatedMonthNames: [...formats.names('month', 'short'), ''],
      abbreviatedMonthGenitiveNames: [...formats.names('month', 'short'), ''],
      dayNames: formats.names('weekday', 'long'),
      shortestDayNames: formats.names('weekday', 'narrow'),
      monthNames: [...formats.names('month', 'long'), ''],
      monthGenitiveNames: [...formats.names('month', 'long'), ''],
      calendarWeekRule: lang === 1033 || lang === 1028 ? 0 : 2,
      calendar: {
        minSupportedDateTime: new Date(-62135596800000),
        maxSupportedDateTime: new Date(253402300799999),
        algorithmType: 1,
        calendarType: 1,
        twoDigitYearMax: 2049,
      },
      dateSeparator: date,
      timeSeparator: time,
      firstDayOfWeek: lang === 1033 || lang === 1028 ? 0 : 1,
      fullDateTimePattern: 'dddd, MMMM d, yyyy h:mm:ss tt',
      longDatePattern: 'dddd, MMMM d, yyyy',
      longTimePattern: 'h:mm:ss tt',
      monthDayPattern: 'MMMM d',
      shortDatePattern: short,
      shortTimePattern: lang === 1033 ? 'h:mm tt' : 'HH:mm',
      sortableDateTimePattern: "yyyy'-'MM'-'dd'T'HH':'mm':'ss",
      universalSortableDateTimePattern: "yyyy'-'MM'-'dd HH':'mm':'ss'Z'",
      yearMonthPattern: 'MMMM yyyy',
    }),
    numberFormattingInfo: strict('numberFormattingInfo', {
      currencyDecimalDigits: 2,
      currencyDecimalSeparator: decimal,
      currencyGroupSeparator: group,
      currencyGroupSizes: [3],
      currencyNegativePattern: 1,
      currencyPositivePattern: lang === 1036 || lang === 1053 ? 3 : 0,
      currencySymbol: '€',
      nanSymbol: 'NaN',
      nativeDigits: [...'0123456789'],
      negativeInfinitySymbol: '-∞',
      negativeSign: '-',
      numberDecimalDigits: 2,
      numberDecimalSeparator: decimal,
      numberGroupSeparator: group,
      numberGroupSizes: [3],
      numberNegativePattern: 1,
      perMilleSymbol: '‰',
      percentDecimalDigits: 2,
      percentDecimalSeparator: decimal,
      percentGroupSeparator: group,
      percentGroupSizes: [3],
      percentNegativePattern: 0,
      percentPositivePattern: 0,
      percentSymbol: '%',
      positiveInfinitySymbol: '∞',
      positiveSign: '+',
    }),
  });
}

export function formattingOf(session: FormSession): object {
  const { formats } = session.services;
  return strict('formatting', {
    formatCurrency: (value: number, precision = 2, symbol = session.currencySymbol) =>
      formats.money(value, precision, symbol),
    formatDecimal: (value: number, precision = 2) => formats.number(value, precision),
    formatInteger: (value: number) => formats.number(value, 0),
    formatDateShort: (value: Date, withTime = false) => (withTime ? formats.dateTime(value) : formats.date(value)),
    formatDateLong: (value: Date) => formats.longDate(value),
    formatDateLongAbbreviated: (value: Date) => formats.longDate(value, 'short'),
    formatDateYearMonth: (value: Date) => value.toLocaleDateString(formats.tag, { year: 'numeric', month: 'long' }),
    formatDateAsFilterStringInUTC: (value: Date, withTime = false) =>
      withTime ? value.toISOString() : value.toISOString().slice(0, 10),
    formatTime: (value: Date) => formats.time(value),
    formatLanguage: (lcid: number) =>
      new Intl.DisplayNames([formats.tag], { type: 'language' }).of(
        { 1033: 'en', 1036: 'fr', 1053: 'sv', 1028: 'zh-Hant' }[lcid] ?? 'en',
      ) ?? String(lcid),
    getWeekOfYear: (value: Date) =>
      Math.ceil(((value.getTime() - new Date(value.getFullYear(), 0, 1).getTime()) / 86_400_000 + 1) / 7),
  });
}
