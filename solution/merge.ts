/**
 * The state of one merge: what was read, what was written, what was wrong.
 *
 * Holds no rule about any kind of component. Every file of the tree is either taken by the rule
 * that knows it or reported, so that nothing is left out of the zip silently.
 */
import type { Finding } from './finding';
import type { Package } from './package';
import { textOf, type Tree } from './tree';
import { attr, child, children, MalformedXml, parseXml, rootOf, text, type Document, type Element } from './xml';

const manifestPath = 'Other/Solution.xml';
const customizationsPath = 'Other/Customizations.xml';

/** A file that a rule took, with the part of its path that names the component. */
export interface Taken {
  path: string;
  name: string;
}

export class Merge {
  readonly findings: Finding[] = [];
  /** Forms that this variant leaves out, because they exist for the other one only. Lower case, in braces. */
  readonly formsLeftOut = new Set<string>();
  private readonly parts = new Map<string, Uint8Array>();
  private readonly taken = new Set<string>([manifestPath, customizationsPath]);
  private readonly sources = new WeakMap<Element, string>();

  private constructor(
    readonly tree: Tree,
    readonly managed: boolean,
    private readonly solution: Document,
    private readonly customizations: Document,
  ) {}

  /** Findings instead of a merge when one of the two documents that hold it all is missing or broken. */
  static start(tree: Tree, managed: boolean): Merge | Finding[] {
    const findings: Finding[] = [];
    const parse = (path: string): Document | undefined => {
      const source = textOf(tree, path);
      if (source === undefined) {
        findings.push({ code: 'FILE_MISSING', file: path, message: 'a solution cannot be without it' });
        return undefined;
      }
      try {
        return parseXml(source);
      } catch (error) {
        if (!(error instanceof MalformedXml)) throw error;
        findings.push({ code: 'MALFORMED_XML', file: path, message: error.message });
        return undefined;
      }
    };
    const solution = parse(manifestPath);
    const customizations = parse(customizationsPath);
    return solution && customizations ? new Merge(tree, managed, solution, customizations) : findings;
  }

  found(code: string, file: string, message: string): void {
    this.findings.push({ code, file, message });
  }

  /** Files whose path fits; the first group of the pattern is the component's name. They count as handled. */
  take(pattern: RegExp): Taken[] {
    const found: Taken[] = [];
    for (const path of this.tree.keys()) {
      const match = pattern.exec(path);
      if (!match || this.taken.has(path)) continue;
      this.taken.add(path);
      found.push({ path, name: match[1] ?? '' });
    }
    return found;
  }

  /** Of `X.xml` and `X_managed.xml` the one that belongs to this variant. */
  chooseVariant(files: readonly Taken[]): Taken[] {
    const paths = new Set(files.map((file) => file.path));
    return files.filter(({ path }) => {
      const managedTwin = path.replace(/\.xml$/, '_managed.xml');
      if (path.endsWith('_managed.xml')) return this.managed;
      return !this.managed || !paths.has(managedTwin);
    });
  }

  leftOver(): string[] {
    return [...this.tree.keys()].filter((path) => !this.taken.has(path));
  }

  /** Parses a file of the tree; undefined after a finding. */
  root(path: string, expected: string): Element | undefined {
    try {
      const root = rootOf(parseXml(textOf(this.tree, path) ?? ''));
      if (root.nodeName === expected) return root;
      this.found('WRONG_ROOT', path, `the root element is ${root.nodeName}, not ${expected}`);
    } catch (error) {
      if (!(error instanceof MalformedXml)) throw error;
      this.found('MALFORMED_XML', path, error.message);
    }
    return undefined;
  }

  /** A component whose name is not that of its file ends up twice in a repository sooner or later. */
  sameName(path: string, fromPath: string, fromContent: string | undefined): void {
    if (fromContent?.toLowerCase() !== fromPath.toLowerCase()) {
      this.found('FILE_NAME_MISMATCH', path, `the path says ${fromPath}, the content says ${fromContent ?? 'nothing'}`);
    }
  }

  /** A top-level section of `customizations.xml`; undefined after a finding when it has no place there. */
  section(name: string, neededBy: string): Element | undefined {
    const section = child(rootOf(this.customizations), name);
    if (!section) this.found('SECTION_ABSENT', customizationsPath, `${name} is needed by ${neededBy}`);
    return section;
  }

  /** Moves an element of a file into a section or placeholder and remembers the file that it came from. */
  append(parent: Element | undefined, element: Element, path: string): Element | undefined {
    if (!parent) return undefined;
    element.removeAttribute('xmlns:xsi');
    this.sources.set(element, path);
    parent.appendChild(element);
    return element;
  }

  create(name: string): Element {
    return this.customizations.createElement(name);
  }

  /** Puts a file of the tree into the zip as it is. */
  copy(path: string, zipPath: string): void {
    const bytes = this.tree.get(path);
    if (!bytes) return;
    if (this.parts.has(zipPath)) this.found('PART_TWICE', path, `two files want to be ${zipPath} in the zip`);
    this.parts.set(zipPath, bytes);
  }

  /** Version and package type, and what the variant leaves out. */
  writeManifest(version: string | undefined): void {
    const manifest = child(rootOf(this.solution), 'SolutionManifest');
    const managed = child(manifest, 'Managed');
    if (managed?.textContent?.trim() !== '2') {
      this.found('PACKAGE_TYPE', manifestPath, 'Managed must be 2: the tree holds both variants');
    }
    if (managed) managed.textContent = this.managed ? '1' : '0';
    const versionElement = child(manifest, 'Version');
    if (versionElement && version !== undefined) versionElement.textContent = version;

    const leftOut = (element: Element | undefined): boolean =>
      attr(element, 'type') === '60' && this.formsLeftOut.has((attr(element, 'id') ?? '').toLowerCase());
    for (const component of children(child(manifest, 'RootComponents'))) {
      if (leftOut(component)) component.parentNode?.removeChild(component);
    }
    for (const dependency of children(child(manifest, 'MissingDependencies'))) {
      if (leftOut(child(dependency, 'Dependent'))) dependency.parentNode?.removeChild(dependency);
    }
  }

  package(): Package {
    return {
      managed: this.managed,
      solution: this.solution,
      customizations: this.customizations,
      parts: this.parts,
      fileOf: (element) => this.fileOf(element),
    };
  }

  private fileOf(element: Element): string {
    for (let node: Element | null = element; node; node = node.parentNode as Element | null) {
      const source = this.sources.get(node);
      if (source) return source;
    }
    return element.ownerDocument === this.solution ? manifestPath : customizationsPath;
  }
}

/** Every child of a container file must be of one kind; those files hold one component each, or several relationships. */
export function onlyChild(merge: Merge, root: Element, name: string, path: string): Element | undefined {
  const found = children(root);
  const [only] = found;
  if (found.length === 1 && only?.nodeName === name) return only;
  merge.found(
    'ONE_COMPONENT_PER_FILE',
    path,
    `expected exactly one ${name}, found ${found.map((e) => e.nodeName).join(', ') || 'nothing'}`,
  );
  return undefined;
}

/** Text of an identifier element without regard to case. */
export function idText(element: Element, name: string): string | undefined {
  return text(element, name)?.toLowerCase();
}
