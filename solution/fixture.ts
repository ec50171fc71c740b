/**
 * For tests: trees that can be packed without building anything.
 *
 * `fullTree` is the data model with one small stand-in for every other kind of component, so that
 * a test can break each in one place. `standInTree` is the whole product whose code components
 * have their real manifests and empty bundles.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readTree, textOf, type Tree } from './tree';
import { withoutPayload } from './without-payload';

export const sourceFolder = join(__dirname, 'src');

export const ids = {
  ownForm: '{11111111-1111-5111-8111-111111111111}',
  view: '{22222222-2222-5222-8222-222222222222}',
  chart: '{33333333-3333-5333-8333-333333333333}',
  webResource: '{44444444-4444-5444-8444-444444444444}',
  dashboard: '{55555555-5555-5555-8555-555555555555}',
  host: '{66666666-6666-5666-8666-666666666666}',
  /** Main form of the opportunity in every environment with Dynamics 365 Sales. */
  opportunityForm: '{a837e4a7-01b8-4f82-a475-be9abd67e667}',
};

/** Replaces a text that must be there; the tree stays as it was. */
export function edited(tree: Tree, path: string, from: string | RegExp, to: string): Tree {
  const before = textOf(tree, path);
  if (before === undefined) throw new Error(`no ${path} in the tree`);
  const after = before.replace(from, () => to);
  if (after === before) throw new Error(`${path} does not contain ${String(from)}`);
  return withFile(tree, path, after);
}

export function withFile(tree: Tree, path: string, content: string): Tree {
  return new Map([...tree, [path, new TextEncoder().encode(content)]]);
}

export function without(tree: Tree, path: string): Tree {
  if (!tree.has(path)) throw new Error(`no ${path} in the tree`);
  return new Map([...tree].filter(([p]) => p !== path));
}

export const paths = {
  solution: 'Other/Solution.xml',
  customizations: 'Other/Customizations.xml',
  event: 'Entities/cosell_syncevent/Entity.xml',
  ownForm: `Entities/cosell_syncevent/FormXml/main/${ids.ownForm}.xml`,
  opportunityForm: `Entities/Opportunity/FormXml/main/${ids.opportunityForm}_managed.xml`,
  view: `Entities/cosell_syncevent/SavedQueries/${ids.view}.xml`,
  chart: `Entities/cosell_syncevent/Visualizations/${ids.chart}.xml`,
  webResource: 'WebResources/cosell_/form.js',
  control: 'Controls/cosell_Cosell.Panel',
  ribbon: 'Entities/cosell_syncevent/RibbonDiff.xml',
  dashboard: `Dashboards/${ids.dashboard}.xml`,
  app: 'AppModules/cosell_Admin/AppModule.xml',
  siteMap: 'AppModuleSiteMaps/cosell_Admin/AppModuleSiteMap.xml',
};

const labels = (name: string): string => `<labels><label description="${name}" languagecode="1033" /></labels>`;
const names = (name: string): string =>
  `<LocalizedNames><LocalizedName description="${name}" languagecode="1033" /></LocalizedNames>`;
const cellId = (n: number): string => `{77777777-7777-5777-8777-7777777777${String(n).padStart(2, '0')}}`;

const hosted = (column: string): string =>
  `<controlDescription forControl="${ids.host}">${['0', '1', '2']
    .map(
      (factor) =>
        `<customControl formFactor="${factor}" name="cosell_Cosell.Panel"><parameters><value>${column}</value><density static="true" type="Enum">wide</density></parameters></customControl>`,
    )
    .join('')}</controlDescription>`;

