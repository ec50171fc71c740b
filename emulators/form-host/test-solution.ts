/**
 * A solution for the host's own tests: an invented publisher's form, script, commands, view and one
 * tiny virtual control, in the shape of a packed zip. Test support only.
 */
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import { fixtureSolution } from '../dataverse/fixture-solution';

const both = (english: string, french: string): string =>
  `<labels><label description="${english}" languagecode="1033"/><label description="${french}" languagecode="1036"/></labels>`;

const factors = (name: string, parameters: string): string =>
  ['0', '1', '2']
    .map(
      (factor) =>
        `<customControl formFactor="${factor}" name="${name}"><parameters>${parameters}</parameters></customControl>`,
    )
    .join('');

const form = `<FormXml><forms type="main"><systemform><formid>{A837E4A7-01B8-4F82-A475-BE9ABD67E667}</formid>
  <form><tabs><tab name="abc_tab" id="{1}" solutionaction="Added" ordinalvalue="57">${both('Extra', 'Supplément')}<columns><column width="100%"><sections>
    <section name="abc_section" id="{2}" columns="11">${both('Extra section', 'Section supplémentaire')}<rows>
      <row><cell id="{3}" showlabel="false" colspan="2"><control id="abc_reference" classid="{F9A8A302-114E-466A-B582-6771B2AE0D92}" datafieldname="abc_reference" uniqueid="{AAAAAAAA-0000-4000-8000-00000000000A}"/></cell></row>
      <row><cell id="{4}">${both('A note', 'Une note')}<control id="abc_note" classid="{E0DECE4B-6FC8-4a8f-A065-082708572369}" datafieldname="abc_note"/></cell></row>
    </rows></section></sections></column></columns></tab></tabs>
    <events><event name="onload" application="false" active="false"><Handlers><Handler functionName="Abc.onLoad" libraryName="abc_/form.js" handlerUniqueId="{5}" enabled="true" passExecutionContext="true"/></Handlers></event>
      <event name="onsave" application="false" active="false"><Handlers><Handler functionName="Abc.onSave" libraryName="abc_/form.js" handlerUniqueId="{6}" enabled="true" passExecutionContext="true"/></Handlers></event></events>
    <controlDescriptions><controlDescription forControl="{aaaaaaaa-0000-4000-8000-00000000000a}">
      <customControl id="{4273EDBD-AC1D-40D3-9FB2-095C621B552D}"><parameters><datafieldname>abc_reference</datafieldname></parameters></customControl>
      ${factors('abc_Abc.Echo', '<text>abc_reference</text><recordId type="SingleLine.Text">opportunityid</recordId><limit static="true" type="Whole.None">7</limit>')}
    </controlDescription></controlDescriptions>
    <formLibraries><Library name="abc_/form.js" libraryUniqueId="{7}"/></formLibraries></form></systemform></forms></FormXml>`;

const view = `<SavedQueries><savedqueries><savedquery><savedqueryid>{BBBBBBBB-0000-4000-8000-000000000001}</savedqueryid>
  <layoutxml><grid><row><cell name="name" width="300"/><cell name="abc_reference" width="120"/></row></grid></layoutxml><querytype>0</querytype><isdefault>0</isdefault>
  <fetchxml><fetch><entity name="opportunity"><attribute name="name"/><attribute name="abc_reference"/><filter><condition attribute="abc_reference" operator="not-null"/></filter><order attribute="name"/></entity></fetch></fetchxml>
  <LocalizedNames><LocalizedName description="With reference" languagecode="1033"/></LocalizedNames></savedquery></savedqueries></SavedQueries>`;

const ribbon = `<RibbonDiffXml><CustomActions><CustomAction Id="abc.group" Location="Mscrm.Form.opportunity.MainTab.Save.Controls._children" Sequence="20"><CommandUIDefinition>
    <Button Id="abc.stamp" Command="abc.stamp.Command" LabelText="$LocLabels:abc.stamp.Label" Sequence="20" TemplateAlias="o1"/></CommandUIDefinition></CustomAction></CustomActions>
  <CommandDefinitions><CommandDefinition Id="abc.stamp.Command"><EnableRules><EnableRule Id="abc.saved"/></EnableRules><DisplayRules/><Actions>
    <JavaScriptFunction Library="$webresource:abc_/form.js" FunctionName="Abc.stamp"><CrmParameter Value="PrimaryControl"/><StringParameter Value="stamped"/></JavaScriptFunction></Actions></CommandDefinition></CommandDefinitions>
  <RuleDefinitions><TabDisplayRules/><DisplayRules/><EnableRules><EnableRule Id="abc.saved"><FormStateRule State="Existing"/></EnableRule></EnableRules></RuleDefinitions>
  <LocLabels><LocLabel Id="abc.stamp.Label"><Titles><Title languagecode="1033" description="Stamp"/><Title languagecode="1036" description="Tamponner"/></Titles></LocLabel></LocLabels></RibbonDiffXml>`;

