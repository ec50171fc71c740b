/**
 * Names of the platform's own tables and columns in the four languages, as far as the page shows them.
 *
 * The Web API of the emulator speaks English only; a real organization brings these with its language
 * packs. Order of texts: English, French, Swedish, Traditional Chinese.
 */
import type { ColumnModel, OptionModel, TableModel, Words } from './model';

type Four = readonly [english: string, french: string, swedish: string, chinese: string];

export function four([english, french, swedish, chinese]: Four): Words {
  return { '1033': english, '1036': french, '1053': swedish, '1028': chinese };
}

const common: Readonly<Record<string, Four>> = {
  ownerid: ['Owner', 'Propriétaire', 'Ägare', '負責人'],
  statecode: ['Status', 'Statut', 'Status', '狀態'],
  statuscode: ['Status Reason', 'Raison du statut', 'Statusorsak', '狀態原因'],
  createdon: ['Created On', 'Date de création', 'Skapad den', '建立時間'],
  modifiedon: ['Modified On', 'Date de modification', 'Ändrad den', '修改時間'],
  transactioncurrencyid: ['Currency', 'Devise', 'Valuta', '貨幣'],
};

const address: Readonly<Record<string, Four>> = {
  address1_line1: ['Street 1', 'Rue 1', 'Gata 1', '街道 1'],
  address1_line2: ['Street 2', 'Rue 2', 'Gata 2', '街道 2'],
  address1_city: ['City', 'Ville', 'Ort', '城市'],
  address1_stateorprovince: ['State/Province', 'Département', 'Delstat/provins', '州/省'],
  address1_postalcode: ['ZIP/Postal Code', 'Code postal', 'Postnummer', '郵遞區號'],
  address1_country: ['Country/Region', 'Pays/Région', 'Land/region', '國家/地區'],
};

const person: Readonly<Record<string, Four>> = {
  firstname: ['First Name', 'Prénom', 'Förnamn', '名字'],
  lastname: ['Last Name', 'Nom', 'Efternamn', '姓氏'],
  fullname: ['Full Name', 'Nom complet', 'Fullständigt namn', '全名'],
  jobtitle: ['Job Title', 'Fonction', 'Befattning', '職稱'],
  emailaddress1: ['Email', 'Adresse e-mail', 'E-post', '電子郵件'],
  telephone1: ['Business Phone', 'Téléphone professionnel', 'Arbetstelefon', '商務電話'],
  mobilephone: ['Mobile Phone', 'Téléphone mobile', 'Mobiltelefon', '行動電話'],
};

