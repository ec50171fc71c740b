import { plainId, rowsOf, searchCatalogue } from '../SolutionPicker/rows';
import type { WebApi } from '../SolutionPicker/rows';
import { solution, solutionId } from './fake-dataverse';

const record = '11111111-0000-4000-8000-000000000001';
interface Asked {
  readonly table: string;
  readonly options: string;
  readonly page: number | undefined;
}

function webApi(entities: object[], nextLink = ''): { api: WebApi; asked: Asked[]; sent: unknown[][] } {
  const asked: Asked[] = [];
  const sent: unknown[][] = [];
  const api: Partial<WebApi> = {
    retrieveMultipleRecords: (table, options = '', page) => {
      asked.push({ table, options, page });
      return Promise.resolve({ entities, nextLink });
    },
    retrieveRecord: (...call) => {
      sent.push(call);
      return Promise.resolve({ cosell_solutiondraft: null });
    },
    createRecord: (...call) => {
      sent.push(call);
      return Promise.resolve({ id: '{ABCDEF00-0000-4000-8000-000000000009}', entityType: call[0] });
    },
    updateRecord: (...call) => {
      sent.push(call);
      return Promise.resolve({ id: '', entityType: call[0] });
    },
    deleteRecord: (...call) => {
      sent.push(call);
      return Promise.resolve({ id: '', entityType: call[0] });
    },
  };
  return { api: api as WebApi, asked, sent };
}

describe('the search in the catalogue', () => {
  test('without text asks for the first page of active solutions', async () => {
    const { api, asked } = webApi([]);
    await searchCatalogue(api, '', 'all');
    expect(asked).toEqual([
      {
        table: 'cosell_solution',
        options:
          '?$select=cosell_name,cosell_solutiontype,cosell_publishername,cosell_active,statecode' +
          '&$filter=cosell_active eq true and statecode eq 0&$orderby=cosell_name asc',
        page: 50,
      },
    ]);
  });

  test('looks for the text in name, publisher and identifier, and lets no quote or sign out of it', async () => {
    const { api, asked } = webApi([]);
    await searchCatalogue(api, "O'Hara & [Söhne] 100%#", 'all');
    const literal = "'O''Hara%20%26%20_S%C3%B6hne%5D%20100%25%23'";
    const match = ['name', 'publishername', 'solutionidentifier'].map(
      (column) => `contains(cosell_${column},${literal})`,
    );
    expect(asked[0]?.options).toContain(`statecode eq 0 and (${match.join(' or ')})&$orderby`);
  });

  test('offers only Microsoft’s solutions, or only those of partners, when the form says so', async () => {
    const { api, asked } = webApi([]);
    await searchCatalogue(api, '', 'microsoft');
    await searchCatalogue(api, '', 'cosell');
    expect(asked[0]?.options).toContain(" and (startswith(cosell_publishername,'Microsoft'))&");
    expect(asked[1]?.options).toContain(
      "(cosell_publishername eq null or not startswith(cosell_publishername,'Microsoft'))&",
    );
  });

  test('tells that there are more, and what is inactive', async () => {
    const json = { cosell_solutionid: '{AA}', cosell_name: 'A', cosell_solutiontype: null, cosell_publishername: 'P' };
    const found = await searchCatalogue(webApi([json, { ...json, statecode: 1 }], 'https://next').api, 'a', 'all');
    expect(found.more).toBe(true);
    expect(found.solutions).toEqual([
      { id: 'aa', name: 'A', type: '', publisher: 'P', inactive: false },
      { id: 'aa', name: 'A', type: '', publisher: 'P', inactive: true },
    ]);
  });
});

describe('rows of an opportunity', () => {
  test('come with their solution in one request, oldest first', async () => {
    const json = {
      cosell_opportunitysolutionid: 'R1',
      _cosell_solutionid_value: 'S1',
      cosell_name: 'Old name',
      cosell_price: 99999999999.9999,
      cosell_quantity: null,
      cosell_solutionid: {
        cosell_name: 'New name',
        cosell_solutiontype: 'Name',
        cosell_publishername: 'P',
        cosell_active: false,
      },
    };
    const { api, asked } = webApi([json, { ...json, cosell_solutionid: null }]);
    const rows = await rowsOf(() => api, record).read();
    expect(asked).toHaveLength(1);
    expect(asked[0]?.options).toContain(
      `$filter=_cosell_opportunityid_value eq ${record}&$orderby=createdon asc&$expand=`,
    );
    expect(rows).toEqual([
      {
        solution: { id: 's1', name: 'New name', type: 'Name', publisher: 'P', inactive: true },
        row: { id: 'r1', price: '99999999999.9999', quantity: null },
      },
      {
        // The person may not read the catalogue: the row's own name is all there is.
        solution: { id: 's1', name: 'Old name', type: '', publisher: '', inactive: false },
        row: { id: 'r1', price: '99999999999.9999', quantity: null },
      },
    ]);
  });

  test('are made, changed and removed with nothing but what has to be written', async () => {
    const { api, sent, asked } = webApi([]);
    const rows = rowsOf(() => api, record);
    expect(await rows.add(solution(1), { price: '0', quantity: null })).toBe('abcdef00-0000-4000-8000-000000000009');
    await rows.change({ id: 'r1', price: '1', quantity: '2' }, { price: '1', quantity: null });
    await rows.remove({ id: 'r1', price: '1', quantity: '2' });
    await rows.writeDraft('');
    await rows.writeDraft('x');
    expect(await rows.readDraft()).toBe('');
    await rows.read(solutionId(1));
    expect(sent).toEqual([
      [
        'cosell_opportunitysolution',
        {
          cosell_name: 'Solution 1',
          cosell_price: 0,
          'cosell_opportunityid@odata.bind': `/opportunities(${record})`,
          'cosell_solutionid@odata.bind': `/cosell_solutions(${solutionId(1)})`,
        },
      ],
      ['cosell_opportunitysolution', 'r1', { cosell_quantity: null }],
      ['cosell_opportunitysolution', 'r1'],
      ['opportunity', record, { cosell_solutiondraft: null }],
      ['opportunity', record, { cosell_solutiondraft: 'x' }],
      ['opportunity', record, '?$select=cosell_solutiondraft'],
    ]);
    expect(asked[0]?.options).toContain(`eq ${record} and _cosell_solutionid_value eq ${solutionId(1)}&`);
  });

  test('have plain ids, however they are given', () => {
    expect([plainId('{AB-1}'), plainId(null), plainId(undefined)]).toEqual(['ab-1', '', '']);
  });
});
