/**
 * Who may ship a whole form and who must ship a difference.
 *
 * Only the owner of a form ships it whole. For a form of the platform a managed package holds
 * what it adds (`solutionaction`), and an unmanaged one holds nothing, since a whole form would
 * flatten the customer's (Microsoft Learn: "Form ALM", "How managed solutions are merged").
 */
import type { Check } from './check';
import { formsOf, tablesOf } from './package';
import { attr, children, type Element } from './xml';

const actionNames = ['Added', 'Modified', 'Removed'];

export const checkFormDiffs: Check = (pkg, report) => {
  for (const table of tablesOf(pkg)) {
    for (const form of formsOf(table)) {
      const where = `form ${form.id} of ${table.name}`;
      const actions = withActions(form.form);
      for (const { element, action } of actions) {
        if (!actionNames.includes(action))
          report('FORM_DIFF', element, `${where}: solutionaction ${action} is unknown`);
      }
      if (!pkg.managed && actions.length > 0)
        report('FORM_DIFF_UNMANAGED', form.element, `${where} is a difference, which only a managed package may hold`);
      if (table.own && pkg.managed && actions.length > 0)
        report('FORM_DIFF_OWN', form.element, `${where} is ours, so it must be whole`);
      if (!table.own && actions.length === 0)
        report(
          'FORM_FULL_FOREIGN',
          form.element,
          `${where} is not ours, so it must be a difference in the managed package and absent from the unmanaged one`,
        );
    }
  }
};

function withActions(element: Element | undefined): { element: Element; action: string }[] {
  return children(element).flatMap((part) => {
    const action = attr(part, 'solutionaction');
    return [...(action === undefined ? [] : [{ element: part, action }]), ...withActions(part)];
  });
}
