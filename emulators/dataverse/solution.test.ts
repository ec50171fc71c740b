import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { zipSync, unzipSync } from 'fflate';
import { fixtureSolution, relation, type FixtureParts } from './fixture-solution';
import { startTestOrganization, type Reply, type TestOrganization } from './test-client';

/** Microsoft Learn: "Work with solutions using the asynchronous solution APIs". */
let org: TestOrganization;
beforeEach(async () => {
  org = await startTestOrganization();
});
afterEach(() => org.dataverse.stop());

const base64 = (zip: Uint8Array): string => Buffer.from(zip).toString('base64');
const person = (): ReturnType<TestOrganization['dataverse']['as']> => org.dataverse.as(org.seed.users.seller);
const job = async (id: unknown): Promise<Reply['json']> =>
  (await org.ask('GET', `asyncoperations(${String(id)})?$select=statecode,statuscode,message`)).json;

test('learns tables, columns of existing tables, choices, keys, cascades, settings and roles', async () => {
  const { metadata } = org.dataverse;
  expect(metadata.table('abc_link')).toMatchObject({
    setName: 'abc_links',
    nameColumn: 'abc_name',
    changeTracking: true,
    ownership: 'UserOwned',
  });
  expect(metadata.table('abc_item')).toMatchObject({ changeTracking: false, ownership: 'OrganizationOwned' });
  expect(metadata.column('opportunity', 'abc_reference')).toMatchObject({
    type: 'String',
    maxLength: 100,
    custom: true,
  });
  expect(metadata.column('abc_link', 'abc_state')?.options?.map((option) => option.label)).toEqual(['Red', 'Blue']);
  expect(metadata.roles.get('Abc Integration')?.privileges.get('prvreadabc_link')).toBe('Global');
  expect(person().list('environmentvariabledefinition')).toMatchObject([
    { schemaname: 'abc_setting', defaultvalue: 'yes', type: 100000002 },
  ]);
  expect(person().list('solution', (row) => row['uniquename'] === 'AbcSolution')).toMatchObject([
    { version: '1.0.0.0', ismanaged: true },
  ]);
  const id = person().create('abc_link', { abc_name: 'x' });
  expect(person().get('abc_link', id)).toMatchObject({
    abc_flag: true,
    statecode: 0,
    statuscode: 1,
    ownerid: org.seed.users.seller,
  });
});

test('imports over HTTP as a job that is polled, and a staged upload by its id', async () => {
  const zip = fixtureSolution({ version: '1.1.0.0', extraAttribute: extra });
  const staged = await org.ask('POST', 'StageSolution', { body: { CustomizationFile: base64(zip) } });
  const results = staged.json['StageSolutionResults'] as { StageSolutionUploadId: string; StageSolutionStatus: string };
  expect(results).toMatchObject({
    StageSolutionStatus: 'Passed',
    SolutionDetails: { SolutionUniqueName: 'AbcSolution', SolutionVersion: '1.1.0.0' },
  });
  const body = {
    OverwriteUnmanagedCustomizations: false,
    PublishWorkflows: true,
    SolutionParameters: { StageSolutionUploadId: results.StageSolutionUploadId },
  };
  const started = await org.ask('POST', 'ImportSolutionAsync', { body });
  expect(await job(started.json['AsyncOperationId'])).toMatchObject({ statecode: 2, statuscode: 20 });
  expect(await job(started.json['AsyncOperationId'])).toMatchObject({ statecode: 3, statuscode: 30 });
  expect(org.dataverse.metadata.column('abc_link', 'abc_new')).toBeDefined();
  expect(person().list('solution', (row) => row['uniquename'] === 'AbcSolution')[0]?.['version']).toBe('1.1.0.0');
});

const extra = `<attribute PhysicalName="abc_new"><Type>nvarchar</Type><LogicalName>abc_new</LogicalName><RequiredLevel>none</RequiredLevel>
  <IsCustomField>1</IsCustomField><Format>text</Format><MaxLength>50</MaxLength></attribute>`;

test('rows survive an update of their table', () => {
  const id = person().create('abc_link', { abc_name: 'kept', abc_code: 'K' });
  org.dataverse.installSolution(fixtureSolution({ version: '1.1.0.0', extraAttribute: extra }));
  person().update('abc_link', id, { abc_new: 'filled' });
  expect(person().get('abc_link', id)).toMatchObject({ abc_name: 'kept', abc_new: 'filled' });
});

