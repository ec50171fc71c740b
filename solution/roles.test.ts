import { sourceFolder } from './fixture';
import { readTree, textOf } from './tree';
import { attr, children, parseXml, rootOf } from './xml';

const tree = readTree(sourceFolder);
const granted = (role: string): Map<string, string> =>
  new Map(
    children(children(rootOf(parseXml(textOf(tree, `Roles/${role}.xml`) ?? '')), 'RolePrivileges')[0]).map(
      (privilege) => [(attr(privilege, 'name') ?? '').replace(/^prv/, ''), attr(privilege, 'level') ?? ''],
    ),
  );
const seller = granted('Co-sell Seller');
const manager = granted('Co-sell Manager');
const integration = granted('Co-sell Integration');

/** Who may do what: no, or how far. Basic: own and shared rows; Deep: the business unit and those below; Global: all. */
const matrix: [string, string, string | undefined, string | undefined, string | undefined][] = [
  // what, privilege, seller, manager, integration
  [
    'share a deal, make it visible, accept it (all are columns of the opportunity)',
    'WriteOpportunity',
    'Basic',
    'Deep',
    'Global',
  ],
  ['pick a solution', 'Createcosell_opportunitysolution', 'Basic', 'Deep', 'Global'],
  ['take a solution off a deal', 'Deletecosell_opportunitysolution', 'Basic', 'Deep', 'Global'],
  ['see the state of a referral', 'Readcosell_referral', 'Basic', 'Deep', 'Global'],
  ['change the state of a referral', 'Writecosell_referral', undefined, undefined, 'Global'],
  ['see what was synchronized', 'Readcosell_syncevent', 'Basic', 'Deep', 'Global'],
  ['change what was synchronized', 'Writecosell_syncevent', undefined, undefined, 'Global'],
  ['delete old sync events', 'Deletecosell_syncevent', undefined, undefined, 'Global'],
  ['see the solution catalogue', 'Readcosell_solution', 'Global', 'Global', 'Global'],
  ['add a solution to the catalogue', 'Createcosell_solution', undefined, 'Global', 'Global'],
  ['edit the solution catalogue', 'Writecosell_solution', undefined, 'Global', undefined],
  ['edit the taxonomy', 'Writecosell_taxonomy', undefined, 'Global', undefined],
  ['hold the lease', 'Writecosell_syncstate', undefined, undefined, 'Global'],
  ['read the settings', 'ReadEnvironmentVariableDefinition', 'Global', 'Global', 'Global'],
  ['tell an owner about a deal', 'CreateAppNotification', undefined, undefined, 'Global'],
  ['change the settings', 'WriteEnvironmentVariableDefinition', undefined, undefined, undefined],
  ['create an opportunity for an inbound referral', 'CreateOpportunity', undefined, undefined, 'Global'],
  ['delete an opportunity', 'DeleteOpportunity', undefined, undefined, undefined],
  ['give an account to its owner', 'AssignAccount', undefined, undefined, 'Global'],
  ['change an account', 'WriteAccount', undefined, undefined, undefined],
  ['delete an account', 'DeleteAccount', undefined, undefined, undefined],
  ['change a contact', 'WriteContact', undefined, undefined, undefined],
];

test.each(matrix)('to %s one needs %s', (_what, privilege, ...levels) => {
  expect([seller, manager, integration].map((role) => role.get(privilege))).toEqual(levels);
});

test('the worker may delete only what it keeps itself', () => {
  const deletes = [...integration.keys()].filter((name) => name.startsWith('Delete')).sort();
  expect(deletes).toEqual(['DeleteConnection', 'Deletecosell_opportunitysolution', 'Deletecosell_syncevent']);
});

test('the worker reads metadata to check its mapping', () => {
  for (const name of ['ReadEntity', 'ReadAttribute', 'ReadRelationship', 'ReadOrganization'])
    expect(integration.get(name)).toBe('Global');
});

test('no role of a person reaches a row that its owner does not share, beyond the business units below', () => {
  const everywhere = [...seller, ...manager].filter(
    ([name, level]) => level === 'Global' && /referral$|syncevent$|opportunitysolution$|Opportunity$|Lead$/.test(name),
  );
  expect(everywhere).toEqual([]);
});
