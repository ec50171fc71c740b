/**
 * What is wrong with a solution, as a list.
 *
 * A broken tree is refused with everything that is wrong with it at once: an import that fails
 * takes a quarter of an hour and names one defect, so finding them one by one is not an option.
 */
export interface Finding {
  /** Stable name of the defect class, for example `LOOKUP_WITHOUT_RELATIONSHIP`. */
  code: string;
  /** Where it is: a path in the tree or a part of the zip. */
  file: string;
  /** What is wrong, and what would be right. */
  message: string;
}

/** Thrown instead of packing a broken tree. */
export class SolutionRefused extends Error {
  override readonly name = 'SolutionRefused';

  constructor(readonly findings: readonly Finding[]) {
    super([`The solution has ${findings.length} finding(s):`, ...findings.map(describeFinding)].join('\n'));
  }
}

/** One line per finding. */
export function describeFinding({ code, file, message }: Finding): string {
  return `  ${code} ${file}: ${message}`;
}

/** Findings without repetitions, by file, then code. The managed and the unmanaged variant often share one. */
export function distinct(findings: readonly Finding[]): Finding[] {
  const seen = new Map(findings.map((f) => [`${f.file}\n${f.code}\n${f.message}`, f]));
  return [...seen.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, f]) => f);
}
