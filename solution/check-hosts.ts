/**
 * Code components on forms: the host control, its description and the component's own manifest agree.
 *
 * Neither SolutionPackager nor the schemas notice any of this; the form then shows a plain text
 * box, or an error in place of the control.
 */
import type { Report } from './check';
import { checkHostProperties, type HostScope } from './check-host-properties';
import { controlsOf } from './control-manifest';
import { prefixOf, type FormElement, type Package } from './package';
import { attr, children, descendants, type Element } from './xml';

/** Class id of the control that hosts a code component. Lower case. */
export const hostClass = '{f9a8a302-114e-466a-b582-6771b2ae0d92}';
/** Phone, tablet and web; exports always write all three. */
const formFactors = ['0', '1', '2'];

export function checkHosts(pkg: Package, form: FormElement, controls: readonly Element[], report: Report): void {
  const where = `form ${form.id} of ${form.table.name}`;
  const descriptions = descendants(form.form, 'controlDescription');
  const described = new Set(descriptions.map((d) => attr(d, 'forControl')?.toLowerCase()));
  const hosts = new Map(
    controls.flatMap((c) => (attr(c, 'uniqueid') ? [[attr(c, 'uniqueid')?.toLowerCase(), c]] : [])),
  );

  for (const control of controls) {
    if (attr(control, 'classid')?.toLowerCase() !== hostClass) continue;
    const uniqueId = attr(control, 'uniqueid')?.toLowerCase();
    if (uniqueId === undefined || !described.has(uniqueId)) {
      report(
        'PCF_HOST',
        control,
        `${where}: host ${attr(control, 'id') ?? ''} has no controlDescription for ${uniqueId ?? 'want of a uniqueid'}`,
      );
    }
  }
  const manifests = controlsOf(pkg);
  for (const description of descriptions) {
    const forControl = attr(description, 'forControl') ?? '';
    const action = attr(description, 'solutionaction');
    // A difference may take away or change what the form of the platform has.
    if (action === 'Removed' || action === 'Modified') continue;
    if (!hosts.has(forControl.toLowerCase())) {
      report(
        'PCF_HOST',
        description,
        `${where}: controlDescription for ${forControl || 'nothing'}, but no control has that uniqueid`,
      );
    }
    checkDescription(description, where, { pkg, form, prefix: `${prefixOf(pkg)}_`, manifests }, report);
  }
}

function checkDescription(description: Element, where: string, scope: HostScope, report: Report): void {
  const all = children(description, 'customControl');
  const named = all.filter((c) => attr(c, 'name') !== undefined);
  // A standard control may stand in for one form factor; then it carries the factor and no name.
  const factors = all.flatMap((c) => attr(c, 'formFactor') ?? []).sort();
  if (named.length > 0 && factors.join() !== formFactors.join()) {
    report(
      'PCF_FORM_FACTORS',
      description,
      `${where}: form factors ${factors.join(', ')}, all of 0, 1, 2 must be given once`,
    );
  }
  for (const control of named) {
    const name = attr(control, 'name') ?? '';
    if (!name.startsWith(scope.prefix)) continue;
    const manifest = scope.manifests.get(name);
    if (!manifest) report('PCF_UNKNOWN', control, `${where} uses ${name}, which is not in the package`);
    else checkHostProperties(control, manifest, `${where}, ${name}`, scope, report);
  }
}