const ownForm = `<?xml version="1.0" encoding="utf-8"?>
<forms xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><systemform>
  <formid>${ids.ownForm}</formid><IntroducedVersion>0.1.0.0</IntroducedVersion>
  <FormPresentation>1</FormPresentation><FormActivationState>1</FormActivationState>
  <form><tabs><tab name="general" id="${cellId(1)}" IsUserDefined="0">${labels('General')}<columns><column width="100%"><sections>
    <section name="main" id="${cellId(2)}" IsUserDefined="0">${labels('Main')}<rows>
      <row><cell id="${cellId(3)}">${labels('Name')}<control id="cosell_name" classid="{4273EDBD-AC1D-40D3-9FB2-095C621B552D}" datafieldname="cosell_name" /></cell></row>
      <row><cell id="${cellId(4)}">${labels('Message')}<control id="cosell_message" classid="{F9A8A302-114E-466A-B582-6771B2AE0D92}" datafieldname="cosell_message" uniqueid="${ids.host}" /></cell></row>
    </rows></section></sections></column></columns></tab></tabs>
    <events><event name="onload" application="false" active="false"><Handlers><Handler functionName="Cosell.onLoad" libraryName="cosell_/form.js" handlerUniqueId="${cellId(5)}" enabled="true" /></Handlers></event></events>
    <controlDescriptions>${hosted('cosell_message')}</controlDescriptions>
    <formLibraries><Library name="cosell_/form.js" libraryUniqueId="${cellId(6)}" /></formLibraries>
  </form>
  <IsCustomizable>1</IsCustomizable><CanBeDeleted>1</CanBeDeleted>${names('Sync Event')}
</systemform></forms>
`;

const opportunityForm = `<?xml version="1.0" encoding="utf-8"?>
<forms xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><systemform>
  <formid>${ids.opportunityForm}</formid><IntroducedVersion>5.0.0.0</IntroducedVersion>
  <FormPresentation>1</FormPresentation><FormActivationState>1</FormActivationState>
  <form><tabs><tab name="cosell" id="${cellId(11)}" IsUserDefined="1" solutionaction="Added" ordinalvalue="57">${labels('Co-sell')}<columns><column width="100%" id="0"><sections>
    <section name="cosell" id="${cellId(12)}" IsUserDefined="1" ordinalvalue="10000">${labels('Co-sell')}<rows>
      <row><cell id="${cellId(13)}" ordinalvalue="10000">${labels('Audit')}<control id="cosell_audit" classid="{F9A8A302-114E-466A-B582-6771B2AE0D92}" datafieldname="cosell_audit" uniqueid="${ids.host}" /></cell></row>
    </rows></section></sections></column></columns></tab></tabs>
    <controlDescriptions>${hosted('cosell_audit').replace('>', ' solutionaction="Added">')}</controlDescriptions>
  </form>${names('Opportunity')}
</systemform></forms>
`;

const fetch = (...columns: string[]): string =>
  `<fetch version="1.0" mapping="logical"><entity name="cosell_syncevent">${columns
    .map((column) => `<attribute name="${column}" />`)
    .join('')}<order attribute="cosell_occurredon" descending="true" /></entity></fetch>`;

const view = `<?xml version="1.0" encoding="utf-8"?>
<savedqueries xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><savedquery>
  <IsCustomizable>1</IsCustomizable><CanBeDeleted>0</CanBeDeleted><isquickfindquery>0</isquickfindquery>
  <isprivate>0</isprivate><isdefault>1</isdefault><savedqueryid>${ids.view}</savedqueryid>
  <layoutxml><grid name="resultset" jump="cosell_name" select="1" icon="1" preview="1"><row name="result" id="cosell_synceventid"><cell name="cosell_name" width="300" /><cell name="cosell_occurredon" width="125" /></row></grid></layoutxml>
  <querytype>0</querytype><fetchxml>${fetch('cosell_synceventid', 'cosell_name', 'cosell_occurredon')}</fetchxml>
  <IntroducedVersion>0.1.0.0</IntroducedVersion>${names('Sync events')}
</savedquery></savedqueries>
`;

const chart = `<?xml version="1.0" encoding="utf-8"?>
<visualization xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <savedqueryvisualizationid>${ids.chart}</savedqueryvisualizationid>
  <datadescription><datadefinition><fetchcollection><fetch mapping="logical" aggregate="true"><entity name="cosell_syncevent"><attribute name="cosell_name" aggregate="count" alias="n" /><attribute name="cosell_outcome" groupby="true" alias="outcome" /></entity></fetch></fetchcollection><categorycollection><category><measurecollection><measure alias="n" /></measurecollection></category></categorycollection></datadefinition></datadescription>
  <presentationdescription><Chart><Series><Series ChartType="Column" /></Series><ChartAreas><ChartArea /></ChartAreas></Chart></presentationdescription>
  <isdefault>0</isdefault><IntroducedVersion>0.1.0.0</IntroducedVersion>${names('Outcomes')}
</visualization>
`;

