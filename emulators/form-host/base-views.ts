/**
 * Lists of the platform's own tables and the app that sellers work in: only what the page can open.
 */
import { four } from './base-labels';
import type { AppModel, ViewModel, Words } from './model';

type ViewSpec = readonly [
  table: string,
  label: Words,
  columns: readonly (readonly [string, number])[],
  filter: string,
  order: string,
];

const views: readonly ViewSpec[] = [
  [
    'opportunity',
    four(['Open Opportunities', 'Opportunités ouvertes', 'Öppna affärsmöjligheter', '開啟的商機']),
    [
      ['name', 280],
      ['customerid', 200],
      ['estimatedvalue', 130],
      ['estimatedclosedate', 120],
      ['statuscode', 120],
      ['ownerid', 150],
    ],
    '<filter type="and"><condition attribute="statecode" operator="eq" value="0" /></filter>',
    'name',
  ],
  [
    'opportunity',
    four(['Closed Opportunities', 'Opportunités fermées', 'Stängda affärsmöjligheter', '已結束的商機']),
    [
      ['name', 280],
      ['customerid', 200],
      ['actualvalue', 130],
      ['actualclosedate', 120],
      ['statuscode', 120],
      ['ownerid', 150],
    ],
    '<filter type="and"><condition attribute="statecode" operator="ne" value="0" /></filter>',
    'name',
  ],
  [
    'account',
    four(['Active Accounts', 'Comptes actifs', 'Aktiva konton', '使用中的客戶']),
    [
      ['name', 280],
      ['address1_city', 150],
      ['address1_country', 150],
      ['telephone1', 140],
    ],
    '<filter type="and"><condition attribute="statecode" operator="eq" value="0" /></filter>',
    'name',
  ],
  [
    'contact',
    four(['Active Contacts', 'Contacts actifs', 'Aktiva kontakter', '使用中的連絡人']),
    [
      ['fullname', 220],
      ['emailaddress1', 240],
      ['parentcustomerid', 200],
      ['telephone1', 140],
    ],
    '<filter type="and"><condition attribute="statecode" operator="eq" value="0" /></filter>',
    'fullname',
  ],
  [
    'lead',
    four(['Open Leads', 'Prospects ouverts', 'Öppna leads', '開啟的潛在客戶']),
    [
      ['fullname', 200],
      ['subject', 260],
      ['companyname', 200],
      ['statuscode', 140],
    ],
    '<filter type="and"><condition attribute="statecode" operator="eq" value="0" /></filter>',
    'subject',
  ],
  [
    'environmentvariabledefinition',
    four([
      'Environment Variable Definitions',
      'Définitions de variables d’environnement',
      'Definitioner av miljövariabler',
      '環境變數定義',
    ]),
    [
      ['displayname', 280],
      ['schemaname', 240],
      ['defaultvalue', 200],
    ],
    '',
    'displayname',
  ],
  [
    'environmentvariablevalue',
    four([
      'Environment Variable Values',
      'Valeurs de variables d’environnement',
      'Värden för miljövariabler',
      '環境變數值',
    ]),
    [
      ['schemaname', 280],
      ['value', 240],
    ],
    '',
    'schemaname',
  ],
];

export function baseViews(): ViewModel[] {
  return views.map(([table, label, columns, filter, order], index) => ({
    id: `base-view-${index}`,
    table,
    label,
    isDefault: index !== 1,
    queryType: 0,
    columns: columns.map(([name, width]) => ({ name, width })),
    fetchXml: `<fetch><entity name="${table}">${columns.map(([name]) => `<attribute name="${name}" />`).join('')}${filter}<order attribute="${order}" /></entity></fetch>`,
  }));
}

/** The app that sellers work in. Only what the page can open is listed. */
export function salesApp(): AppModel {
  const item = (table: string): { id: string; label: Words; table: string } => ({
    id: `nav_${table}`,
    label: {},
    table,
  });
  return {
    name: 'saleshub',
    label: four(['Sales Hub', 'Centre des ventes', 'Försäljningshubb', '銷售中樞']),
    areas: [
      {
        label: four(['Sales', 'Ventes', 'Försäljning', '銷售']),
        groups: [
          { label: four(['Customers', 'Clients', 'Kunder', '客戶']), items: [item('account'), item('contact')] },
          { label: four(['Sales', 'Ventes', 'Försäljning', '銷售']), items: [item('lead'), item('opportunity')] },
        ],
      },
    ],
  };
}
