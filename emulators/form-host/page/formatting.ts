/**
 * How the client writes numbers, dates and choices in the user's language. One LCID stands for one
 * regional format here; a real user may mix both in his personal options.
 */
const tags: Readonly<Record<number, string>> = {
  1033: 'en-US',
  1036: 'fr-FR',
  1053: 'sv-SE',
  1028: 'zh-TW',
  1025: 'ar-SA',
  1031: 'de-DE',
  1037: 'he-IL',
};

export class Formats {
  readonly tag: string;

  constructor(readonly lang: number) {
    const tag = tags[lang];
    if (tag === undefined) throw new Error(`The form host has no formats for the language ${lang}`);
    this.tag = tag === 'ar-SA' ? 'ar-SA-u-ca-gregory-nu-latn' : tag;
  }

  number(value: number, digits: number): string {
    return new Intl.NumberFormat(this.tag, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(
      value,
    );
  }

  /** With the currency's symbol as Dynamics writes it: symbol in front in English, after the number in French and Swedish. */
  money(value: number, digits: number, symbol: string): string {
    const sample = new Intl.NumberFormat(this.tag, {
      style: 'currency',
      currency: 'EUR',
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    });
    return sample
      .formatToParts(value)
      .map((part) => (part.type === 'currency' ? symbol : part.value))
      .join('')
      .trim();
  }

  date(value: Date): string {
    return value.toLocaleDateString(
      this.tag,
      this.lang === 1033 ? { year: 'numeric', month: 'numeric', day: 'numeric' } : {},
    );
  }

  time(value: Date): string {
    return value.toLocaleTimeString(this.tag, { hour: 'numeric', minute: '2-digit' });
  }

  dateTime(value: Date): string {
    return `${this.date(value)} ${this.time(value)}`;
  }

  longDate(value: Date, month: 'long' | 'short' = 'long'): string {
    return value.toLocaleDateString(this.tag, { weekday: 'long', year: 'numeric', month, day: 'numeric' });
  }

  /** Reads what a person typed: the separators of his language. Undefined when it is no number. */
  parseNumber(text: string): number | null | undefined {
    if (text.trim() === '') return null;
    const parts = new Intl.NumberFormat(this.tag).formatToParts(-12345.6);
    const group = parts.find((part) => part.type === 'group')?.value ?? '';
    const decimal = parts.find((part) => part.type === 'decimal')?.value ?? '.';
    const plain = text
      .replace(/[\s\u00a0\u202f]/g, '')
      .split(group.trim() === '' ? '\u0000' : group)
      .join('')
      .replace(decimal, '.')
      .replace(/[^\d.+\u2212-]/g, '')
      .replace('\u2212', '-');
    const value = Number(plain);
    return plain === '' || Number.isNaN(value) ? undefined : value;
  }

  /** Reads a day in the order of the user's format, or as 2027-03-31. Undefined when it is none. */
  parseDate(text: string): Date | null | undefined {
    if (text.trim() === '') return null;
    const numbers = text.match(/\d+/g)?.map(Number) ?? [];
    const iso = /^\s*\d{4}-/.test(text);
    const order = new Intl.DateTimeFormat(this.tag).formatToParts(new Date(2023, 10, 22)).map((part) => part.type);
    const kinds = iso ? ['year', 'month', 'day'] : order.filter((kind) => ['year', 'month', 'day'].includes(kind));
    if (numbers.length !== 3) return undefined;
    const part = (kind: string): number => numbers[kinds.indexOf(kind)] ?? 0;
    const year = part('year') < 100 ? 2000 + part('year') : part('year');
    const day = new Date(year, part('month') - 1, part('day'));
    return day.getMonth() === part('month') - 1 && day.getDate() === part('day') ? day : undefined;
  }

  names(kind: 'month' | 'weekday', style: 'long' | 'short' | 'narrow'): string[] {
    const count = kind === 'month' ? 12 : 7;
    // 1 January 2023 is a Sunday, which is where the platform's lists begin.
    return Array.from({ length: count }, (_, index) =>
      (kind === 'month' ? new Date(2023, index, 1) : new Date(2023, 0, 1 + index)).toLocaleDateString(this.tag, {
        [kind]: style,
      }),
    );
  }

  separators(): { decimal: string; group: string; date: string; time: string } {
    const parts = new Intl.NumberFormat(this.tag).formatToParts(12345.6);
    const date = new Intl.DateTimeFormat(this.tag).formatToParts(new Date(2023, 10, 22));
    return {
      decimal: parts.find((part) => part.type === 'decimal')?.value ?? '.',
      group: parts.find((part) => part.type === 'group')?.value ?? ',',
      date: date.find((part) => part.type === 'literal')?.value ?? '/',
      time: ':',
    };
  }

  shortDatePattern(): string {
    const names: Record<string, string> = { year: 'yyyy', month: 'M', day: 'd' };
    return new Intl.DateTimeFormat(this.tag)
      .formatToParts(new Date(2023, 10, 22))
      .map((part) =>
        part.type === 'month' && this.lang !== 1033
          ? 'MM'
          : part.type === 'day' && this.lang !== 1033
            ? 'dd'
            : (names[part.type] ?? part.value),
      )
      .join('');
  }
}