const webResource = `<?xml version="1.0" encoding="utf-8"?>
<WebResource xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <WebResourceId>${ids.webResource}</WebResourceId><Name>cosell_/form.js</Name><DisplayName>Form script</DisplayName>
  <WebResourceType>3</WebResourceType><IntroducedVersion>0.1.0.0</IntroducedVersion>
  <IsEnabledForMobileClient>1</IsEnabledForMobileClient><IsAvailableForMobileOffline>0</IsAvailableForMobileOffline>
  <IsCustomizable>0</IsCustomizable><CanBeDeleted>0</CanBeDeleted><IsHidden>0</IsHidden>
  <FileName>/WebResources/cosell_formjs44444444-4444-5444-8444-444444444444</FileName>
</WebResource>
`;

const ribbon = `<?xml version="1.0" encoding="utf-8"?>
<RibbonDiffXml xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <CustomActions><CustomAction Id="cosell.event.Retry.Action" Location="Mscrm.Form.cosell_syncevent.MainTab.Save.Controls._children" Sequence="90"><CommandUIDefinition>
    <Button Id="cosell.event.Retry.Button" Command="cosell.event.Retry.Command" LabelText="$LocLabels:cosell.event.Retry.Label" Image16by16="$webresource:cosell_/form.js" Sequence="1" TemplateAlias="o1" />
  </CommandUIDefinition></CustomAction></CustomActions>
  <Templates><RibbonTemplates Id="Mscrm.Templates" /></Templates>
  <CommandDefinitions><CommandDefinition Id="cosell.event.Retry.Command">
    <EnableRules><EnableRule Id="cosell.event.Retry.Enable" /><EnableRule Id="Mscrm.SelectionCountExactlyOne" /></EnableRules><DisplayRules><DisplayRule Id="cosell.event.Retry.Display" /></DisplayRules>
    <Actions><JavaScriptFunction Library="$webresource:cosell_/form.js" FunctionName="Cosell.onLoad"><CrmParameter Value="PrimaryControl" /></JavaScriptFunction></Actions>
  </CommandDefinition></CommandDefinitions>
  <RuleDefinitions><TabDisplayRules /><DisplayRules><DisplayRule Id="cosell.event.Retry.Display"><FormStateRule State="Existing" /></DisplayRule></DisplayRules>
    <EnableRules><EnableRule Id="cosell.event.Retry.Enable"><CustomRule Library="$webresource:cosell_/form.js" FunctionName="Cosell.onLoad" /></EnableRule></EnableRules></RuleDefinitions>
  <LocLabels><LocLabel Id="cosell.event.Retry.Label"><Titles><Title languagecode="1033" description="Retry" /></Titles></LocLabel></LocLabels>
</RibbonDiffXml>
`;

const controlManifest = `<?xml version="1.0" encoding="utf-8"?>
<manifest><control namespace="Cosell" constructor="Panel" version="0.1.0" display-name-key="Panel" description-key="Panel" control-type="standard">
  <property name="value" display-name-key="Value" of-type="Multiple" usage="bound" required="true" />
  <property name="compact" display-name-key="Compact" of-type="TwoOptions" usage="input" required="false" />
  <property name="density" display-name-key="Density" of-type="Enum" usage="input" required="false"><value name="wide" display-name-key="Wide">wide</value></property>
  <resources><code path="bundle.js" order="1" /><resx path="strings/Panel.1033.resx" version="1.0.0" /></resources>
</control></manifest>
`;
const controlData = `<?xml version="1.0" encoding="utf-8"?>
<CustomControl xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><Name>cosell_Cosell.Panel</Name><FileName>/Controls/cosell_Cosell.Panel/ControlManifest.xml</FileName></CustomControl>
`;

