import type { Person, Solution } from '../../../domain/deal';
import { createChildIds } from './child-ids';
import { connectionChanges, solutionChanges } from './children';
import type { Environment } from './environment';
import type { Row } from './odata';

const ref = { type: 'opportunity', id: '00000039-295f-f011-8fde-1b67508d0f24' } as const;
const environment = {
  set: (table: string) => `${table}s`,
  nav: (_: string, column: string) => column,
  salesTeamRole: 'role-1',
  stakeholderRole: 'role-2',
} as unknown as Environment;

const childIds = createChildIds();

const pick = (id: string, price: string | null = null): Solution =>
  ({ id, name: id, type: 'Name', publisher: '', price, quantity: null }) as Solution;
const pickRow = (id: string, price: number | null = null): Row => ({
  cosell_opportunitysolutionid: `row-${id}`,
  cosell_price: price,
  cosell_quantity: null,
  cosell_solutionid: { cosell_solutionidentifier: id },
});
const solutions = (wanted: Solution[], present: Row[], knew?: Solution[]): string[] =>
  solutionChanges(ref, wanted, present, {
    environment,
    childIds,
    owner: {},
    catalogue: new Map(wanted.map(({ id }) => [id.toLowerCase(), `catalogue-${id}`])),
    ...(knew ? { knew } : {}),
  }).map(({ method, path, body }) =>
    `${method} ${path} ${String((body as Row | undefined)?.['cosell_name'] ?? '')}`.trim(),
  );

const person = (email: string): Person => ({ firstName: 'A', lastName: 'B', phone: '1', email });
const memberRow = (email: string): Row => ({
  connectionid: `row-${email}`,
  roles: [1001],
  user: { internalemailaddress: email },
});
const members = (wanted: string[], present: string[], knew?: string[]): string[] =>
  connectionChanges(ref, 'user', wanted.map(person), present.map(memberRow), {
    environment,
    childIds,
    ids: Object.fromEntries(wanted.map((email) => [email, `id-${email}`])),
    implied: new Set(),
    ...(knew ? { knew: knew.map(person) } : {}),
  }).map(
    ({ method, path, body }) =>
      `${method} ${path} ${JSON.stringify((body as Row | undefined)?.['record2id@odata.bind'] ?? '')}`,
  );

describe('solutions of a record', () => {
  test('what came is added, what went is removed, a new price is written', () => {
    expect(solutions([pick('A', '7'), pick('C')], [pickRow('A'), pickRow('B')], [pick('A'), pick('B')])).toEqual([
      'PATCH cosell_opportunitysolutions(row-A)',
      'POST cosell_opportunitysolutions C',
      'DELETE cosell_opportunitysolutions(row-B)',
    ]);
  });

  test('one that the seller added since the change was planned stays', () => {
    expect(solutions([pick('A'), pick('B')], [pickRow('A'), pickRow('C')], [pick('A')])).toEqual([
      'POST cosell_opportunitysolutions B',
    ]);
  });

  test('one that the seller took off since is not made again, nor is his new price taken back', () => {
    expect(solutions([pick('A'), pick('B'), pick('C')], [pickRow('A', 9)], [pick('A'), pick('B')])).toEqual([
      'POST cosell_opportunitysolutions C',
    ]);
  });

  test('without a plan the rows become what is wanted', () => {
    expect(solutions([pick('A')], [pickRow('B')])).toEqual([
      'POST cosell_opportunitysolutions A',
      'DELETE cosell_opportunitysolutions(row-B)',
    ]);
  });
});

describe('people of a record', () => {
  test('a colleague who was added since the change was planned stays, one who was taken off is not added again', () => {
    expect(
      members(
        ['a@x.example', 'b@x.example', 'n@x.example'],
        ['a@x.example', 'c@x.example'],
        ['a@x.example', 'b@x.example'],
      ),
    ).toEqual(['POST connections "systemusers(id-n@x.example)"']);
  });

  test('one who left in Partner Center is taken off', () => {
    expect(members(['a@x.example'], ['a@x.example', 'b@x.example'], ['a@x.example', 'b@x.example'])).toEqual([
      'DELETE connections(row-b@x.example) ""',
    ]);
  });

  test('one who is there in two roles leaves in both', () => {
    expect(members(['a@x.example'], ['a@x.example', 'b@x.example', 'b@x.example'])).toHaveLength(2);
  });
});
