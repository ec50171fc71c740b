/**
 * Is everything of our solution there, down to the columns?
 *
 * A column of ours that is missing (an older solution, an import that went wrong, a restore) would read as empty, and
 * empty would be sent to Partner Center as the seller's wish. So nothing is synced until it is back.
 */
import { SyncError } from '../errors';
import type { PartAnswer } from './batch';
import { requireSolution, type Environment } from './environment';
import { jsonOf } from './failures';
import { leadColumns, opportunityColumns, tables } from './generated/schema';
import { asRows, literal, query, textOf } from './odata';
import type { WebApi } from './web-api';

const needed = [tables.referral, tables.opportunitysolution, tables.syncevent, tables.solution, tables.syncstate];

/** @throws SyncError SOLUTION_MISSING naming every table, or else every column, that is not there */
export async function requireWholeSolution(api: WebApi, environment: Environment): Promise<void> {
  requireSolution(environment);
  const answers = await api.batch(
    needed.map(({ logicalName }) => ({
      method: 'GET' as const,
      path: `EntityDefinitions(LogicalName=${literal(logicalName)})/Attributes${query({ select: 'LogicalName' })}`,
    })),
    'read',
  );
  const own = needed.flatMap(({ logicalName, columns }, index) => {
    const rows = asRows(jsonOf(answers[index]?.[0] as PartAnswer, `columns of ${logicalName}`)['value']);
    const there = new Set(rows.map((row) => textOf(row, 'LogicalName')));
    return missingIn(logicalName, Object.keys(columns), (column) => there.has(column));
  });
  const onRecords = [
    ...missingIn('opportunity', Object.keys(opportunityColumns), (column) =>
      environment.columns('opportunity').has(column),
    ),
    ...missingIn('lead', Object.keys(leadColumns), (column) => environment.columns('lead').has(column)),
  ];
  const missing = [...own, ...onRecords];
  if (missing.length > 0) throw new SyncError('SOLUTION_MISSING', { detail: `missing: ${missing.join(', ')}` });
}

function missingIn(table: string, columns: readonly string[], has: (column: string) => boolean): string[] {
  return columns.filter((column) => column.startsWith('cosell_') && !has(column)).map((column) => `${table}.${column}`);
}