const script = `window.Abc = {
  onLoad(context) { context.getFormContext().data.entity.addOnPostSave(() => context.getFormContext().ui.setFormNotification('Kept', 'INFO', 'kept')); },
  onSave(context) {
    const args = context.getEventArgs();
    if (context.getFormContext().getAttribute('abc_note').getValue() === 'never') {
      args.preventDefault();
      context.getFormContext().getControl('abc_note').setNotification('Not this word', 'word');
    } else context.getFormContext().getControl('abc_note').clearNotification('word');
  },
  async stamp(form, text) { form.getAttribute('abc_reference').setValue(text); await form.data.save(); },
};`;

/** Shows what it is given and writes what is typed; `Reactv16` is the platform's global. */
const bundle = `(() => {
  const R = window.Reactv16;
  class Echo {
    init(context, notify) { this.notify = notify; this.count = 0; }
    updateView(context) {
      this.count += 1;
      const { text, recordId, limit } = context.parameters;
      const shown = [text.raw, recordId.raw, limit.raw, context.mode.isControlDisabled, context.mode.isVisible, context.resources.getString('hello'), text.security.readable].join('|');
      return R.createElement('div', null,
        R.createElement('output', { 'data-echo': true }, shown),
        R.createElement('input', { 'aria-label': 'Echo', defaultValue: text.raw || '', disabled: context.mode.isControlDisabled, onBlur: (event) => { this.next = event.target.value; this.notify(); } }),
        R.createElement('button', { onClick: () => { throw new Error('never drawn'); } }, 'x'));
    }
    getOutputs() { return { text: this.next }; }
    destroy() {}
  }
  ComponentFramework.registerControl('Abc.Echo', Echo);
})();`;

const manifest = `<?xml version="1.0"?><manifest><control namespace="Abc" constructor="Echo" version="0.1.0" display-name-key="Echo" control-type="virtual">
  <property name="text" of-type="SingleLine.Text" usage="bound" required="true" display-name-key="Text"/><property name="recordId" of-type="SingleLine.Text" usage="input" required="false" display-name-key="Id"/>
  <property name="limit" of-type="Whole.None" usage="input" required="false" default-value="5" display-name-key="Limit"/><event name="onEcho" display-name-key="Echo"/>
  <resources><code path="bundle.js" order="1"/><resx path="strings/Echo.1033.resx" version="1.0.0"/><resx path="strings/Echo.1036.resx" version="1.0.0"/><platform-library name="React" version="16.14.0"/></resources></control></manifest>`;

const resx = (text: string): string => `<root><data name="hello"><value>${text}</value></data></root>`;

const webResources = `<WebResources><WebResource><Name>abc_/form.js</Name><WebResourceType>3</WebResourceType><FileName>/WebResources/abc_formjs</FileName></WebResource></WebResources>`;

/** `edit` changes customizations.xml before it is packed, for tests of what must be refused. */
export function hostSolution(edit: (xml: string) => string = (xml) => xml): Uint8Array {
  const parts = unzipSync(fixtureSolution());
  const xml = strFromU8(parts['customizations.xml'] ?? new Uint8Array());
  const start = xml.indexOf('<Entity><Name LocalizedName="Opportunity"');
  const end = xml.indexOf('</Entity>', start);
  const changed = `${xml.slice(0, end)}${form}${view}${ribbon}${xml.slice(end)}`.replace(
    '</ImportExportXml>',
    `${webResources}</ImportExportXml>`,
  );
  return zipSync({
    ...parts,
    'customizations.xml': strToU8(edit(changed)),
    'WebResources/abc_formjs': strToU8(script),
    'Controls/abc_Abc.Echo/ControlManifest.xml': strToU8(manifest),
    'Controls/abc_Abc.Echo/bundle.js': strToU8(bundle),
    'Controls/abc_Abc.Echo/strings/Echo.1033.resx': strToU8(resx('Hello')),
    'Controls/abc_Abc.Echo/strings/Echo.1036.resx': strToU8(resx('Bonjour')),
  });
}
