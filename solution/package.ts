/**
 * A solution as the server reads it: two documents and the loose parts.
 *
 * Both a tree that was merged and a zip that was opened become this, so that one set of checks
 * serves both.
 */
import type { Finding } from './finding';
import { textOf, type Tree } from './tree';
import { at, attr, child, children, descendants, MalformedXml, parseXml, rootOf, text } from './xml';
import type { Document, Element } from './xml';

export interface Package {
  managed: boolean;
  /** `solution.xml` */
  solution: Document;
  /** `customizations.xml` */
  customizations: Document;
  /** Every other part by its path in the zip, content types excepted. */
  parts: ReadonlyMap<string, Uint8Array>;
  /** The file to blame for what is wrong with an element. */
  fileOf(element: Element): string;
}

/** Opens a packed solution. Findings instead when it lacks a document or one of them is not XML. */
export function openZip(tree: Tree): { package: Package | undefined; findings: Finding[] } {
  const findings: Finding[] = [];
  const parse = (path: string): Document | undefined => {
    const source = textOf(tree, path);
    if (source === undefined) findings.push({ code: 'PART_MISSING', file: path, message: 'the zip has no such part' });
    else {
      try {
        return parseXml(source);
      } catch (error) {
        if (!(error instanceof MalformedXml)) throw error;
        findings.push({ code: 'MALFORMED_XML', file: path, message: error.message });
      }
    }
    return undefined;
  };
  const solution = parse('solution.xml');
  const customizations = parse('customizations.xml');
  if (!solution || !customizations) return { package: undefined, findings };

  const documents = ['solution.xml', 'customizations.xml', '[Content_Types].xml'];
  return {
    package: {
      managed: text(manifestOf(solution), 'Managed') === '1',
      solution,
      customizations,
      parts: new Map([...tree].filter(([path]) => !documents.includes(path))),
      fileOf: (element) => (element.ownerDocument === solution ? 'solution.xml' : 'customizations.xml'),
    },
    findings,
  };
}

export function manifestOf(solution: Document): Element | undefined {
  return child(rootOf(solution), 'SolutionManifest');
}

/** Elements of one top-level section of `customizations.xml`. */
export function inSection(pkg: Package, section: string): Element[] {
  return children(child(rootOf(pkg.customizations), section));
}

/** A table in the package, with what the checks keep asking for. */
export interface TableElement {
  /** Schema name, in its own casing. */
  name: string;
  element: Element;
  entity: Element | undefined;
  columns: Element[];
  /** True when we ship the table itself, false when we only add to one of the platform. */
  own: boolean;
}

export function tablesOf(pkg: Package): TableElement[] {
  const prefix = `${prefixOf(pkg)}_`;
  return inSection(pkg, 'Entities').map((element) => {
    const name = text(element, 'Name') ?? '';
    const entity = at(element, 'EntityInfo', 'entity');
    return {
      name,
      element,
      entity,
      columns: children(child(entity, 'attributes'), 'attribute'),
      own: name.toLowerCase().startsWith(prefix),
    };
  });
}

/** Customization prefix of the publisher, without the underscore. */
export function prefixOf(pkg: Package): string {
  return text(child(manifestOf(pkg.solution), 'Publisher'), 'CustomizationPrefix') ?? '';
}

export interface FormElement {
  /** Lower case, in braces. */
  id: string;
  type: string;
  element: Element;
  form: Element | undefined;
  table: TableElement;
}

export function formsOf(table: TableElement): FormElement[] {
  return children(child(table.element, 'FormXml'), 'forms').flatMap((forms) =>
    children(forms, 'systemform').map((element) => ({
      id: (text(element, 'formid') ?? '').toLowerCase(),
      type: attr(forms, 'type') ?? '',
      element,
      form: child(element, 'form'),
      table,
    })),
  );
}

export function viewsOf(table: TableElement): Element[] {
  return descendants(child(table.element, 'SavedQueries'), 'savedquery');
}

export function chartsOf(table: TableElement): Element[] {
  return children(child(table.element, 'Visualizations'), 'visualization');
}

export function relationshipsOf(pkg: Package): Element[] {
  return inSection(pkg, 'EntityRelationships');
}

/** Schema files of environment variable definitions: path and root element, those that parse. */
export function variablesOf(pkg: Package): { path: string; root: Element }[] {
  return [...pkg.parts].flatMap(([path, bytes]) => {
    if (!/^environmentvariabledefinitions\/[^/]+\/environmentvariabledefinition\.xml$/.test(path)) return [];
    return [{ path, root: rootOf(parseXml(new TextDecoder().decode(bytes))) }];
  });
}