const dashboard = `<?xml version="1.0" encoding="utf-8"?>
<Dashboard xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">${names('Sync health')}<FormId>${ids.dashboard}</FormId><IsCustomizable>1</IsCustomizable><IsDefault>0</IsDefault>
  <FormXml><forms type="dashboard"><form><tabs><tab id="${cellId(21)}" verticallayout="true" showlabel="false">${labels('Tab')}<columns><column width="100%"><sections><section id="${cellId(22)}" showlabel="false" columns="1" showbar="false">${labels('Section')}<rows><row>
    <cell id="${cellId(23)}" colspan="1" rowspan="6">${labels('Outcomes')}<control id="Outcomes" classid="{E7A81278-8635-4D9E-8D4D-59480B391C5B}"><parameters><ViewId>${ids.view}</ViewId><IsUserView>false</IsUserView><RelationshipName></RelationshipName><TargetEntityType>cosell_syncevent</TargetEntityType><ChartGridMode>Chart</ChartGridMode><VisualizationId>${ids.chart}</VisualizationId></parameters></control></cell>
  </row></rows></section></sections></column></columns></tab></tabs></form></forms></FormXml>
</Dashboard>
`;

const siteMap = `<?xml version="1.0" encoding="utf-8"?>
<AppModuleSiteMap xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><SiteMapUniqueName>cosell_Admin</SiteMapUniqueName>
  <SiteMap><Area Id="cosell_area" ShowGroups="true"><Titles><Title LCID="1033" Title="Co-sell" /></Titles><Group Id="cosell_group"><Titles><Title LCID="1033" Title="Sync" /></Titles>
    <SubArea Id="cosell_health" DefaultDashboard="${ids.dashboard}" /><SubArea Id="cosell_events" Entity="cosell_syncevent" />
  </Group></Area></SiteMap>${names('Co-sell administration')}
</AppModuleSiteMap>
`;

const app = `<?xml version="1.0" encoding="utf-8"?>
<AppModule xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><UniqueName>cosell_Admin</UniqueName><IntroducedVersion>0.1.0.0</IntroducedVersion>
  <WebResourceId>953b9fac-1e5e-e611-80d6-00155ded156f</WebResourceId><FormFactor>1</FormFactor><ClientType>4</ClientType>
  <AppModuleComponents><AppModuleComponent type="1" schemaName="cosell_syncevent" /><AppModuleComponent type="60" id="${ids.dashboard}" /><AppModuleComponent type="62" schemaName="cosell_Admin" /></AppModuleComponents>
  <AppModuleRoleMaps><Role id="{627090ff-40a3-4053-8790-584edc5be201}" /></AppModuleRoleMaps>${names('Co-sell administration')}
</AppModule>
`;

const roots = [
  `<RootComponent type="60" id="${ids.opportunityForm}" behavior="0" />`,
  `<RootComponent type="60" id="${ids.dashboard}" behavior="0" />`,
  '<RootComponent type="61" schemaName="cosell_/form.js" behavior="0" />',
  '<RootComponent type="62" schemaName="cosell_Admin" behavior="0" />',
  '<RootComponent type="66" schemaName="cosell_Cosell.Panel" behavior="0" />',
  '<RootComponent type="80" schemaName="cosell_Admin" behavior="0" />',
].join('\n      ');

const formDependency = `<MissingDependency>
        <Required type="60" displayName="Opportunity" parentDisplayName="Opportunity" solution="msdynce_Sales (9.0.4.0076)" id="${ids.opportunityForm}" />
        <Dependent type="60" displayName="Opportunity" parentDisplayName="Opportunity" id="${ids.opportunityForm}" />
      </MissingDependency>`;

/** Labels of one language, so that a test can write one. */
function inEnglish(tree: Tree): Tree {
  const others =
    /\s*<(?:\w+) [^<>]*(?:languagecode|LCID)="(?!1033")\d+"[^<>]*\/>|\s*<Language>(?!1033<)\d+<\/Language>/g;
  return new Map(
    [...tree].map(([path, bytes]) => [
      path,
      path.endsWith('.xml') ? new TextEncoder().encode((textOf(tree, path) ?? '').replace(others, '')) : bytes,
    ]),
  );
}

