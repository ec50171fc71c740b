import type { ReferralKind, ReferralMarks } from './deal-kind';
import {
  canUpgrade,
  classifyReferral,
  dealKind,
  isLeadKind,
  microsoftOrganizationId,
  passesCoSellOnly,
} from './deal-kind';

const own = 'B1D2E3F4-0000-4000-8000-00000000AAAA';
const partner = 'c0ffee00-0000-4000-8000-00000000bbbb';
const marks = (some: Partial<ReferralMarks>): ReferralMarks => ({
  type: 'Independent',
  qualification: 'SalesQualified',
  invitedBy: own,
  ownOrganizationId: own,
  shareWithMicrosoft: false,
  helpCode: 'Unknown',
  hasMicrosoftRecord: false,
  ...some,
});

describe('kind of a deal that a seller shares', () => {
  test.each([
    [{}, 'private'],
    [{ helpRequired: null, visibility: false }, 'private'],
    [{ helpRequired: 'Unknown', visibility: false }, 'private'],
    [{ helpRequired: null, visibility: true }, 'partnerLed'],
    [{ helpRequired: 'QuotesOrLicensing', visibility: false }, 'coSell'],
    [{ helpRequired: 'QuotesOrLicensing', visibility: true }, 'coSell'],
  ])('%j is %s', (values, kind) => {
    expect(dealKind(values)).toBe(kind);
  });
});

describe('kind of a referral that Partner Center shows', () => {
  test.each<[string, Partial<ReferralMarks>, string, ReferralKind]>([
    ['own, not shared', {}, 'outbound', 'private'],
    ['own, made in the portal', { qualification: 'None' }, 'outbound', 'private'],
    ['own id in other capitals', { invitedBy: own.toLowerCase() }, 'outbound', 'private'],
    ['own, nobody named as inviter', { invitedBy: null }, 'outbound', 'private'],
    ['own, share flag not given', { shareWithMicrosoft: null }, 'outbound', 'private'],
    ['own, shared with Microsoft', { shareWithMicrosoft: true }, 'outbound', 'partnerLed'],
    ['own, help asked', { shareWithMicrosoft: true, helpCode: 'GeneralOrOther' }, 'outbound', 'coSell'],
    ["own, Microsoft's record seen", { hasMicrosoftRecord: true }, 'outbound', 'coSell'],
    ['own, Shared, help unseen', { type: 'Shared', shareWithMicrosoft: true }, 'outbound', 'coSell'],
    ['own, Shared with a partner only', { type: 'Shared' }, 'outbound', 'partnerToPartner'],
    ['own, although a customer came directly', { qualification: 'Direct' }, 'outbound', 'private'],
    ['customer, no inviter', { qualification: 'Direct', invitedBy: null }, 'inbound', 'marketplaceLead'],
    ['customer, empty inviter', { qualification: 'Direct', invitedBy: '' }, 'inbound', 'marketplaceLead'],
    ['customer, through Microsoft', { qualification: 'Direct', invitedBy: 'msft' }, 'inbound', 'marketplaceLead'],
    ['lead of a Microsoft seller', { invitedBy: 'msft' }, 'inbound', 'qualifiedLead'],
    ['lead in capitals', { invitedBy: 'MSFT' }, 'inbound', 'qualifiedLead'],
    [
      'lead of Microsoft marketing',
      { invitedBy: 'msft', qualification: 'MarketingQualified' },
      'inbound',
      'qualifiedLead',
    ],
    ['invitation of Microsoft', { type: 'Shared', invitedBy: microsoftOrganizationId }, 'inbound', 'coSell'],
    ['unqualified, from Microsoft', { invitedBy: 'msft', qualification: 'None' }, 'inbound', 'coSell'],
    ['a qualification of next year', { invitedBy: 'msft', qualification: 'Hot' }, 'inbound', 'coSell'],
    ['qualification missing', { invitedBy: 'msft', qualification: null }, 'inbound', 'coSell'],
    ['invitation of a partner', { type: 'Shared', invitedBy: partner }, 'inbound', 'partnerToPartner'],
  ])('%s', (_title, some, direction, kind) => {
    expect(classifyReferral(marks(some))).toEqual({ direction, kind });
  });

  test('"co-sell only" lets co-sell, pipeline sharing and partner deals in, and neither leads nor private deals', () => {
    const kinds: ReferralKind[] = [
      'private',
      'partnerLed',
      'coSell',
      'partnerToPartner',
      'qualifiedLead',
      'marketplaceLead',
    ];
    expect(kinds.filter(passesCoSellOnly)).toEqual(['partnerLed', 'coSell', 'partnerToPartner']);
    expect(kinds.filter(isLeadKind)).toEqual(['qualifiedLead', 'marketplaceLead']);
  });
});

describe('upgrade', () => {
  test('goes from private over partner-led to co-sell and never back or aside', () => {
    const kinds: ReferralKind[] = [
      'private',
      'partnerLed',
      'coSell',
      'partnerToPartner',
      'qualifiedLead',
      'marketplaceLead',
    ];
    const legal = kinds.flatMap((from) => kinds.filter((to) => canUpgrade(from, to)).map((to) => `${from}>${to}`));
    expect(legal).toEqual(['private>partnerLed', 'private>coSell', 'partnerLed>coSell']);
  });
});
