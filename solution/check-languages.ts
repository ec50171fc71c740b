/**
 * Labels: each in the base language, none twice, none in a language that the solution does not announce.
 *
 * A label without the base language shows as empty to everybody whose language is not shipped.
 */
import type { Check, Report } from './check';
import { inSection, variablesOf } from './package';
import { attr, children, rootOf, type Element } from './xml';

export const checkLanguages: Check = (pkg, report) => {
  const base = attr(rootOf(pkg.solution), 'languagecode') ?? '';
  const announced = new Set(inSection(pkg, 'Languages').map((language) => language.textContent?.trim() ?? ''));
  if (!announced.has(base))
    report('LANGUAGE', rootOf(pkg.customizations), `Languages does not list the base language ${base}`);
  visit(rootOf(pkg.customizations), base, announced, report);
  visit(rootOf(pkg.solution), base, announced, report);
  for (const { path, root } of variablesOf(pkg)) {
    visit(root, base, announced, (code, _where, message) => report(code, path, message));
  }
};

function visit(element: Element, base: string, announced: ReadonlySet<string>, report: Report): void {
  const parts = children(element);
  const languages = parts.flatMap((part) => attr(part, 'languagecode') ?? attr(part, 'LCID') ?? []);
  if (languages.length > 0) {
    const where = `${element.nodeName} of ${element.parentNode?.nodeName ?? ''}`;
    if (!languages.includes(base))
      report('LABEL_MISSING', element, `${where} has no label in the base language ${base}`);
    if (new Set(languages).size < languages.length)
      report('LABEL_TWICE', element, `${where} has two labels in one language`);
    for (const language of languages.filter((l) => !announced.has(l))) {
      report('LANGUAGE', element, `${where} has a label in ${language}, which Languages does not list`);
    }
  }
  for (const part of parts) visit(part, base, announced, report);
}