/** The data model and one of everything else, in memory. */
export function fullTree(): Tree {
  const ours = /^Entities\/[^/]+\/(FormXml|SavedQueries|Visualizations)\/|^Dashboards\//;
  let tree = inEnglish(new Map([...withoutPayload(readTree(sourceFolder))].filter(([path]) => !ours.test(path))));
  tree = edited(tree, paths.solution, /<RootComponent type="(?:26|59|60)"[^>]*>\s*/g, '');
  tree = edited(tree, paths.customizations, '<AppModuleSiteMaps />', '<AppModuleSiteMaps />\n  <AppModules />');
  tree = edited(tree, paths.solution, '</RootComponents>', `  ${roots}\n    </RootComponents>`);
  tree = edited(tree, paths.solution, '</MissingDependencies>', `  ${formDependency}\n    </MissingDependencies>`);
  const added: [string, string][] = [
    [paths.ownForm, ownForm],
    [paths.opportunityForm, opportunityForm],
    [paths.view, view],
    [paths.chart, chart],
    [paths.webResource, 'globalThis.Cosell = { onLoad() {} };\n'],
    [`${paths.webResource}.data.xml`, webResource],
    [`${paths.control}/ControlManifest.xml.data.xml`, controlData],
    [`${paths.control}/ControlManifest.xml`, controlManifest],
    [`${paths.control}/bundle.js`, "ComponentFramework.registerControl('Cosell.Panel', pcf.Panel);\n"],
    [`${paths.control}/strings/Panel.1033.resx`, '<root />'],
    [paths.ribbon, ribbon],
    [paths.dashboard, dashboard],
    [paths.app, app],
    [paths.siteMap, siteMap],
  ];
  for (const [path, content] of added) tree = withFile(tree, path, content);
  return tree;
}

/** Writes a tree to a folder. */
export function writeTree(tree: Tree, folder: string): void {
  for (const [path, bytes] of tree) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, bytes);
  }
}

const projects = join(__dirname, '..', 'pcf-controls');

/** `solution/src` whole, with stand-ins for what a build makes: real manifests, bundles that only register themselves. */
export function standInTree(): Tree {
  let tree = readTree(sourceFolder);
  for (const path of [...tree.keys()]) {
    const described = path.replace(/\.data\.xml$/, '');
    if (described === path || tree.has(described)) continue;
    const control = /^Controls\/cosell_Cosell\.([^/]+)\//.exec(path)?.[1];
    if (control === undefined) tree = withFile(tree, described, `// ${calledFunctions(tree).join(' ')}\n`);
    else for (const [part, content] of standInControl(control)) tree = withFile(tree, part, content);
  }
  return tree;
}

/** Every function that forms and ribbons call. */
function calledFunctions(tree: Tree): string[] {
  const texts = [...tree.keys()]
    .filter((path) => /FormXml\/|RibbonDiff\.xml$/.test(path))
    .map((path) => textOf(tree, path) ?? '');
  return [...new Set(texts.flatMap((text) => [...text.matchAll(/functionName="([^"]+)"/gi)].map((m) => m[1] ?? '')))];
}

/** A component as its build would leave it: pcf-scripts keeps the manifest but for the path of the code. */
function standInControl(constructor: string): [string, string][] {
  const source = readdirSync(projects)
    .map((project) => join(projects, project, constructor, 'ControlManifest.Input.xml'))
    .find((path) => existsSync(path));
  if (source === undefined) throw new Error(`no project in pcf-controls has the component ${constructor}`);
  const manifest = readFileSync(source, 'utf8').replace(/path="index\.tsx?"/, 'path="bundle.js"');
  const folder = `Controls/cosell_Cosell.${constructor}`;
  const strings = [...manifest.matchAll(/<(?:resx|css|img) path="([^"]+)"/g)].map((match) => match[1] ?? '');
  return [
    [`${folder}/ControlManifest.xml`, manifest],
    [`${folder}/bundle.js`, `ComponentFramework.registerControl('Cosell.${constructor}', pcf.${constructor});\n`],
    ...strings.map((path): [string, string] => [`${folder}/${path}`, '<root />']),
  ];
}
