import { columnsOf } from './column-facts';
import { column, currencies, environmentOf, settingsWith } from './fixture';
import { digitsOf } from './room';

const answers: Readonly<Record<string, Record<string, unknown>[]>> = {
  'attributes opportunity': [
    { LogicalName: 'own', AttributeType: 'Money' },
    { LogicalName: 'price', AttributeType: 'Money' },
    { LogicalName: 'currency', AttributeType: 'Money' },
    { LogicalName: 'unsaid', AttributeType: 'Money' },
    { LogicalName: 'decimal', AttributeType: 'Decimal' },
    { LogicalName: 'whole', AttributeType: 'Integer' },
    { LogicalName: 'text', AttributeType: 'String' },
    { LogicalName: 'day', AttributeType: 'DateTime' },
  ],
  'Money opportunity': [
    { LogicalName: 'own', Precision: 3, PrecisionSource: 0, MinValue: 0, MaxValue: 10 },
    { LogicalName: 'price', Precision: 3, PrecisionSource: 1 },
    { LogicalName: 'currency', Precision: 3, PrecisionSource: 2 },
    { LogicalName: 'unsaid', Precision: 3, PrecisionSource: null },
  ],
  'Decimal opportunity': [{ LogicalName: 'decimal', Precision: 5, MinValue: -1, MaxValue: 1 }],
  'Integer opportunity': [{ LogicalName: 'whole', MinValue: 0, MaxValue: 9 }],
};
const facts = columnsOf('opportunity', (name) => answers[name] ?? [], 4);

describe('what columns hold', () => {
  test.each([
    ['own', 3, { min: 0, max: 10 }],
    ['price', 4, null],
    ['currency', 'currency', null],
    ['unsaid', 'currency', null],
    ['decimal', 5, { min: -1, max: 1 }],
    ['whole', 0, { min: 0, max: 9 }],
    ['text', null, null],
    ['day', null, { min: '1753-01-01', max: '9999-12-30' }],
  ])('fraction digits and range of %s', (name, digits, range) => {
    expect(facts.get(name)).toMatchObject({ digits, range });
  });

  test.each([
    ['its own', 1, { EUR: 1, USD: 1, CHF: 1 }],
    ['those of the currency', 'currency' as const, { EUR: 2, USD: 2, CHF: 2 }],
    ['nobody knows', null, {}],
  ])('the deal value has as many as its column says: %s', (_, digits, dealValue) => {
    const environment = environmentOf({ opportunity: [column('estimatedvalue', 'Money', { digits })] });
    expect(digitsOf('opportunity', settingsWith({}, environment), currencies)).toEqual({
      dealValue,
      price: 4,
      quantity: 2,
    });
  });
});