const columns: Readonly<Record<string, Readonly<Record<string, Four>>>> = {
  opportunity: {
    ...common,
    name: ['Topic', 'Rubrique', 'Ämne', '主題'],
    customerid: ['Potential Customer', 'Client potentiel', 'Potentiell kund', '潛在客戶'],
    parentaccountid: ['Account', 'Compte', 'Konto', '客戶'],
    parentcontactid: ['Contact', 'Contact', 'Kontakt', '連絡人'],
    estimatedvalue: ['Est. revenue', 'Chiffre d’affaires estimé', 'Uppskattad intäkt', '估計收益'],
    estimatedclosedate: ['Est. close date', 'Date de clôture estimée', 'Beräknat avslutsdatum', '預估結案日期'],
    actualvalue: ['Actual Revenue', 'Chiffre d’affaires réel', 'Faktisk intäkt', '實際收益'],
    actualclosedate: ['Actual Close Date', 'Date de clôture réelle', 'Faktiskt slutdatum', '實際結束日期'],
    closeprobability: ['Probability', 'Probabilité', 'Sannolikhet', '可能性'],
    salesstage: ['Sales Stage', 'Phase de vente', 'Försäljningsfas', '銷售階段'],
    opportunityratingcode: ['Rating', 'Évaluation', 'Klassificering', '評等'],
    description: ['Description', 'Description', 'Beskrivning', '描述'],
    currentsituation: ['Current Situation', 'Situation actuelle', 'Nuvarande situation', '目前狀況'],
    customerneed: ['Customer Need', 'Besoin du client', 'Kundens behov', '客戶需求'],
    proposedsolution: ['Proposed Solution', 'Solution proposée', 'Föreslagen lösning', '建議的解決方案'],
    originatingleadid: ['Originating Lead', 'Prospect d’origine', 'Ursprungligt lead', '原始潛在客戶'],
    campaignid: ['Source Campaign', 'Campagne source', 'Källkampanj', '來源行銷活動'],
  },
  account: {
    ...common,
    ...address,
    name: ['Account Name', 'Nom du compte', 'Kontonamn', '客戶名稱'],
    telephone1: ['Phone', 'Téléphone', 'Telefon', '電話'],
    emailaddress1: ['Email', 'Adresse e-mail', 'E-post', '電子郵件'],
    websiteurl: ['Website', 'Site web', 'Webbplats', '網站'],
    primarycontactid: ['Primary Contact', 'Contact principal', 'Primär kontakt', '主要連絡人'],
  },
  contact: {
    ...common,
    ...person,
    ...address,
    parentcustomerid: ['Company Name', 'Nom de la société', 'Företagsnamn', '公司名稱'],
  },
  systemuser: {
    ...person,
    title: ['Title', 'Fonction', 'Befattning', '職稱'],
    internalemailaddress: ['Primary Email', 'E-mail principal', 'Primär e-postadress', '主要電子郵件'],
    address1_telephone1: ['Main Phone', 'Téléphone principal', 'Huvudtelefon', '主要電話'],
  },
  lead: {
    ...common,
    ...person,
    ...address,
    subject: ['Topic', 'Rubrique', 'Ämne', '主題'],
    companyname: ['Company Name', 'Nom de la société', 'Företagsnamn', '公司名稱'],
    estimatedamount: ['Est. Value', 'Valeur estimée', 'Uppskattat värde', '估計值'],
    estimatedclosedate: ['Est. Close Date', 'Date de clôture estimée', 'Beräknat avslutsdatum', '預估結案日期'],
    description: ['Description', 'Description', 'Beskrivning', '描述'],
  },
  environmentvariabledefinition: {
    displayname: ['Display Name', 'Nom complet', 'Visningsnamn', '顯示名稱'],
    schemaname: ['Schema Name', 'Nom du schéma', 'Schemanamn', '結構描述名稱'],
    description: ['Description', 'Description', 'Beskrivning', '描述'],
    defaultvalue: ['Default Value', 'Valeur par défaut', 'Standardvärde', '預設值'],
  },
  environmentvariablevalue: {
    schemaname: ['Schema Name', 'Nom du schéma', 'Schemanamn', '結構描述名稱'],
    value: ['Value', 'Valeur', 'Värde', '值'],
  },
  transactioncurrency: {
    currencyname: ['Currency Name', 'Nom de la devise', 'Valutanamn', '貨幣名稱'],
    isocurrencycode: ['Currency Code', 'Code devise', 'Valutakod', '貨幣代碼'],
  },
};

const names: Readonly<Record<string, readonly [Four, Four]>> = {
  opportunity: [
    ['Opportunity', 'Opportunité', 'Affärsmöjlighet', '商機'],
    ['Opportunities', 'Opportunités', 'Affärsmöjligheter', '商機'],
  ],
  account: [
    ['Account', 'Compte', 'Konto', '客戶'],
    ['Accounts', 'Comptes', 'Konton', '客戶'],
  ],
  contact: [
    ['Contact', 'Contact', 'Kontakt', '連絡人'],
    ['Contacts', 'Contacts', 'Kontakter', '連絡人'],
  ],
  lead: [
    ['Lead', 'Prospect', 'Lead', '潛在客戶'],
    ['Leads', 'Prospects', 'Leads', '潛在客戶'],
  ],
  systemuser: [
    ['User', 'Utilisateur', 'Användare', '使用者'],
    ['Users', 'Utilisateurs', 'Användare', '使用者'],
  ],
  team: [
    ['Team', 'Équipe', 'Team', '團隊'],
    ['Teams', 'Équipes', 'Team', '團隊'],
  ],
  environmentvariabledefinition: [
    [
      'Environment Variable Definition',
      'Définition de variable d’environnement',
      'Definition av miljövariabel',
      '環境變數定義',
    ],
    [
      'Environment Variable Definitions',
      'Définitions de variables d’environnement',
      'Definitioner av miljövariabler',
      '環境變數定義',
    ],
  ],
  environmentvariablevalue: [
    ['Environment Variable Value', 'Valeur de variable d’environnement', 'Värde för miljövariabel', '環境變數值'],
    ['Environment Variable Values', 'Valeurs de variables d’environnement', 'Värden för miljövariabler', '環境變數值'],
  ],
  transactioncurrency: [
    ['Currency', 'Devise', 'Valuta', '貨幣'],
    ['Currencies', 'Devises', 'Valutor', '貨幣'],
  ],
};

