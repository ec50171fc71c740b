/**
 * The demo's story: what each person does, what each side shows afterwards, and how long it took.
 *
 * Acts only through what people have: the CRM as the seller, the portal, Microsoft's side. Fails when something that
 * should arrive does not.
 */
import type { SalesSeed, World } from '../emulators';
import type { Row } from '../emulators/dataverse';
import { sampleDeal } from '../emulators/sample-deal';

type Say = (line?: string) => void;

const patienceMs = 60_000;
const choice = (n: number): number => 489_100_000 + n;

export class Story {
  private readonly seed: SalesSeed;
  private readonly waits: number[] = [];

  constructor(
    private readonly world: World,
    private readonly say: Say,
  ) {
    this.seed = world.seed as SalesSeed;
  }

  async play(): Promise<void> {
    const shared = await this.share();
    await this.microsoftAccepts(shared);
    await this.bothEdit(shared);
    const accepted = await this.microsoftSends();
    await this.colleague();
    const mended = await this.parked();
    await this.win(accepted);
    void mended;
    await this.compare();
  }

  private async share(): Promise<string> {
    this.chapter(1, 'Mareike shares a deal and asks Microsoft for help');
    const asked = {
      cosell_dealnotes: 'Temperaturdaten von 900 Anhängern in einer Übersicht',
      cosell_helprequired: choice(1),
      cosell_notestomicrosoft: 'Bitte um eine Referenzarchitektur und den Kontakt zum CIO',
      cosell_syncwithpartnercenter: true,
    };
    const id = this.seller.create('opportunity', sampleDeal(this.seed, asked));
    this.solution(id, 'SOL-70421-QLM');
    await this.until(
      'the referral is in Partner Center and its id on the opportunity',
      () => this.opportunity(id)['cosell_syncstatus'] === choice(2),
    );
    this.show(id);
    return id;
  }

  private async microsoftAccepts(id: string): Promise<void> {
    this.chapter(2, 'Microsoft accepts, names its seller and its CRM id');
    this.world.partnerCenter.microsoft.accept(this.referralOf(id).engagementId, {
      sellers: [{ firstName: 'Inès', lastName: 'Vollmer ', email: 'ines.vollmer@microsoft.example', phoneNumber: '' }],
      crmId: '7-3QX9M1LPDA',
      notes: 'Architekturgespräch am Dienstag',
    } as never);
    await this.until(
      'Microsoft’s answer is on the opportunity',
      () => this.opportunity(id)['cosell_microsoftcrmidentifier'] === '7-3QX9M1LPDA',
    );
    this.show(id, ['cosell_microsoftcrmidentifier', 'cosell_microsoftteam', 'cosell_microsoftnotes']);
  }

  private async bothEdit(id: string): Promise<void> {
    this.chapter(3, 'Mareike raises the value while a colleague moves the date in the portal');
    this.seller.update('opportunity', id, { estimatedvalue: 310_000 });
    this.world.partnerCenter.portal.edit(this.referralOf(id).id, { closingDate: '2027-06-30' });
    await this.until(
      'both edits are on both sides',
      () =>
        this.referralOf(id).details.dealValue === 310_000 &&
        this.opportunity(id)['estimatedclosedate'] === '2027-06-30',
    );
    this.show(id);
  }

  private async microsoftSends(): Promise<string> {
    this.chapter(4, 'Microsoft sends a deal; it lands on hold; Mareike accepts it');
    const referral = this.world.partnerCenter.microsoft.createDeal({
      name: "L'Été Électrique – réfrigération & suivi",
      customer: {
        name: "L'Été Électrique SARL ",
        address: {
          addressLine1: "12 rue de l'Église",
          city: 'Lyon',
          postalCode: '69002',
          country: 'FR',
          region: 'ARA',
          state: null,
        },
        team: [
          { firstName: 'Éloïse', lastName: "D'Amico", phoneNumber: '', email: 'eloise.damico@ete-electrique.example' },
        ],
      } as never,
      solutions: ['SOL-70421-QLM'],
      value: 80_000,
      currency: 'USD',
      closingDate: '2027-05-14',
      notes: 'Customer asked for a reference',
    });
    await this.until('it is an opportunity on hold', () => this.inbound(referral.id)?.['statuscode'] === 2);
    const id = String(this.inbound(referral.id)?.['opportunityid']);
    this.show(id);
    this.seller.update('opportunity', id, { statuscode: 1 });
    await this.until(
      'moving it out of hold has accepted it',
      () => this.world.partnerCenter.referral(referral.id)?.status === 'Active',
    );
    await this.until('its state here says so', () => this.opportunity(id)['cosell_syncstatus'] === choice(2));
    this.show(id);
    return id;
  }

