import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { edited, sourceFolder } from './fixture';
import { camelCase, generatedPath, renderSchema } from './generated-schema';
import { schemaOf, type Column } from './schema';
import { readTree } from './tree';

const tree = readTree(sourceFolder);
const schema = schemaOf(tree);
const describeColumn = (c: Column): string =>
  [c.logicalName, c.type, c.maxLength, c.decimals, c.choice, c.target, c.defaultValue]
    .filter((v) => v !== undefined)
    .join(' ');
const ownColumns = (table: string): string[] =>
  (schema.tables.find((t) => t.logicalName === table)?.columns ?? []).filter((c) => c.custom).map(describeColumn);

/** What is released can never be renamed, retyped or shortened: customers have data in it. */
const contract: Record<string, string> = {
  opportunity: `cosell_actionreason memo 2000 · cosell_audit memo 20000 · cosell_closereason choice cosell_closereason · cosell_coselltype string 200
    · cosell_customerconsent boolean false · cosell_dealnotes memo 10000 · cosell_dealtype choice cosell_dealtype · cosell_helprequired choice cosell_helprequired
    · cosell_lastsyncedon datetime · cosell_microsoftcrmidentifier string 100 · cosell_microsoftnotes memo 10000 · cosell_microsoftreason memo 2000
    · cosell_microsoftstatus choice cosell_microsoftstatus · cosell_microsoftteam memo 10000 · cosell_notestomicrosoft memo 4000 · cosell_partnerrole string 200
    · cosell_purchaseintent choice cosell_purchaseintent · cosell_referralexpireson datetime · cosell_referralidentifier string 100 · cosell_referrallink string 500
    · cosell_referralstatus choice cosell_referralstatus · cosell_referralsubstatus choice cosell_referralsubstatus · cosell_referralvisibility boolean false
    · cosell_requestedaction choice cosell_requestedaction · cosell_solutionarea string 200 · cosell_solutioncount integer · cosell_solutiondraft memo 20000
    · cosell_solutionplay string 200 · cosell_syncmessage memo 4000 · cosell_syncmessagecode memo 4000 · cosell_syncstatus choice cosell_syncstatus · cosell_syncwithpartnercenter boolean false`,
  lead: `cosell_actionreason memo 2000 · cosell_audit memo 20000 · cosell_referralexpireson datetime · cosell_referralidentifier string 100 · cosell_referrallink string 500
    · cosell_requestedaction choice cosell_requestedaction · cosell_syncmessage memo 4000 · cosell_syncmessagecode memo 4000 · cosell_syncstatus choice cosell_syncstatus · cosell_syncwithpartnercenter boolean false`,
  cosell_referral: `cosell_attempts integer · cosell_claim string 100 · cosell_claimedon datetime · cosell_crmversion string 100 · cosell_due datetime · cosell_engagementid string 100
    · cosell_error memo 4000 · cosell_errorcode string 100 · cosell_leadid lookup lead · cosell_name string 300 · cosell_opportunityid lookup opportunity · cosell_parkedhash string 100
    · cosell_pending memo 200000 · cosell_rawstatus string 400 · cosell_recordid string 100 · cosell_recordtype choice cosell_recordtype · cosell_referraletag string 200
    · cosell_referralidentifier string 100 · cosell_shadow memo 1000000 · cosell_state choice cosell_rowstate`,
  cosell_opportunitysolution: `cosell_name string 300 · cosell_opportunityid lookup opportunity · cosell_price decimal 4 · cosell_quantity decimal 2 · cosell_solutionid lookup cosell_solution`,
  cosell_syncevent: `cosell_code string 100 · cosell_correlationid string 100 · cosell_direction choice cosell_direction · cosell_field string 100 · cosell_leadid lookup lead
    · cosell_message memo 4000 · cosell_name string 300 · cosell_newvalue memo 4000 · cosell_occurredon datetime · cosell_oldvalue memo 4000 · cosell_opportunityid lookup opportunity
    · cosell_outcome choice cosell_outcome · cosell_referralrowid lookup cosell_referral`,
  cosell_solution: `cosell_active boolean true · cosell_name string 300 · cosell_publishername string 200 · cosell_solutionidentifier string 100 · cosell_solutiontype string 50`,
  cosell_taxonomy: `cosell_active boolean true · cosell_code string 100 · cosell_kind choice cosell_taxonomykind · cosell_name string 300 · cosell_validfrom date · cosell_validto date`,
  cosell_syncstate: `cosell_baseline datetime · cosell_comparedon datetime · cosell_leaseowner string 100 · cosell_leaseuntil datetime · cosell_name string 100 · cosell_organizationid string 100 · cosell_watermarks memo 100000`,
};

