/**
 * `npm run demo -- --serve`: both sides as pages, to be played by a person: the seller's Opportunity form with the
 * controls of the packed zip, and Partner Center as Microsoft and the partner's colleagues see it.
 */
import { startFormHost } from '../emulators/form-host';
import { startPartnerCenterPage } from '../emulators/partner-center-page';
import type { World } from '../emulators';
import { sampleDeals } from './demo-data';

export interface Pages {
  readonly deal: string;
  readonly deals: string;
  readonly partnerCenter: string;
  stop(): Promise<void>;
}

export async function startPages(world: World, zip: Uint8Array): Promise<Pages> {
  const { dataverse, clock } = world;
  const { users } = world.ensureSeed();
  const person = (id: string, title: string, roles: readonly string[]) => {
    dataverse.giveRoles(id, roles);
    const name = String(dataverse.as(id).get('systemuser', id)?.['fullname'] ?? title);
    return { id, name, title, cookie: dataverse.signIn(id) };
  };
  const people = [
    person(users.seller, 'Seller', ['Salesperson', 'Co-sell Seller']),
    person(users.sellerWithoutPhone, 'Manager', ['Salesperson as shipped', 'Co-sell Manager']),
  ];
  const host = await startFormHost({ zip, dataverseUrl: dataverse.url, people, clock });
  const partnerCenter = await startPartnerCenterPage(world);
  return {
    deal: host.recordUrl('opportunity', sampleDeals(world), { live: '1' }),
    deals: `${host.url}/main.aspx?live=1&pagetype=entitylist&etn=opportunity`,
    partnerCenter: partnerCenter.url,
    stop: async () => {
      await partnerCenter.stop();
      await host.stop();
    },
  };
}