  private async colleague(): Promise<void> {
    this.chapter(5, 'A colleague makes a deal in the portal; it lands in the active stage');
    const referral = this.world.partnerCenter.portal.createDeal({
      name: 'Nordwind Yard & Gate',
      customer: {
        name: 'Nordwind Logistik AG',
        address: { addressLine1: 'Kaistraße 4', city: 'Kiel', postalCode: '24103', country: 'DE' },
      } as never,
      solutions: ['SOL-70422-QLM'],
      value: 4_200_000,
      currency: 'SEK',
      closingDate: '2027-02-26',
      shared: true,
    });
    await this.until(
      'it is an active opportunity of the right one of two accounts that look alike',
      () => this.inbound(referral.id)?.['parentaccountid'] === this.seed.accounts.nordwindKiel,
    );
    const id = String(this.inbound(referral.id)?.['opportunityid']);
    await this.until(
      'Partner Center knows the opportunity’s id',
      () => this.world.partnerCenter.referral(referral.id)?.externalReferenceId === id,
    );
    this.show(id);
  }

  private async parked(): Promise<string> {
    this.chapter(6, 'A deal lacks a country; it is parked with a message, mended, and goes through');
    const account = this.seller.create('account', {
      name: 'Ångström & Söner AB',
      address1_line1: 'Storgatan 1',
      address1_city: 'Göteborg',
      address1_postalcode: '411 38',
    });
    const id = this.seller.create('opportunity', {
      name: 'Kylkedja för Ångström & Söner',
      estimatedvalue: 900_000,
      transactioncurrencyid: this.seed.currencies.SEK,
      estimatedclosedate: '2027-04-30',
      customerid: { account },
      parentaccountid: account,
      cosell_customerconsent: true,
      cosell_purchaseintent: choice(0),
      cosell_dealnotes: 'Pilot med 40 bilar',
      cosell_syncwithpartnercenter: true,
    } as never);
    this.solution(id, 'SOL-70422-QLM');
    await this.until('it is parked and says why', () => this.opportunity(id)['cosell_syncstatus'] === choice(4));
    this.say(
      `           message   ${String(this.opportunity(id)['cosell_syncmessage']).replace(/\n/g, '\n                     ')}`,
    );
    this.seller.update('account', account, { address1_country: 'Sverige' });
    await this.until(
      'the country on the account has let it through',
      () => this.opportunity(id)['cosell_syncstatus'] === choice(2),
    );
    this.show(id);
    return id;
  }

  private async win(id: string): Promise<void> {
    this.chapter(7, 'The deal that Microsoft sent is won');
    this.seller.win(id);
    await this.until('it is Closed/Won in Partner Center', () => this.referralOf(id).substatus === 'Won');
    await this.until(
      'the opportunity says that it is closed',
      () => this.opportunity(id)['cosell_syncstatus'] === choice(6),
    );
    this.show(id);
  }

