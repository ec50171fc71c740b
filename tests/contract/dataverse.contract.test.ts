/**
 * The CRM contract on Dataverse, under both answers to what Microsoft's documents leave open.
 */
import { crmContract, type CrmContractWorld, type SellersEdit } from './crm.contract';
import { dataverseWorld, type DataverseWorld, type WorldOptions } from './dataverse-world';

async function contractWorld(options: WorldOptions): Promise<CrmContractWorld> {
  const world = await dataverseWorld(options);
  return {
    crm: world.crm,
    another: () => world.another(),
    seller: sellerIn(world),
    faults: faultsIn(world),
    stop: world.stop,
  };
}

const statusOf = { open: 1, hold: 2 } as const;

function sellerIn({ emulator, seed }: DataverseWorld): CrmContractWorld['seller'] {
  const seller = emulator.as(seed.users.seller);
  const columns = ({
    name,
    amount,
    share,
    stage,
    referralId,
  }: SellersEdit): Record<string, string | number | boolean> => ({
    ...(name === undefined ? {} : { name }),
    ...(amount === undefined ? {} : { estimatedvalue: amount }),
    ...(share === undefined ? {} : { cosell_syncwithpartnercenter: share }),
    ...(referralId === undefined ? {} : { cosell_referralidentifier: referralId }),
    ...(stage === 'hold' || stage === 'open' ? { statuscode: statusOf[stage] } : {}),
  });
  const close = (id: string, stage: SellersEdit['stage']): void => {
    if (stage === 'won') seller.win(id);
    if (stage === 'lost') seller.lose(id);
  };
  const catalogue = (identifier: string): string => {
    const [row] = seller.list('cosell_solution', (each) => each['cosell_solutionidentifier'] === identifier);
    return row
      ? String(row['cosell_solutionid'])
      : seller.create('cosell_solution', {
          cosell_name: identifier,
          cosell_solutionidentifier: identifier,
          cosell_solutiontype: 'Name',
        });
  };
  return {
    createDeal: (edit = {}) => {
      const id = seller.create('opportunity', {
        name: 'Deal',
        estimatedvalue: 1000,
        estimatedclosedate: '2026-05-31',
        transactioncurrencyid: seed.currencies.EUR,
        customerid: { account: seed.accounts.brueckner },
        parentaccountid: seed.accounts.brueckner,
        parentcontactid: seed.contacts.complete,
        ...columns(edit),
      });
      close(id, edit.stage);
      return { type: 'opportunity', id };
    },
    edit: (ref, edit) => {
      seller.update('opportunity', ref.id, columns(edit));
      close(ref.id, edit.stage);
    },
    delete: (ref) => seller.delete('opportunity', ref.id),
    addSolution: (ref, id, price) =>
      seller.create('cosell_opportunitysolution', {
        cosell_name: id,
        cosell_opportunityid: ref.id,
        cosell_solutionid: catalogue(id),
        cosell_price: price,
        cosell_quantity: 1,
      }),
    removeSolution: (id) => seller.delete('cosell_opportunitysolution', id),
    addSalesTeamMember: (ref) =>
      void seller.create('connection', {
        record1id: { opportunity: ref.id },
        record2id: { systemuser: seed.users.sellerWithoutPhone },
        record2roleid: seed.roles.salesProfessional,
      }),
    changeAccountOf: () => seller.update('account', seed.accounts.brueckner, { telephone1: '+49 1' }),
    countDeals: () => seller.list('opportunity').length,
    countEvents: () => seller.list('cosell_syncevent').length,
  };
}

function faultsIn({ emulator, faults, time, seed }: DataverseWorld): CrmContractWorld['faults'] {
  // A write that commits a step: the batch with the change set, or the row's own request where there are only those.
  const body = /cosell_claim":/;
  return {
    loseNextWriteAnswer: (times = 1) => faults.next({ kind: 'resetAfter', service: 'dataverse', body, times }),
    loseNextWrite: () => faults.next({ kind: 'resetBefore', service: 'dataverse', body }),
    refuseChangesOf: (ref) => {
      emulator.switches.wonLostReadOnly = 'on';
      emulator.as(seed.users.seller).win(ref.id);
    },
    expireWatermarks: () => time.advance(400 * 86_400_000),
  };
}

crmContract('Dataverse', () => contractWorld({}));

crmContract('Dataverse that refuses whatever is not documented', () =>
  contractWorld({
    switches: {
      conditionsInChangeSet: 'refuse',
      winLoseInChangeSet: 'refuse',
      deltaInBatch: 'refuse',
      emptyKeySideBySide: 'refuse',
      ifMatchOnMissing: 412,
      ctStatus: 410,
      staleDeleteOfRecreatedRow: 'on',
      deltaDuplicateRow: 'on',
      etagInChangeSetAnswers: 'off',
      emptyTextBecomesNull: 'off',
    },
  }),
);
