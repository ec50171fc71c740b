import { column, environmentOf } from './fixture';
import { readMapping } from './mapping';
import { checkMapping } from './mapping-check';

describe('mapping', () => {
  it("is Microsoft's when the admin says nothing", () => {
    expect(readMapping('')).toEqual(readMapping({}));
    expect(readMapping('{}').columns.opportunity).toMatchObject({
      name: 'name',
      closeDate: 'estimatedclosedate',
      dealNotes: 'cosell_dealnotes',
    });
    expect(() => checkMapping(readMapping({}), environmentOf())).not.toThrow();
  });

  it('names everything that is wrong with its shape at once', () => {
    const read = (): unknown =>
      readMapping({
        fields: { closeDate: { opportunity: 'Close Date' }, nonsense: {} },
        owners: [{}],
        salesStages: { a: '20' },
        more: 1,
      });
    for (const part of ['fields.closeDate.opportunity', 'nonsense', 'owners.0.owner', 'salesStages', 'more'])
      expect(read).toThrow(part);
    expect(() => readMapping('{')).toThrow(/MAPPING_INVALID/);
  });

  it('moves a field to another column, or to none, and passes on direction and owner', () => {
    const mapping = readMapping({
      fields: {
        dealNotes: { opportunity: 'description', direction: 'toPartnerCenter' },
        coSellType: { opportunity: null },
        name: { wins: 'partnerCenter' },
      },
    });
    expect(mapping.columns.opportunity.dealNotes).toBe('description');
    expect('coSellType' in mapping.columns.opportunity).toBe(false);
    expect(mapping.rules).toEqual(
      [
        { field: 'name', direction: 'both', wins: 'partnerCenter' },
        { field: 'dealNotes', direction: 'toPartnerCenter', wins: 'crm' },
      ].sort((a, b) => (a.field === 'dealNotes' ? -1 : b.field === 'dealNotes' ? 1 : 0)),
    );
  });

  it('names every problem with live columns at once, each with what to do', () => {
    const environment = environmentOf({
      opportunity: [
        column('new_short', 'String', { maxLength: 20 }),
        column('new_calculated', 'Memo', { forUpdate: false }),
        column('new_required', 'Picklist', { custom: true, required: 'ApplicationRequired' }),
      ],
    });
    const mapping = readMapping({
      fields: {
        name: { opportunity: 'new_short' },
        dealNotes: { opportunity: 'new_calculated' },
        closeDate: { opportunity: 'no_such' },
        consent: { opportunity: 'name' },
      },
      account: { duns: 'no_duns' },
      defaults: { opportunity: { exchangerate: 1, no_default: 'x' } },
    });
    const check = (): void => checkMapping(mapping, environment);
    for (const problem of [
      /name: column new_short of opportunity holds 20 characters; it needs at least 100/,
      /dealNotes: column new_calculated of opportunity is read-only/,
      /closeDate: column no_such of opportunity does not exist/,
      /consent: column name of opportunity is String; choose one of type Boolean/,
      /customer.duns: column no_duns of account does not exist/,
      /column exchangerate cannot be set on creation/,
      /column no_default does not exist/,
      /column new_required is mandatory here; give it a default/,
    ])
      expect(check).toThrow(problem);
  });

  it('is content when a mandatory column has a default', () => {
    const environment = environmentOf({
      opportunity: [column('new_required', 'Picklist', { custom: true, required: 'ApplicationRequired' })],
    });
    expect(() =>
      checkMapping(readMapping({ defaults: { opportunity: { new_required: 3 } } }), environment),
    ).not.toThrow();
  });

  it('lets a field that never comes in stand on a read-only column', () => {
    const environment = environmentOf({ opportunity: [column('new_calculated', 'Memo', { forUpdate: false })] });
    const mapping = readMapping({
      fields: { dealNotes: { opportunity: 'new_calculated', direction: 'toPartnerCenter' } },
    });
    expect(() => checkMapping(mapping, environment)).not.toThrow();
  });
});