  /** Every linked pair agrees, and another round of polls writes nothing. */
  private async compare(): Promise<void> {
    this.chapter(8, 'Both sides are compared, and a second pass writes nothing');
    const linked = this.seller.list('opportunity', (row) => Boolean(row['cosell_referralidentifier']));
    for (const row of linked) this.assertSame(row);
    this.say(
      `           ${linked.length} opportunities and ${this.world.partnerCenter.referrals().length} referrals show the same name, value, currency and date`,
    );
    const mark = this.world.journal.mark();
    const polls = (service: string): number => this.world.journal.since(mark, service).length;
    await this.until('both sides were polled again', () => polls('partnerCenter') >= 1 && polls('dataverse') >= 2);
    this.waits.pop();
    const writes = this.world.journal
      .since(mark)
      .filter((entry) => entry.service !== 'entra' && !entry.url.includes('cosell_syncstates'))
      .flatMap((entry) => (entry.operations ?? [entry]).map((one) => one.method))
      .filter((method) => method !== 'GET');
    if (writes.length > 0) throw new Error(`the second pass wrote ${writes.length} times`);
    this.say('           no write on either side');
    const sorted = [...this.waits].sort((a, b) => a - b);
    this.say(
      `           from save to visible: median ${seconds(sorted[Math.floor(sorted.length / 2)] ?? 0)}, longest ${seconds(sorted.at(-1) ?? 0)} (Microsoft's documents: wait 10 minutes)`,
    );
  }

  private assertSame(row: Row): void {
    const referral = this.world.partnerCenter.referral(String(row['cosell_referralidentifier']));
    const name = String(row['name']).replace(/ [✔✖]$/u, '');
    const same =
      referral && referral.name?.trim() === name && referral.details.dealValue === Number(row['estimatedvalue']);
    if (!same)
      throw new Error(
        `"${name}" differs: ${String(row['estimatedvalue'])} here, ${String(referral?.details.dealValue)} there ("${String(referral?.name)}")`,
      );
  }

  // ------------------------------------------------------------ helpers

  private get seller(): ReturnType<World['dataverse']['as']> {
    return this.world.dataverse.as(this.seed.users.seller);
  }

  private opportunity(id: string): Row {
    return this.seller.get('opportunity', id) ?? ({} as Row);
  }

  private inbound(referralId: string): Row | undefined {
    return this.seller.list('opportunity', (row) => row['cosell_referralidentifier'] === referralId)[0];
  }

  private referralOf(id: string): NonNullable<ReturnType<World['partnerCenter']['referral']>> {
    const referral = this.world.partnerCenter.referral(String(this.opportunity(id)['cosell_referralidentifier']));
    if (!referral) throw new Error(`no referral for opportunity ${id}`);
    return referral;
  }

  private solution(opportunity: string, id: string): void {
    const [row] = this.seller.list('cosell_solution', (one) => one['cosell_solutionidentifier'] === id);
    this.seller.create('cosell_opportunitysolution', {
      cosell_name: id,
      cosell_opportunityid: opportunity,
      cosell_solutionid: String(row?.['cosell_solutionid']),
    });
  }

  private chapter(number: number, title: string): void {
    this.say();
    this.say(`${number}. ${title}`);
  }

  private async until(what: string, condition: () => boolean): Promise<void> {
    const from = Date.now();
    while (!condition()) {
      if (Date.now() - from > patienceMs)
        throw new Error(`after ${patienceMs / 1000} s it is still not true that ${what}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    this.waits.push(Date.now() - from);
    this.say(`           ${seconds(Date.now() - from).padStart(6)}   ${what}`);
  }

  private show(id: string, columns: readonly string[] = []): void {
    const row = this.opportunity(id);
    const referral = this.referralOf(id);
    const status = ['not shared', 'syncing', 'synced', 'on hold', 'needs attention', 'paused', 'closed'][
      Number(row['cosell_syncstatus']) - choice(0)
    ];
    const currency =
      Object.entries(this.seed.currencies).find(([, currencyId]) => currencyId === row['transactioncurrencyid'])?.[0] ??
      '';
    this.say(
      `           Dynamics  ${String(row['name'])} | ${String(row['estimatedvalue'])} ${currency} | ${String(row['estimatedclosedate'])} | ${status}`,
    );
    for (const column of columns)
      this.say(`                     ${column.replace('cosell_', '')}: ${String(row[column])}`);
    this.say(
      `           Partner   ${String(referral.name)} | ${String(referral.details.dealValue)} ${String(referral.details.currency)} | ${String(referral.details.closingDateTime)} | ${referral.status}/${referral.substatus}`,
    );
  }
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
