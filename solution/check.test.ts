import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { strFromU8, strToU8, zipSync } from 'fflate';
import { checkSolution, checkVariant, checkZip } from './check';
import { edited, fullTree, ids, paths, sourceFolder, standInTree, withFile, without } from './fixture';
import { packSolution, SolutionRefused } from './pack';
import { readTree, readZip, textOf, type Tree } from './tree';
import { withoutPayload } from './without-payload';

const variable = 'environmentvariabledefinitions/cosell_pause/environmentvariabledefinition.xml';

/** Settings that no rule reads, left out to make a hundred checks fast. */
const unread =
  /^ *<(?:ImeMode|ValidFor|IsAudit|IsSecured|IsCustomizable|IsRenameable|CanModify|SourceType|IsGlobalF|IsSort|IsDataS|AutoN|IsSearch|IsFilter|IsRetriev|IsLocal)\w*(?: \/>|>[^<]*<\/\w+>)\n/gm;
const slim = (tree: Tree): Tree =>
  new Map(
    // One setting stands for all fourteen.
    [...tree]
      .filter(([path]) => !path.startsWith('environmentvariable') || path === variable)
      .map(([path, bytes]) => {
        if (!/^Entities\/[^/]+\/Entity\.xml$|^Other\/Relationships\//.test(path)) return [path, bytes];
        const short = strFromU8(bytes)
          .replace(unread, '')
          .replace(/<Descriptions>[\s\S]*?<\/Descriptions>/g, '');
        return [path, strToU8(short.replace(/>\s+</g, '><'))];
      }),
  );
const full = slim(fullTree());
const version = '0.1.0.0';
const data = (path: string): string => `${path}.data.xml`;
const manifest = `${paths.control}/ControlManifest.xml`;
const referral = 'Entities/cosell_referral/Entity.xml';
const opportunity = 'Entities/Opportunity/Entity.xml';
const relationships = 'Other/Relationships/Opportunity.xml';
const seller = 'Roles/Co-sell Seller.xml';

const change =
  (path: string, from: string | RegExp, to: string) =>
  (tree: Tree): Tree =>
    edited(tree, path, from, to);
const remove =
  (path: string) =>
  (tree: Tree): Tree =>
    without(tree, path);
const add =
  (path: string, content: string) =>
  (tree: Tree): Tree =>
    withFile(tree, path, content);
const move =
  (from: string, to: string) =>
  (tree: Tree): Tree =>
    withFile(without(tree, from), to, textOf(tree, from) ?? '');

/** What is planted, the finding that must come, the file to blame, and how it is planted. */
const defects: [string, string, string, (tree: Tree) => Tree][] = [
  // Files and layout
  ['broken XML', 'MALFORMED_XML', referral, change(referral, '</Entity>', '')],
  ['an attribute without quotes', 'MALFORMED_XML', seller, change(seller, 'level="Basic"', 'level=Basic')],
  ['a manifest that is not XML', 'MALFORMED_XML', paths.solution, change(paths.solution, '</SolutionManifest>', '')],
  ['no manifest', 'FILE_MISSING', paths.solution, remove(paths.solution)],
  ['another root element than the folder is for', 'WRONG_ROOT', seller, add(seller, '<Rolle />')],
  ['forms of a table whose definition is gone', 'FILE_MISSING', paths.event, remove(paths.event)],
  ['a file that nothing reads', 'UNKNOWN_FILE', 'Reports/x.rdl', add('Reports/x.rdl', '<Report />')],
  [
    'a file that nothing reads beside a table',
    'UNKNOWN_FILE',
    'Entities/Lead/x.xml',
    add('Entities/Lead/x.xml', '<x />'),
  ],
  [
    'no section for web resources',
    'SECTION_ABSENT',
    paths.customizations,
    change(paths.customizations, '<WebResources />', ''),
  ],
  ['no section for apps', 'SECTION_ABSENT', paths.customizations, change(paths.customizations, '<AppModules />', '')],
  ['no placeholder for forms', 'PLACEHOLDER_MISSING', paths.event, change(paths.event, '<FormXml />', '')],
  ['no placeholder for views', 'PLACEHOLDER_MISSING', paths.event, change(paths.event, '<SavedQueries />', '')],
  ['no placeholder for charts', 'PLACEHOLDER_MISSING', paths.event, change(paths.event, '<Visualizations />', '')],
  ['no placeholder for the ribbon', 'PLACEHOLDER_MISSING', referral, change(referral, '<RibbonDiffXml />', '')],
  [
    'a placeholder with content',
    'PLACEHOLDER_FILLED',
    paths.event,
    change(paths.event, '<FormXml />', '<FormXml><forms /></FormXml>'),
  ],
  [
    'a form in a file of another name',
    'FILE_NAME_MISMATCH',
    paths.ownForm.replace('1111}', '1112}'),
    move(paths.ownForm, paths.ownForm.replace('1111}', '1112}')),
  ],
  [
    'a view in a file of another name',
    'FILE_NAME_MISMATCH',
    paths.view,
    change(paths.view, ids.view, ids.view.replace('2}', '3}')),
  ],
  ['a role in a file of another name', 'FILE_NAME_MISMATCH', 'Roles/Seller.xml', move(seller, 'Roles/Seller.xml')],
  [
    'two forms in one file',
    'ONE_COMPONENT_PER_FILE',
    paths.ownForm,
    change(paths.ownForm, '</systemform></forms>', '</systemform><systemform /></forms>'),
  ],
  [
    'a relationship that the index forgets',
    'RELATIONSHIP_INDEX',
    'Other/Relationships.xml',
    change('Other/Relationships.xml', '<EntityRelationship Name="cosell_lead_referral" />', ''),
  ],
  [
    'a relationship that only the index knows',
    'RELATIONSHIP_INDEX',
    'Other/Relationships.xml',
    change('Other/Relationships.xml', 'cosell_lead_referral', 'cosell_lead_nothing'),
  ],
  [
    'a relationship in the file of another table',
    'FILE_NAME_MISMATCH',
    'Other/Relationships/Lead.xml',
    change('Other/Relationships/Lead.xml', 'ReferencedEntityName>Lead<', 'ReferencedEntityName>Account<'),
  ],
  [
    'a package type other than both',
    'PACKAGE_TYPE',
    paths.solution,
    change(paths.solution, '<Managed>2<', '<Managed>1<'),
  ],
  // Manifest
  [
    'a version that is not four numbers',
    'VERSION',
    paths.solution,
    change(paths.solution, '<Version>0.1.0.0<', '<Version>0.1.0-beta<'),
  ],
  [
    'a prefix that the platform keeps for itself',
    'PREFIX',
    paths.solution,
    change(paths.solution, 'Prefix>cosell<', 'Prefix>mscrm<'),
  ],
  ['an option prefix of four digits', 'PREFIX', paths.solution, change(paths.solution, '>48910<', '>4891<')],
  [
    'a package version above that of the service',
    'MANIFEST',
    paths.solution,
    change(paths.solution, 'SolutionPackageVersion="9.1"', 'SolutionPackageVersion="9.9"'),
  ],
  [
    'a needed table that is not announced',
    'MISSING_DEPENDENCY',
    paths.solution,
    change(
      paths.solution,
      /<MissingDependency>\s*<Required type="1" schemaName="lead"[\s\S]*?<\/MissingDependency>\s*<MissingDependency>[\s\S]*<\/MissingDependency>/,
      '',
    ),
  ],
  [
    'a changed form that is not announced',
    'MISSING_DEPENDENCY',
    paths.solution,
    change(paths.solution, /<Required type="60"/, '<Required type="59"'),
  ],
  // Root components
  [
    'a component that is not a root component',
    'ROOT_COMPONENT_NOT_LISTED',
    seller,
    change(paths.solution, /<RootComponent type="20"[^>]*525192b5[^>]*>/, ''),
  ],
  [
    'a choice that is not a root component',
    'ROOT_COMPONENT_NOT_LISTED',
    'OptionSets/cosell_outcome.xml',
    change(paths.solution, /<RootComponent type="9" schemaName="cosell_outcome" behavior="0" ?\/>/, ''),
  ],
  [
    'a form of the platform that is not a root component',
    'ROOT_COMPONENT_NOT_LISTED',
    paths.opportunityForm,
    change(paths.solution, `<RootComponent type="60" id="${ids.opportunityForm}" behavior="0" />`, ''),
  ],
  [
    'a root component that is listed twice',
    'ROOT_COMPONENT_TWICE',
    paths.solution,
    change(
      paths.solution,
      '<RootComponents>',
      '<RootComponents><RootComponent type="9" schemaName="cosell_outcome" behavior="0" />',
    ),
  ],
  [
    'a root component that is not there',
    'ROOT_COMPONENT_ABSENT',
    paths.solution,
    change(
      paths.solution,
      '<RootComponents>',
      '<RootComponents><RootComponent type="61" schemaName="cosell_/gone.js" behavior="0" />',
    ),
  ],
  [
    'a root component in other letters',
    'ROOT_COMPONENT_CASING',
    paths.solution,
    change(paths.solution, 'schemaName="cosell_Cosell.Panel"', 'schemaName="cosell_cosell.panel"'),
  ],
  [
    'a root component of a kind that we never ship',
    'ROOT_COMPONENT_UNKNOWN',
    paths.solution,
    change(
      paths.solution,
      '<RootComponents>',
      '<RootComponents><RootComponent type="29" id="{11111111-1111-5111-8111-111111111112}" behavior="0" />',
    ),
  ],
  [
    'a table of the platform with all its settings',
    'ROOT_BEHAVIOR',
    paths.solution,
    change(paths.solution, 'schemaName="opportunity" behavior="2"', 'schemaName="opportunity" behavior="0"'),
  ],
  [
    'an own table as a shell',
    'ROOT_BEHAVIOR',
    paths.solution,
    change(paths.solution, 'schemaName="cosell_referral" behavior="0"', 'schemaName="cosell_referral" behavior="2"'),
  ],
  // Tables and columns
  [
    'a table name in other letters',
    'NAME_CASING',
    referral,
    change(referral, '<entity Name="cosell_referral">', '<entity Name="cosell_Referral">'),
  ],
  [
    'entity settings on a table of the platform',
    'SHELL_WITH_METADATA',
    opportunity,
    change(opportunity, '<entity Name="Opportunity">', '<entity Name="Opportunity"><IsAuditEnabled>1</IsAuditEnabled>'),
  ],
  ['a table without a key column', 'PRIMARY_KEY', referral, change(referral, '<Type>primarykey<', '<Type>nvarchar<')],
  ['a table without a name column', 'PRIMARY_NAME', referral, change(referral, 'PrimaryName|', '')],
  [
    'a table with two name columns',
    'PRIMARY_NAME',
    referral,
    change(
      referral,
      /(cosell_recordid<\/LogicalName>\s*<RequiredLevel>none<\/RequiredLevel>\s*<DisplayMask>)/,
      'cosell_recordid</LogicalName><RequiredLevel>none</RequiredLevel><DisplayMask>PrimaryName|',
    ),
  ],
  ['a table without owner and organization', 'OWNERSHIP', referral, change(referral, '>UserOwned<', '>None<')],
  [
    'a table without a system column',
    'SYSTEM_COLUMN_MISSING',
    referral,
    change(referral, /<LogicalName>overriddencreatedon</, '<LogicalName>cosell_created<'),
  ],
  ['no entity set name', 'ENTITY_SET_NAME', referral, change(referral, '>cosell_referrals<', '><')],
  [
    'two tables with one entity set name',
    'ENTITY_SET_NAME',
    'Entities/cosell_solution/Entity.xml',
    change('Entities/cosell_solution/Entity.xml', '>cosell_solutions<', '>cosell_referrals<'),
  ],
  [
    'a key on a column that is not there',
    'KEY_COLUMN_MISSING',
    referral,
    change(referral, '<AttributeName>cosell_recordid<', '<AttributeName>cosell_record<'),
  ],
  [
    'a key on a memo',
    'KEY_SHAPE',
    referral,
    change(referral, '<AttributeName>cosell_recordid<', '<AttributeName>cosell_shadow<'),
  ],
  [
    'a key that is too long',
    'KEY_SHAPE',
    referral,
    change(referral, /<MaxLength>100<\/MaxLength>\s*<Length>200</g, '<MaxLength>500</MaxLength><Length>1000<'),
  ],
  ['a column type that does not exist', 'COLUMN_TYPE', referral, change(referral, '<Type>ntext<', '<Type>memo<')],
  ['a text column without a length', 'COLUMN_SHAPE', referral, change(referral, /<MaxLength>100<\/MaxLength>/, '')],
  [
    'a byte length that is not twice the length',
    'COLUMN_SHAPE',
    referral,
    change(referral, '<Length>200<', '<Length>100<'),
  ],
  [
    'a required level that does not exist',
    'COLUMN_SHAPE',
    referral,
    change(referral, '<RequiredLevel>none<', '<RequiredLevel>mandatory<'),
  ],
  ['a column without our prefix', 'COLUMN_PREFIX', opportunity, change(opportunity, /cosell_audit/g, 'contoso_audit')],
  ['a column that is there twice', 'COLUMN_TWICE', referral, change(referral, /cosell_claimedon/g, 'cosell_claim')],
  [
    'a logical name with capitals',
    'NAME_CASING',
    referral,
    change(referral, '<LogicalName>cosell_claim<', '<LogicalName>cosell_Claim<'),
  ],
  [
    'a choice that is not there',
    'CHOICE_MISSING',
    opportunity,
    change(opportunity, '>cosell_dealtype</OptionSetName', '>cosell_kindofdeal</OptionSetName'),
  ],
  [
    'a choice value outside the range of the publisher',
    'CHOICE_VALUE_RANGE',
    'OptionSets/cosell_outcome.xml',
    change('OptionSets/cosell_outcome.xml', '489100003', '100000003'),
  ],
  [
    'a choice value that is there twice',
    'CHOICE_VALUE_TWICE',
    'OptionSets/cosell_outcome.xml',
    change('OptionSets/cosell_outcome.xml', '489100003', '489100002'),
  ],
  [
    'a choice without options',
    'CHOICE_EMPTY',
    'OptionSets/cosell_outcome.xml',
    change('OptionSets/cosell_outcome.xml', /<option [\s\S]*<\/option>/, ''),
  ],
  // Relationships
  [
    'a lookup without a relationship',
    'LOOKUP_WITHOUT_RELATIONSHIP',
    referral,
    change(relationships, /<EntityRelationship Name="cosell_opportunity_referral">[\s\S]*?<\/EntityRelationship>/, ''),
  ],
  [
    'a relationship without a lookup',
    'RELATIONSHIP_WITHOUT_LOOKUP',
    relationships,
    change(relationships, 'AttributeName>cosell_opportunityid<', 'AttributeName>cosell_dealid<'),
  ],
  [
    'a relationship with the table in other letters',
    'NAME_CASING',
    relationships,
    change(relationships, 'ReferencingEntityName>cosell_referral<', 'ReferencingEntityName>cosell_Referral<'),
  ],
  [
    'a table that follows two parents',
    'PARENTAL_TWICE',
    'Other/Relationships/Opportunity.xml',
    change('Other/Relationships/Lead.xml', '<CascadeAssign>NoCascade<', '<CascadeAssign>Cascade<'),
  ],
  [
    'a cascade that does not exist',
    'CASCADE_VALUE',
    relationships,
    change(relationships, '<CascadeDelete>RemoveLink<', '<CascadeDelete>Unlink<'),
  ],
  [
    'rows without an owner that follow an owner',
    'CASCADE_WITHOUT_OWNER',
    relationships,
    change('Entities/cosell_opportunitysolution/Entity.xml', '>UserOwned<', '>OrgOwned<'),
  ],
  [
    'two relationships with one navigation property',
    'NAVIGATION_PROPERTY',
    relationships,
    change(relationships, 'PropertyName>cosell_opportunity_syncevent<', 'PropertyName>cosell_opportunity_referral<'),
  ],
  [
    'a relationship name that is too long',
    'RELATIONSHIP_NAME',
    relationships,
    change(relationships, /cosell_opportunity_syncevent/g, `cosell_${'x'.repeat(100)}`),
  ],
  // Views and charts
  ['a view without an id', 'VIEW_ID', paths.view, change(paths.view, `<savedqueryid>${ids.view}</savedqueryid>`, '')],
  [
    'a view of a column that is not there',
    'VIEW_COLUMN_UNKNOWN',
    paths.view,
    change(paths.view, /cosell_occurredon/g, 'cosell_happenedon'),
  ],
  [
    'a view that shows what it does not fetch',
    'VIEW_CELL_NOT_FETCHED',
    paths.view,
    change(paths.view, '<cell name="cosell_occurredon"', '<cell name="cosell_outcome"'),
  ],
  [
    'a view with the key of another table',
    'VIEW_LAYOUT',
    paths.view,
    change(paths.view, 'id="cosell_synceventid"', 'id="cosell_referralid"'),
  ],
  [
    'a chart of a column that is not there',
    'VIEW_COLUMN_UNKNOWN',
    paths.chart,
    change(paths.chart, 'cosell_outcome', 'cosell_result'),
  ],
  // Forms
  [
    'a form with a column that is not there',
    'FORM_COLUMN_UNKNOWN',
    paths.ownForm,
    change(paths.ownForm, 'datafieldname="cosell_name"', 'datafieldname="cosell_title"'),
  ],
  [
    'a form with a column of ours that the opportunity does not have',
    'FORM_COLUMN_UNKNOWN',
    paths.opportunityForm,
    change(paths.opportunityForm, 'datafieldname="cosell_audit"', 'datafieldname="cosell_trail"'),
  ],
  [
    'a control of the wrong class',
    'FORM_CONTROL_CLASS',
    paths.ownForm,
    change(paths.ownForm, '{4273EDBD-AC1D-40D3-9FB2-095C621B552D}', '{C6D124CA-7EDA-4A60-AEA9-7FB8D318B68F}'),
  ],
  [
    'a control with an unknown attribute',
    'FORM_CONTROL_ATTRIBUTE',
    paths.ownForm,
    change(paths.ownForm, '<control id="cosell_name"', '<control id="cosell_name" colour="red"'),
  ],
  [
    'an id that is used twice on a form',
    'FORM_ID_TWICE',
    paths.ownForm,
    change(paths.ownForm, '777777777703', '777777777702'),
  ],
  [
    'a handler in a library that the form does not load',
    'FORM_LIBRARY',
    paths.ownForm,
    change(paths.ownForm, 'libraryName="cosell_/form.js"', 'libraryName="cosell_/other.js"'),
  ],
  [
    'a library that is not in the package',
    'FORM_LIBRARY',
    paths.ownForm,
    change(paths.ownForm, '<Library name="cosell_/form.js"', '<Library name="cosell_/other.js"'),
  ],
  [
    'a host control with another unique id',
    'PCF_HOST',
    paths.ownForm,
    change(paths.ownForm, `uniqueid="${ids.host}"`, `uniqueid="${ids.view}"`),
  ],
  [
    'a code component that is not in the package',
    'PCF_UNKNOWN',
    paths.ownForm,
    change(paths.ownForm, /cosell_Cosell\.Panel/g, 'cosell_Cosell.Other'),
  ],
  [
    'a property that the component does not have',
    'PCF_PROPERTY',
    paths.ownForm,
    change(paths.ownForm, /value>/g, 'val>'),
  ],
  [
    'a property bound to a column that is not there',
    'PCF_PROPERTY',
    paths.opportunityForm,
    change(paths.opportunityForm, '<value>cosell_audit<', '<value>cosell_trail<'),
  ],
  [
    'only two form factors',
    'PCF_FORM_FACTORS',
    paths.ownForm,
    change(paths.ownForm, 'formFactor="0"', 'formFactor="1"'),
  ],
  [
    'a whole form of the platform',
    'FORM_FULL_FOREIGN',
    paths.opportunityForm,
    change(paths.opportunityForm, / solutionaction="Added"/g, ''),
  ],
  [
    'an action on a form that does not exist',
    'FORM_DIFF',
    paths.opportunityForm,
    change(paths.opportunityForm, 'solutionaction="Added" ord', 'solutionaction="Add" ord'),
  ],
  [
    'a difference of a form in the unmanaged package',
    'FORM_DIFF_UNMANAGED',
    paths.opportunityForm.replace('_managed', ''),
    move(paths.opportunityForm, paths.opportunityForm.replace('_managed', '')),
  ],
  [
    'an own form as a difference',
    'FORM_DIFF_OWN',
    paths.ownForm,
    change(paths.ownForm, '<tab name="general"', '<tab name="general" solutionaction="Added"'),
  ],
  // Code components and web resources
  ['a web resource whose file is missing', 'PAYLOAD_MISSING', data(paths.webResource), remove(paths.webResource)],
  ['a web resource without a description', 'DESCRIPTION_MISSING', paths.webResource, remove(data(paths.webResource))],
  [
    'a web resource named otherwise than its path',
    'FILE_NAME_MISMATCH',
    data(paths.webResource),
    change(data(paths.webResource), '<Name>cosell_/form.js<', '<Name>cosell_/script.js<'),
  ],
  [
    'a web resource that lies nowhere in the zip',
    'WEB_RESOURCE_FILE_NAME',
    data(paths.webResource),
    change(data(paths.webResource), '<FileName>/WebResources/', '<FileName>/'),
  ],
  ['an empty web resource', 'PAYLOAD_EMPTY', data(paths.webResource), add(paths.webResource, '')],
  [
    'a web resource of an unknown type',
    'WEB_RESOURCE_TYPE',
    data(paths.webResource),
    change(data(paths.webResource), 'Type>3<', 'Type>8<'),
  ],
  ['a code component without its manifest', 'PAYLOAD_MISSING', data(manifest), remove(manifest)],
  [
    'a code component that is not described',
    'DESCRIPTION_MISSING',
    `${paths.control}/bundle.js`,
    remove(data(manifest)),
  ],
  [
    'a code component without its strings',
    'CONTROL_RESOURCE_MISSING',
    data(manifest),
    remove(`${paths.control}/strings/Panel.1033.resx`),
  ],
  [
    'a code component in the folder of another',
    'CONTROL_FOLDER',
    data(manifest),
    change(manifest, 'constructor="Panel"', 'constructor="Pane"'),
  ],
  [
    'a code component that was not built',
    'CONTROL_BUNDLE_STUB',
    data(manifest),
    add(`${paths.control}/bundle.js`, 'export class Panel {}'),
  ],
  [
    'two files for one part of the zip',
    'PART_TWICE',
    'WebResources/cosell_/two.js',
    (tree) =>
      withFile(
        withFile(tree, 'WebResources/cosell_/two.js', 'x'),
        data('WebResources/cosell_/two.js'),
        (textOf(tree, data(paths.webResource)) ?? '').replace('<Name>cosell_/form.js', '<Name>cosell_/two.js'),
      ),
  ],
  // Roles
  [
    'a privilege in other letters',
    'PRIVILEGE_CASING',
    seller,
    change(seller, 'prvReadcosell_referral"', 'prvReadcosell_Referral"'),
  ],
  [
    'a privilege that does not exist',
    'PRIVILEGE_UNKNOWN',
    seller,
    change(seller, 'prvReadEnvironmentVariableDefinition', 'prvReadEnvironmentVariableValue'),
  ],
  [
    'a privilege of a closing activity, which has none of its own',
    'PRIVILEGE_UNKNOWN',
    seller,
    change(seller, 'prvReadLead', 'prvCreateOpportunityClose'),
  ],
  ['a level that does not exist', 'PRIVILEGE_LEVEL', seller, change(seller, 'level="Basic"', 'level="User"')],
  [
    'assigning rows that have no owner',
    'PRIVILEGE_LEVEL',
    seller,
    change(seller, 'prvReadcosell_solution"', 'prvAssigncosell_solution"'),
  ],
  [
    'a local level on rows that have no owner',
    'PRIVILEGE_LEVEL',
    seller,
    change(seller, 'prvReadcosell_solution" level="Global"', 'prvReadcosell_solution" level="Local"'),
  ],
  ['a privilege that is granted twice', 'PRIVILEGE_TWICE', seller, change(seller, 'prvReadLead', 'prvReadOpportunity')],
  [
    'a role that grants nothing',
    'ROLE_EMPTY',
    seller,
    change(seller, /<RolePrivilege [\s\S]*Opportunity" level="Basic" \/>/, ''),
  ],
  [
    'two roles of one name',
    'ROLE_NAME',
    'Roles/Co-sell Manager.xml',
    change('Roles/Co-sell Manager.xml', 'name="Co-sell Manager"', 'name="Co-sell Integration"'),
  ],
  // Apps
  [
    'an app without its site map',
    'APP_REFERENCE',
    paths.app,
    change(paths.app, '<AppModuleComponent type="62" schemaName="cosell_Admin" />', ''),
  ],
  [
    'an app with a table that is not there',
    'APP_REFERENCE',
    paths.app,
    change(paths.app, 'schemaName="cosell_syncevent"', 'schemaName="cosell_event"'),
  ],
  ['an app for a role that is not there', 'APP_REFERENCE', paths.app, change(paths.app, '627090ff', '627090fe')],
  [
    'a site map that leads to a table that is not there',
    'SITE_MAP',
    paths.siteMap,
    change(paths.siteMap, 'Entity="cosell_syncevent"', 'Entity="cosell_event"'),
  ],
  [
    'a site map that leads to a dashboard that is not there',
    'SITE_MAP',
    paths.siteMap,
    change(paths.siteMap, ids.dashboard, ids.view),
  ],
  [
    'a site map with an icon that is not there',
    'SITE_MAP',
    paths.siteMap,
    change(paths.siteMap, 'Entity=', 'VectorIcon="/WebResources/cosell_/icon.svg" Entity='),
  ],
  [
    'a site map that leads nowhere',
    'SITE_MAP',
    paths.siteMap,
    change(paths.siteMap, /<SubArea [\s\S]*syncevent" \/>/, ''),
  ],
  [
    'a dashboard with a view that is not there',
    'SUBGRID',
    paths.dashboard,
    change(paths.dashboard, ids.view, ids.ownForm),
  ],
  [
    'a dashboard with a chart that is not there',
    'SUBGRID',
    paths.dashboard,
    change(paths.dashboard, ids.chart, ids.ownForm),
  ],
  [
    'a handler that calls a function which the script does not have',
    'FORM_FUNCTION',
    paths.ownForm,
    change(paths.ownForm, 'Cosell.onLoad', 'Cosell.onLoaded'),
  ],
  [
    'a property bound to a column of another type',
    'PCF_PROPERTY_TYPE',
    paths.ownForm,
    change(paths.ownForm, /<value>cosell_message</g, '<value>cosell_outcome<'),
  ],
  [
    'a constant that is not among the values of the property',
    'PCF_PROPERTY_TYPE',
    paths.ownForm,
    change(paths.ownForm, />wide</g, '>narrow<'),
  ],
  [
    'a bound property with a constant',
    'PCF_PROPERTY',
    paths.ownForm,
    change(paths.ownForm, /<value>/g, '<value static="true" type="Multiple">'),
  ],
  // Command bars
  [
    'two buttons with one id',
    'RIBBON_ID',
    paths.ribbon,
    change(
      paths.ribbon,
      '</CommandUIDefinition>',
      '<Button Id="cosell.event.Retry.Button" Command="Mscrm.SavePrimary" /></CommandUIDefinition>',
    ),
  ],
  [
    'a button without its command',
    'RIBBON_COMMAND',
    paths.ribbon,
    change(paths.ribbon, 'Command="cosell.event.Retry.Command"', 'Command="cosell.event.Retried.Command"'),
  ],
  [
    'a command that no button has',
    'RIBBON_COMMAND',
    paths.ribbon,
    change(paths.ribbon, 'Command="cosell.event.Retry.Command"', 'Command="Mscrm.SavePrimary"'),
  ],
  [
    'a command with an enable rule that is not there',
    'RIBBON_RULE',
    paths.ribbon,
    change(
      paths.ribbon,
      '<EnableRules><EnableRule Id="cosell.event.Retry.Enable" />',
      '<EnableRules><EnableRule Id="cosell.event.Retry.Enabled" />',
    ),
  ],
  [
    'a command with a display rule that is not there',
    'RIBBON_RULE',
    paths.ribbon,
    change(
      paths.ribbon,
      '<DisplayRule Id="cosell.event.Retry.Display" />',
      '<DisplayRule Id="cosell.event.Retry.Shown" />',
    ),
  ],
  [
    'a button with a label that is not there',
    'RIBBON_LABEL',
    paths.ribbon,
    change(paths.ribbon, '$LocLabels:cosell.event.Retry.Label', '$LocLabels:cosell.event.Retry.Text'),
  ],
  [
    'a button with an icon that is not in the package',
    'RIBBON_RESOURCE',
    paths.ribbon,
    change(paths.ribbon, 'Image16by16="$webresource:cosell_/form.js"', 'Image16by16="$webresource:cosell_/retry.svg"'),
  ],
  [
    'a command that calls a function which the script does not have',
    'RIBBON_FUNCTION',
    paths.ribbon,
    change(paths.ribbon, 'FunctionName="Cosell.onLoad"><', 'FunctionName="Cosell.retry"><'),
  ],
  [
    'an app that lacks a table of its site map',
    'APP_INCOMPLETE',
    paths.app,
    change(paths.app, '<AppModuleComponent type="1" schemaName="cosell_syncevent" />', ''),
  ],
  [
    'an app that lacks a dashboard of its site map',
    'APP_INCOMPLETE',
    paths.app,
    change(paths.app, `<AppModuleComponent type="60" id="${ids.dashboard}" />`, ''),
  ],
  // Environment variables
  [
    'a value of an environment variable',
    'ENVIRONMENT_VARIABLE_VALUE',
    variable.replace('definition.xml', 'values.json'),
    add(variable.replace('definition.xml', 'values.json'), '{}'),
  ],
  [
    'a default that does not fit the type',
    'ENVIRONMENT_VARIABLE_DEFAULT',
    variable,
    change(variable, '>no<', '>false<'),
  ],
  [
    'an environment variable of an unknown type',
    'ENVIRONMENT_VARIABLE',
    variable,
    change(variable, '100000002', '100000005'),
  ],
  [
    'an environment variable without our prefix',
    'ENVIRONMENT_VARIABLE',
    variable,
    change(variable, 'schemaname="cosell_pause"', 'schemaname="pause"'),
  ],
  [
    'an environment variable without a description',
    'LABEL_MISSING',
    variable,
    change(variable, /<description [\s\S]*<\/description>/, ''),
  ],
  // Languages
  [
    'a label in a language that is not announced',
    'LANGUAGE',
    'OptionSets/cosell_outcome.xml',
    change(
      'OptionSets/cosell_outcome.xml',
      '<label description="Applied" languagecode="1033" />',
      '<label description="Applied" languagecode="1033" /><label description="Appliqué" languagecode="1036" />',
    ),
  ],
  [
    'a label that is missing in the base language',
    'LABEL_MISSING',
    'OptionSets/cosell_outcome.xml',
    change(
      'OptionSets/cosell_outcome.xml',
      '<label description="Applied" languagecode="1033" />',
      '<label description="Appliqué" languagecode="1036" />',
    ),
  ],
  [
    'a label that lacks a language which the solution announces',
    'LABEL_MISSING',
    'OptionSets/cosell_outcome.xml',
    change(paths.customizations, '<Language>1033<', '<Language>1036</Language><Language>1033<'),
  ],
  [
    'a label that is there twice',
    'LABEL_TWICE',
    'OptionSets/cosell_outcome.xml',
    change(
      'OptionSets/cosell_outcome.xml',
      '<label description="Applied" languagecode="1033" />',
      '<label description="Applied" languagecode="1033" /><label description="Done" languagecode="1033" />',
    ),
  ],
  [
    'a title of a site map in a language that is not announced',
    'LANGUAGE',
    paths.siteMap,
    change(
      paths.siteMap,
      '<Title LCID="1033" Title="Sync" />',
      '<Title LCID="1033" Title="Sync" /><Title LCID="1053" Title="Synk" />',
    ),
  ],
  // Ids
  [
    'a GUID without braces',
    'BAD_GUID',
    seller,
    change(seller, /id="\{([^}]*)\}"/, 'id="525192b5-eea7-5f70-a568-1a1a3a203c81"'),
  ],
  [
    'a GUID that two components have',
    'GUID_REUSED',
    paths.chart,
    change(data(paths.webResource), ids.webResource, ids.chart),
  ],
  // Shapes that only a hand-made file has
  [
    'a table in two files',
    'TABLE_TWICE',
    'Entities/COSELL_REFERRAL/Entity.xml',
    (tree) => withFile(tree, 'Entities/COSELL_REFERRAL/Entity.xml', textOf(tree, referral) ?? ''),
  ],
  [
    'a relationship that is defined twice',
    'RELATIONSHIP_TWICE',
    relationships,
    (tree) =>
      edited(
        tree,
        relationships,
        '</EntityRelationships>',
        `${/<EntityRelationship Name[\s\S]*?<\/EntityRelationship>/.exec(textOf(tree, relationships) ?? '')?.[0]}</EntityRelationships>`,
      ),
  ],
  [
    'a relationship of a kind that we never ship',
    'RELATIONSHIP_TYPE',
    relationships,
    change(relationships, '>OneToMany<', '>ManyToMany<'),
  ],
  [
    'a relationship of a table that is not there',
    'RELATIONSHIP_END',
    relationships,
    change(relationships, 'ReferencingEntityName>cosell_referral<', 'ReferencingEntityName>cosell_link<'),
  ],
  [
    'a role of a relationship without a navigation property',
    'NAVIGATION_PROPERTY',
    relationships,
    change(relationships, '<NavigationPropertyName>cosell_opportunity_referral</NavigationPropertyName>', ''),
  ],
  [
    'a view that queries another table',
    'VIEW_FETCH',
    paths.view,
    change(paths.view, 'entity name="cosell_syncevent"', 'entity name="cosell_referral"'),
  ],
  ['a form without content', 'FORM_EMPTY', paths.ownForm, change(paths.ownForm, /<form>[\s\S]*<\/form>/, '')],
  ['a component whose manifest is not one', 'CONTROL_MANIFEST', data(manifest), add(manifest, '<manifest />')],
  [
    'a web resource without our prefix',
    'WEB_RESOURCE_NAME',
    data(paths.webResource),
    change(data(paths.webResource), '<Name>cosell_/', '<Name>contoso_/'),
  ],
];

describe('a broken solution is refused', () => {
  test.each(defects)('%s', (_title, code, file, plant) => {
    const broken = plant(full);
    const managed = !code.endsWith('_UNMANAGED');
    expect(checkVariant(broken, { managed }).map((f) => `${f.code} ${f.file}`)).toContain(`${code} ${file}`);
  });

  test('with everything that is wrong with it at once', () => {
    const broken = [
      change(seller, 'prvReadcosell_referral"', 'prvReadcosell_Referral"'),
      change(paths.view, /cosell_occurredon/g, 'cosell_happenedon'),
      remove(paths.webResource),
    ].reduce((tree, plant) => plant(tree), full);
    const refusal = (() => {
      try {
        packSolution(broken, { managed: true, version });
      } catch (error) {
        return error;
      }
      return undefined;
    })();
    expect(refusal).toBeInstanceOf(SolutionRefused);
    expect(new Set((refusal as SolutionRefused).findings.map((f) => f.code))).toEqual(
      new Set(['PRIVILEGE_CASING', 'VIEW_COLUMN_UNKNOWN', 'PAYLOAD_MISSING']),
    );
    expect((refusal as SolutionRefused).message).toContain('prvReadcosell_Referral');
  });

  test('and each kind of finding in the checks has its defect here', () => {
    const sources = [...readTree(__dirname).keys()].filter((path) => /^(check|merge|assemble)[a-z-]*\.ts$/.test(path));
    const codes = sources.flatMap((path) => {
      const source = readFileSync(join(__dirname, path), 'utf8');
      return [...source.matchAll(/(?:report|found)\(\s*'([A-Z_]+)'|\['([A-Z_]{4,})',|code: '([A-Z_]+)'/g)].map(
        (m) => m[1] ?? m[2] ?? m[3],
      );
    });
    const planted = new Set(defects.map(([, code]) => code));
    const elsewhere = ['PART_NAME', 'CONTENT_TYPE_MISSING'];
    const notReachable = [...new Set(codes)].filter((code) => code && !planted.has(code) && !elsewhere.includes(code));
    expect(notReachable).toEqual([]);
  });
});

describe('a sound solution', () => {
  test('has nothing to find', () => {
    expect(checkSolution(standInTree())).toEqual([]);
    expect(checkSolution(withoutPayload(readTree(sourceFolder)))).toEqual([]);
    expect(checkSolution(fullTree())).toEqual([]);
  });
});

describe('a packed zip', () => {
  const zip = packSolution(full, { managed: true, version });
  const repack = (edit: (parts: Record<string, Uint8Array>) => void): Uint8Array => {
    const parts = Object.fromEntries(readZip(zip));
    edit(parts);
    return zipSync(parts);
  };

  test('is checked by the same rules as its tree', () => {
    expect(checkZip(zip)).toEqual([]);
    const broken = repack((parts) => {
      const customizations = new TextDecoder().decode(parts['customizations.xml']);
      parts['customizations.xml'] = strToU8(
        customizations.replace('prvReadcosell_referral"', 'prvReadcosell_Referral"'),
      );
    });
    expect(checkZip(broken)).toMatchObject([{ code: 'PRIVILEGE_CASING', file: 'customizations.xml' }]);
  });

  test('is refused when a part is not covered by the content types', () => {
    const broken = repack((parts) => (parts['WebResources/cosell_new'] = strToU8('x')));
    expect(checkZip(broken)).toMatchObject([{ code: 'CONTENT_TYPE_MISSING', file: 'WebResources/cosell_new' }]);
  });

  test('is refused when a part name has a backslash', () => {
    const broken = repack((parts) => (parts['WebResources\\cosell.xml'] = strToU8('<x/>')));
    expect(checkZip(broken).map((f) => f.code)).toContain('PART_NAME');
  });

  test('is refused when it lacks a document', () => {
    const broken = repack((parts) => delete parts['solution.xml']);
    expect(checkZip(broken)).toMatchObject([{ code: 'PART_MISSING', file: 'solution.xml' }]);
  });
});
