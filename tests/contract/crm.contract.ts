/**
 * What every CRM adapter must do, in the core's words: the comments of the `Crm` port as tests.
 *
 * A second CRM joins by a world of its own and one call of `crmContract`.
 */
import { commitContract } from './crm-commit.contract';
import type { CrmContractWorld } from './crm-contract-world';
import { inboundContract } from './crm-inbound.contract';
import { readingContract } from './crm-reading.contract';

export type { CrmContractWorld, SellersEdit } from './crm-contract-world';

export function crmContract(name: string, makeWorld: () => Promise<CrmContractWorld>): void {
  describe(`CRM port: ${name}`, () => {
    let world: CrmContractWorld;
    beforeEach(async () => {
      world = await makeWorld();
    });
    afterEach(() => world.stop());

    readingContract(() => world);
    commitContract(() => world);
    inboundContract(() => world);
  });
}
