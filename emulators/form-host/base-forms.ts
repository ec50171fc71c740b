/**
 * Small main forms of the platform's own tables, to stand where Dynamics 365 Sales has its
 * large ones. Our solution ships only a difference for Opportunity; it is shown after these tabs.
 *
 * No pretence of completeness: the columns that sharing a deal needs, in the order of the real form.
 */
import { four } from './base-labels';
import type { CellModel, FormModel, SectionModel, TabModel, Words } from './model';

/** Microsoft's own id of the Opportunity main form; our difference names it as its target. */
export const opportunityFormId = 'a837e4a7-01b8-4f82-a475-be9abd67e667';

const classOf: Readonly<Record<string, string>> = { memo: 'e0dece4b-6fc8-4a8f-a065-082708572369' };
const textClass = '4273edbd-ac1d-40d3-9fb2-095c621b552d';

function cell(spec: string): CellModel {
  const [column = '', kind = ''] = spec.split(':');
  return {
    id: `base-${column}`,
    label: {},
    showLabel: true,
    visible: true,
    colSpan: 1,
    rowSpan: kind === 'memo' ? 3 : 1,
    control: { id: column, classId: classOf[kind] ?? textClass, column, disabled: kind === 'locked', parameters: {} },
  };
}

function section(name: string, label: Words, columns: readonly string[]): SectionModel {
  return { name, label, showLabel: true, visible: true, columns: 1, rows: columns.map((each) => [cell(each)]) };
}

function tab(name: string, label: Words, columns: readonly (readonly SectionModel[])[]): TabModel {
  const width = `${Math.floor(100 / columns.length)}%`;
  return { name, label, visible: true, columns: columns.map((sections) => ({ width, sections })) };
}

const summary = four(['Summary', 'Résumé', 'Sammanfattning', '摘要']);
const addressLabel = four(['Address', 'Adresse', 'Adress', '地址']);
const description = four(['Description', 'Description', 'Beskrivning', '描述']);
const addressColumns = [
  'address1_line1',
  'address1_line2',
  'address1_city',
  'address1_stateorprovince',
  'address1_postalcode',
  'address1_country',
];

function form(table: string, id: string, header: readonly string[], tabs: readonly TabModel[]): FormModel {
  return {
    id,
    table,
    label: four(['Main form', 'Formulaire principal', 'Huvudformulär', '主要表單']),
    tabs,
    header,
    libraries: [],
    handlers: [],
  };
}

export function baseForms(): FormModel[] {
  const information = four([
    'Opportunity information',
    'Informations sur l’opportunité',
    'Information om affärsmöjlighet',
    '商機資訊',
  ]);
  const sales = four(['Sales stage and customer', 'Phase de vente et client', 'Säljfas och kund', '銷售階段與客戶']);
  return [
    form(
      'opportunity',
      opportunityFormId,
      ['estimatedclosedate', 'estimatedvalue', 'statuscode', 'ownerid'],
      [
        tab('Summary', summary, [
          [
            section('opportunity_information', information, [
              'name',
              'customerid',
              'parentaccountid',
              'parentcontactid',
              'transactioncurrencyid',
              'estimatedvalue',
              'estimatedclosedate',
              'closeprobability',
            ]),
          ],
          [
            section('description_section', sales, [
              'statuscode',
              'salesstage',
              'ownerid',
              'description:memo',
              'customerneed:memo',
            ]),
          ],
        ]),
      ],
    ),
    form(
      'account',
      'base-account',
      ['ownerid'],
      [
        tab('SUMMARY_TAB', summary, [
          [
            section(
              'ACCOUNT_INFORMATION',
              four(['Account information', 'Informations sur le compte', 'Kontoinformation', '客戶資訊']),
              ['name', 'telephone1', 'emailaddress1', 'websiteurl'],
            ),
          ],
          [section('ADDRESS', addressLabel, addressColumns)],
        ]),
      ],
    ),
    form(
      'contact',
      'base-contact',
      ['ownerid'],
      [
        tab('SUMMARY_TAB', summary, [
          [
            section(
              'CONTACT_INFORMATION',
              four(['Contact information', 'Informations sur le contact', 'Kontaktinformation', '連絡人資訊']),
              ['firstname', 'lastname', 'jobtitle', 'parentcustomerid', 'emailaddress1', 'telephone1', 'mobilephone'],
            ),
          ],
          [section('ADDRESS', addressLabel, addressColumns)],
        ]),
      ],
    ),
    form(
      'systemuser',
      'base-systemuser',
      [],
      [
        tab('SUMMARY_TAB', summary, [
          [
            section(
              'user information',
              four(['User information', 'Informations sur l’utilisateur', 'Användarinformation', '使用者資訊']),
              ['firstname', 'lastname', 'title', 'internalemailaddress', 'address1_telephone1', 'mobilephone'],
            ),
          ],
        ]),
      ],
    ),
    form(
      'lead',
      'base-lead',
      ['statuscode', 'ownerid'],
      [
        tab('Summary', summary, [
          [
            section(
              'lead_information',
              four(['Lead information', 'Informations sur le prospect', 'Leadinformation', '潛在客戶資訊']),
              ['subject', 'firstname', 'lastname', 'jobtitle', 'companyname', 'emailaddress1', 'telephone1'],
            ),
          ],
          [
            section('lead_description', description, [
              'transactioncurrencyid',
              'estimatedamount',
              'estimatedclosedate',
              'description:memo',
            ]),
          ],
        ]),
      ],
    ),
    form(
      'environmentvariabledefinition',
      'base-environmentvariabledefinition',
      [],
      [
        tab('general', summary, [
          [
            section('definition', summary, [
              'displayname:locked',
              'schemaname:locked',
              'description:memo',
              'defaultvalue:memo',
            ]),
          ],
        ]),
      ],
    ),
    form(
      'environmentvariablevalue',
      'base-environmentvariablevalue',
      [],
      [tab('general', summary, [[section('value', summary, ['schemaname', 'value:memo'])]])],
    ),
  ];
}
