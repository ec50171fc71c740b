import { column, environmentOf } from './fixture';
import { choices } from './generated/schema';
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
        { field: 'dealNotes', direction: 'toPartnerCenter', wins: 'crm', borrowed: true },
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

  it('names columns of the right type that hold something else, and one that two fields share', () => {
    const environment = environmentOf({
      opportunity: [
        column('new_close', 'DateTime', { behavior: 'UserLocal' }),
        column('new_lostreason', 'Picklist', { options: [100_000_000, 100_000_001] }),
        column('new_fair', 'Lookup'),
        column('description', 'Memo', { maxLength: 2000 }),
      ],
    });
    const mapping = readMapping({
      fields: {
        closeDate: { opportunity: 'new_close' },
        statusReason: { opportunity: 'new_lostreason' },
        campaignId: { opportunity: 'new_fair' },
        dealNotes: { opportunity: 'description' },
        notesToMicrosoft: { opportunity: 'description' },
      },
    });
    const check = (): void => checkMapping(mapping, environment);
    for (const problem of [
      /closeDate: column new_close of opportunity holds a moment \(UserLocal\)/,
      /statusReason: column new_lostreason of opportunity lacks options of ours \(489100000, /,
      /campaignId: column new_fair of opportunity is a lookup/,
      /notesToMicrosoft: column description of opportunity carries dealNotes already/,
    ])
      expect(check).toThrow(problem);
  });

  it('takes a date without a time, and a choice with our options and more', () => {
    const environment = environmentOf({
      opportunity: [
        column('new_close', 'DateTime', { behavior: 'DateOnly' }),
        column('new_reason', 'Picklist', { options: [...Object.values(choices.closeReason), 100_000_000] }),
      ],
    });
    const fields = { closeDate: { opportunity: 'new_close' }, statusReason: { opportunity: 'new_reason' } };
    expect(() => checkMapping(readMapping({ fields }), environment)).not.toThrow();
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
