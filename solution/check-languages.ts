/**
 * Labels: each in every language that the solution announces, none twice, none in another.
 *
 * A label without the base language shows as empty to everybody whose language is not shipped;
 * one that lacks another shows English in the middle of that person's form.
 */
import type { Check, Report } from './check';
import { formsOf, inSection, tablesOf, variablesOf } from './package';
import { attr, child, children, rootOf, type Element } from './xml';

export const checkLanguages: Check = (pkg, report) => {
  const base = attr(rootOf(pkg.solution), 'languagecode') ?? '';
  const announced = new Set(inSection(pkg, 'Languages').map((language) => language.textContent?.trim() ?? ''));
  if (!announced.has(base))
    report('LANGUAGE', rootOf(pkg.customizations), `Languages does not list the base language ${base}`);
  // The name of a form of the platform is the platform's to translate; a difference repeats it in one language.
  const foreign = tablesOf(pkg).filter((table) => !table.own);
  const foreignNames = foreign.flatMap((table) => formsOf(table).map((form) => child(form.element, 'LocalizedNames')));
  const scope: Scope = { base, announced, foreignNames: new Set(foreignNames) };
  visit(rootOf(pkg.customizations), scope, report);
  visit(rootOf(pkg.solution), scope, report);
  for (const { path, root } of variablesOf(pkg)) {
    visit(root, scope, (code, _where, message) => report(code, path, message));
  }
};

interface Scope {
  base: string;
  announced: ReadonlySet<string>;
  /** Names of forms that are not ours: one language is enough. */
  foreignNames: ReadonlySet<Element | undefined>;
}

function visit(element: Element, scope: Scope, report: Report): void {
  const { base, announced } = scope;
  const parts = children(element);
  const languages = parts.flatMap((part) => attr(part, 'languagecode') ?? attr(part, 'LCID') ?? []);
  if (languages.length > 0) {
    const where = `${element.nodeName} of ${element.parentNode?.nodeName ?? ''}`;
    for (const language of scope.foreignNames.has(element) ? [base] : new Set([base, ...announced])) {
      if (!languages.includes(language)) {
        const which = language === base ? 'the base language' : 'the announced language';
        report('LABEL_MISSING', element, `${where} has no label in ${which} ${language}`);
      }
    }
    if (new Set(languages).size < languages.length)
      report('LABEL_TWICE', element, `${where} has two labels in one language`);
    for (const language of languages.filter((l) => !announced.has(l))) {
      report('LANGUAGE', element, `${where} has a label in ${language}, which Languages does not list`);
    }
  }
  for (const part of parts) visit(part, scope, report);
}