/** Choices of the platform that the page shows, by `table.column`. */
const choices: Readonly<Record<string, readonly (readonly [number, Four])[]>> = {
  'opportunity.statuscode': [
    [1, ['In Progress', 'En cours', 'Pågående', '進行中']],
    [2, ['On Hold', 'Suspendue', 'Parkerad', '暫止']],
    [3, ['Won', 'Conclue', 'Vunnen', '成交']],
    [4, ['Canceled', 'Annulée', 'Avbruten', '已取消']],
    [5, ['Out-Sold', 'Perdue face à la concurrence', 'Förlorad till konkurrent', '不敵對手']],
  ],
  'lead.statuscode': [
    [1, ['New', 'Nouveau', 'Nytt', '新增']],
    [2, ['Contacted', 'Contacté', 'Kontaktat', '已連絡']],
    [3, ['Qualified', 'Qualifié', 'Kvalificerat', '已審核']],
    [4, ['Lost', 'Perdu', 'Förlorat', '失敗']],
    [5, ['Cannot Contact', 'Contact impossible', 'Kan inte kontaktas', '無法連絡']],
    [6, ['No Longer Interested', 'Plus intéressé', 'Inte längre intresserad', '不再感興趣']],
    [7, ['Canceled', 'Annulé', 'Avbrutet', '已取消']],
  ],
  'opportunity.statecode': [
    [0, ['Open', 'Ouverte', 'Öppen', '開啟']],
    [1, ['Won', 'Conclue', 'Vunnen', '成交']],
    [2, ['Lost', 'Perdue', 'Förlorad', '失敗']],
  ],
  'opportunity.salesstage': [
    [0, ['Qualify', 'Qualifier', 'Kvalificera', '審核']],
    [1, ['Develop', 'Développer', 'Utveckla', '開發']],
    [2, ['Propose', 'Proposer', 'Lägga fram förslag', '提案']],
    [3, ['Close', 'Conclure', 'Avsluta', '結束']],
  ],
  'opportunity.opportunityratingcode': [
    [1, ['Hot', 'Chaude', 'Het', '熱門']],
    [2, ['Warm', 'Tiède', 'Varm', '普通']],
    [3, ['Cold', 'Froide', 'Kall', '冷門']],
  ],
};

export function baseTables(): Record<string, TableModel> {
  return Object.fromEntries(
    Object.entries(names).map(([name, [label, pluralLabel]]) => {
      const listed = Object.entries(columns[name] ?? {}).map(([column, text]) => [
        column,
        columnOf(name, column, text),
      ]);
      return [
        name,
        {
          name,
          label: four(label),
          pluralLabel: four(pluralLabel),
          columns: Object.fromEntries(listed) as Record<string, ColumnModel>,
        },
      ];
    }),
  );
}

function columnOf(table: string, name: string, text: Four): ColumnModel {
  const options: OptionModel[] | undefined = choices[`${table}.${name}`]?.map(([value, label]) => ({
    value,
    label: four(label),
  }));
  return { name, label: four(text), description: {}, ...(options ? { options } : {}) };
}