test('a failed import ends as a failed job that says why', async () => {
  const zip = fixtureSolution({
    version: '1.2.0.0',
    missing: dependency('1', 'msdyn_absent', 'msdynce_Sales (9.0.4.0076)'),
  });
  const started = await org.ask('POST', 'ImportSolutionAsync', { body: { CustomizationFile: base64(zip) } });
  await job(started.json['AsyncOperationId']);
  const done = await job(started.json['AsyncOperationId']);
  expect(done).toMatchObject({ statecode: 3, statuscode: 31 });
  expect(done['message']).toContain('msdyn_absent');
});

function dependency(type: string, name: string, solution: string): string {
  return `<MissingDependency><Required type="${type}" schemaName="${name}" displayName="x" solution="${solution}"/><Dependent type="1" schemaName="abc_link"/></MissingDependency>`;
}

test.each<[string, FixtureParts, RegExp, string]>([
  ['a missing table', { missing: dependency('1', 'quote', 'msdynce_Sales (9.0.4.0076)') }, /quote/, '0x8004801d'],
  [
    'a missing solution',
    { missing: dependency('1', 'opportunity', 'msdynce_Absent (1.0)') },
    /opportunity/,
    '0x8004801d',
  ],
  ['an older version', { version: '0.9.0.0' }, /older/, '0x80048033'],
  ['a version that is no number', { version: '1.0.beta' }, /version/, '0x80048033'],
  ['no primary name', { version: '2.0.0.0', primaryNameMask: 'ValidForForm' }, /PrimaryName/, '0x80048033'],
  [
    'an unknown column type',
    { version: '2.0.0.0', extraAttribute: extra.replace('nvarchar', 'memo') },
    /type 'memo'/,
    '0x80048033',
  ],
  [
    'a lookup without relationship',
    {
      version: '2.0.0.0',
      relationships: relation({
        from: 'abc_link',
        column: 'abc_opportunityid',
        to: 'opportunity',
        remove: 'RemoveLink',
      }),
    },
    /missing its associated relationship/,
    '0x80048033',
  ],
  [
    'a relationship to nowhere',
    {
      version: '2.0.0.0',
      relationships: relation({
        from: 'abc_link',
        column: 'abc_opportunityid',
        to: 'abc_absent',
        remove: 'RemoveLink',
      }),
    },
    /abc_absent doesn't exist/,
    '0x80048033',
  ],
  [
    'a privilege of an unknown table',
    { version: '2.0.0.0', rolePrivileges: '<RolePrivilege name="prvReadabc_absent" level="Global"/>' },
    /prvReadabc_absent/,
    '0x80048033',
  ],
])('refuses %s and leaves the schema alone', (_name, parts, message, code) => {
  const before = org.dataverse.metadata.version;
  expect(() => org.dataverse.installSolution(fixtureSolution(parts))).toThrow(
    expect.objectContaining({ code, message: expect.stringMatching(message) as string }),
  );
  expect(org.dataverse.metadata.version).toBe(before);
});

test.each([
  ['not a zip', Buffer.from('hello')],
  ['a zip without manifest', zipSync({ '[Content_Types].xml': Buffer.from('<Types/>') })],
  [
    'broken XML',
    zipSync({ ...unzipSync(fixtureSolution()), 'customizations.xml': Buffer.from('<ImportExportXml><Entities>') }),
  ],
])('refuses %s', (_name, zip) => {
  expect(() => org.dataverse.installSolution(zip)).toThrow(expect.objectContaining({ code: '0x80048033' }));
});

const built = join(__dirname, '..', '..', 'dist');
const packed = existsSync(built) ? readdirSync(built).filter((name) => name.endsWith('_managed.zip')) : [];

// Only when the solution was packed before (`npx tsx solution/pack-cli.ts`): the fixture above is the rule's own proof.
(packed.length > 0 ? test.each(packed) : test.skip.each(['no packed solution']))(
  'installs the packed solution %s twice',
  (name) => {
    const zip = readFileSync(join(built, name));
    org.dataverse.installSolution(zip);
    org.dataverse.installSolution(zip);
    expect(org.dataverse.metadata.table('cosell_referral')?.keys.size).toBe(2);
    const opportunity = person().create('opportunity', { name: 'Deal', cosell_syncwithpartnercenter: true });
    const row = person().create('cosell_referral', {
      cosell_name: 'r',
      cosell_opportunityid: opportunity,
      cosell_recordid: opportunity,
    });
    person().delete('opportunity', opportunity);
    expect(person().get('cosell_referral', row)?.['cosell_opportunityid']).toBeNull();
  },
);
