/**
 * Every check of a solution, on its source tree or on a packed zip.
 *
 * Neither SolutionPackager nor Microsoft's schemas notice a lookup without a relationship or a
 * misspelt privilege; the server does, a quarter of an hour into an import. These checks find
 * such defects before. They judge and never change anything.
 */
import { assemble, type Variant } from './assemble';
import { checkApps } from './check-apps';
import { checkColumns } from './check-columns';
import { checkControls } from './check-controls';
import { checkForms } from './check-forms';
import { checkFormDiffs } from './check-form-diffs';
import { checkIds } from './check-ids';
import { checkLanguages } from './check-languages';
import { checkManifest } from './check-manifest';
import { checkRelationships } from './check-relationships';
import { checkRibbons } from './check-ribbon';
import { checkRoles } from './check-roles';
import { checkRootComponents } from './check-roots';
import { checkTables } from './check-tables';
import { checkVariables } from './check-variables';
import { checkViews } from './check-views';
import { contentTypesPart, uncovered } from './content-types';
import { distinct, SolutionRefused, type Finding } from './finding';
import { openZip, type Package } from './package';
import { readZip, textOf, type Tree } from './tree';
import { MalformedXml } from './xml';

export type { Finding } from './finding';

/** Adds a finding. The element tells which file is to blame. */
export type Report = (code: string, where: Parameters<Package['fileOf']>[0] | string, message: string) => void;

/** A group of rules about one kind of thing. */
export type Check = (pkg: Package, report: Report) => void;

const checks: readonly Check[] = [
  checkManifest,
  checkRootComponents,
  checkTables,
  checkColumns,
  checkRelationships,
  checkViews,
  checkForms,
  checkFormDiffs,
  checkControls,
  checkRibbons,
  checkRoles,
  checkApps,
  checkVariables,
  checkIds,
  checkLanguages,
];

/** All that is wrong with a source tree, as managed and as unmanaged package. Empty when it may be packed. */
export function checkSolution(tree: Tree, version?: string): Finding[] {
  const variant = version === undefined ? {} : { version };
  return distinct([true, false].flatMap((managed) => checkVariant(tree, { managed, ...variant })));
}

/** All that is wrong with a source tree as one of its two packages. */
export function checkVariant(tree: Tree, variant: Variant): Finding[] {
  const assembled = assemble(tree, variant);
  return distinct([...assembled.findings, ...(assembled.package ? checkPackage(assembled.package) : [])]);
}

/** All that is wrong with a packed solution, the zip's own hygiene included. */
export function checkZip(zip: Uint8Array): Finding[] {
  try {
    return checkParts(readZip(zip));
  } catch (error) {
    if (!(error instanceof SolutionRefused)) throw error;
    return [...error.findings];
  }
}

function checkParts(tree: Tree): Finding[] {
  const findings: Finding[] = [];
  const found = (code: string, file: string, message: string): number => findings.push({ code, file, message });

  for (const path of tree.keys()) {
    if (/\\|^\/|^[A-Za-z]:|(^|\/)\.\.?(\/|$)/.test(path))
      found('PART_NAME', path, 'part names have forward slashes and no dots or root');
  }
  const types = textOf(tree, contentTypesPart);
  try {
    const parts = [...tree.keys()].filter((path) => path !== contentTypesPart);
    for (const part of types === undefined ? parts : uncovered(types, parts)) {
      found('CONTENT_TYPE_MISSING', part, `${contentTypesPart} does not cover the part, so the server would skip it`);
    }
  } catch (error) {
    if (!(error instanceof MalformedXml)) throw error;
    found('MALFORMED_XML', contentTypesPart, error.message);
  }
  const opened = openZip(tree);
  return distinct([...findings, ...opened.findings, ...(opened.package ? checkPackage(opened.package) : [])]);
}

function checkPackage(pkg: Package): Finding[] {
  const findings: Finding[] = [];
  const report: Report = (code, where, message) =>
    findings.push({ code, file: typeof where === 'string' ? where : pkg.fileOf(where), message });
  for (const check of checks) check(pkg, report);
  return findings;
}
