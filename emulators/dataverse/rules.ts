/**
 * Which tables have rules of their own, and when they run. Everything that is the same for all
 * tables stands in `records`.
 */
import type { Draft } from './draft';
import type { Records } from './records';
import { baseLanguage } from './labels';
import { applyConnection, mirrorConnection } from './rules-connection';
import { applyNames } from './rules-names';
import { applyNotification } from './rules-notification';
import { applyLead, applyOpportunity, applyProduct, productTotals } from './rules-opportunity';
import type { Row } from './types';
import type { Caller } from './world';

export interface TableRules {
  beforeSave?(draft: Draft): void;
  afterSave?(draft: Draft, records: Records): void;
  afterDelete?(row: Row, records: Records, caller: Caller): void;
}

const none: TableRules = {};

const rules: Readonly<Record<string, TableRules>> = {
  appnotification: { beforeSave: applyNotification },
  account: { beforeSave: applyNames },
  contact: { beforeSave: applyNames },
  systemuser: {
    beforeSave: applyNames,
    afterSave: ({ before, caller, id }, records) => {
      if (before) return;
      const settings = { systemuserid: id, uilanguageid: baseLanguage, localeid: baseLanguage };
      records.create(caller, 'usersettings', settings, { system: true });
    },
  },
  lead: {
    beforeSave: (draft) => {
      applyNames(draft);
      applyLead(draft);
    },
  },
  opportunity: { beforeSave: applyOpportunity },
  opportunityproduct: {
    beforeSave: applyProduct,
    afterSave: (draft, records) => totalUp(String(draft.after['opportunityid']), records, draft.caller),
    afterDelete: (row, records, caller) => totalUp(String(row['opportunityid']), records, caller),
  },
  connection: {
    beforeSave: applyConnection,
    afterSave: mirrorConnection,
    afterDelete: (row, records, caller) => {
      const twin = row['relatedconnectionid'];
      if (typeof twin === 'string' && records.world.store.get('connection', twin)) {
        records.remove(caller, 'connection', twin, { system: true });
      }
    },
  },
};

export function rulesOf(table: string): TableRules {
  return rules[table] ?? none;
}

function totalUp(opportunityId: string, records: Records, caller: Caller): void {
  if (!records.world.store.get('opportunity', opportunityId)) return;
  const total = productTotals(records, opportunityId);
  records.update(
    caller,
    'opportunity',
    opportunityId,
    { totalamount: total, totallineitemamount: total },
    { system: true },
  );
}