describe('the data model', () => {
  test.each(Object.keys(contract))('%s has exactly its agreed columns', (table) => {
    expect(ownColumns(table)).toEqual(
      (contract[table] ?? '').split('·').map((line) => line.trim().replace(/\s+/g, ' ')),
    );
  });

  test('has no other table', () => {
    expect(schema.tables.map((t) => t.logicalName).sort()).toEqual(Object.keys(contract).sort());
  });

  test('has the agreed entity sets, ownership, change tracking and keys', () => {
    const shapes = schema.tables
      .filter((t) => t.own)
      .map((t) =>
        [
          t.entitySet,
          t.ownership,
          t.changeTracking,
          t.primaryId,
          t.primaryName,
          ...t.keys.map((k) => `${k.name}(${k.columns.join()})`),
        ].join(' '),
      );
    expect(shapes).toEqual([
      'cosell_opportunitysolutions user true cosell_opportunitysolutionid cosell_name cosell_opportunitysolution_key(cosell_opportunityid,cosell_solutionid)',
      'cosell_referrals user true cosell_referralid cosell_name cosell_referralidentifier_key(cosell_referralidentifier) cosell_recordid_key(cosell_recordid)',
      'cosell_solutions organization true cosell_solutionid cosell_name cosell_solutionidentifier_key(cosell_solutionidentifier)',
      'cosell_syncevents user false cosell_synceventid cosell_name',
      'cosell_syncstates organization false cosell_syncstateid cosell_name cosell_name_key(cosell_name)',
      'cosell_taxonomies organization false cosell_taxonomyid cosell_name',
    ]);
  });

  test('binds every lookup by the name of its column', () => {
    const lookups = schema.tables.flatMap((t) => t.columns.filter((c) => c.custom && c.type === 'lookup'));
    expect(lookups).toHaveLength(7);
    for (const lookup of lookups) expect(lookup.navigationProperty).toBe(lookup.logicalName);
  });

  test('numbers the values of every choice from 489100000 without a gap', () => {
    expect(schema.choices).toHaveLength(14);
    for (const choice of schema.choices) {
      expect(choice.options.map((o) => o.value)).toEqual(choice.options.map((_, i) => 489100000 + i));
    }
  });

  test('has the settings with their documented defaults', () => {
    expect(schema.environmentVariables.map((v) => `${v.schemaName} ${v.type} ${v.defaultValue ?? '-'}`)).toEqual([
      'cosell_activestagename string In Progress',
      'cosell_closedstage string -',
      'cosell_customeraccountcountrycodefield string address1_country',
      'cosell_dealvaluecurrencyfield string transactioncurrencyid',
      'cosell_dealvaluefield string estimatedvalue',
      'cosell_defaultowner string -',
      'cosell_displaycheckmark boolean yes',
      'cosell_inboundscope string all',
      'cosell_logretentiondays number 180',
      'cosell_mapping json {}',
      'cosell_notifyowner boolean yes',
      'cosell_onholdstagename string On Hold',
      'cosell_pause boolean no',
      'cosell_referrallinktemplate string https://partner.microsoft.com/dashboard/v2/referrals/engagements/{engagementId}/referrals/{referralId}',
      'cosell_synccosellopportunitiesonly boolean yes',
    ]);
  });
});

describe('the generated names', () => {
  test('are what the tree says (run: npx tsx solution/generate-schema.ts)', () => {
    expect(readFileSync(join(__dirname, '..', generatedPath), 'utf8')).toBe(renderSchema(schema));
  });

  test('follow the tree when it changes', () => {
    const longer = edited(tree, 'Entities/cosell_solution/Entity.xml', '<MaxLength>50<', '<MaxLength>60<');
    expect(renderSchema(schemaOf(longer))).toContain("cosell_solutiontype: { type: 'string', maxLength: 60 }");
  });

  test('turn labels into keys', () => {
    expect(['Not shared', 'Co-sell', 'Report as abuse/spam/phishing', 'To CRM'].map(camelCase)).toEqual([
      'notShared',
      'coSell',
      'reportAsAbuseSpamPhishing',
      'toCrm',
    ]);
  });

  test('refuse a type that the worker would not know', () => {
    const odd = edited(tree, 'Entities/cosell_solution/Entity.xml', '<Type>bit<', '<Type>money<');
    expect(() => schemaOf(odd)).toThrow('columns of type money are not supported');
  });
});
