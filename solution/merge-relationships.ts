/**
 * Relationships: an index of names, and one file of definitions per referenced table.
 *
 * SolutionPackager reads the definitions by way of the index; one that the index forgets is
 * silently not shipped, so both must name the same ones.
 */
import type { Merge } from './merge';
import { attr, children, text } from './xml';

const indexPath = 'Other/Relationships.xml';

export function mergeRelationships(merge: Merge): void {
  const defined = new Map<string, string>();
  for (const { path, name } of merge.take(/^Other\/Relationships\/([^/]+)\.xml$/)) {
    const root = merge.root(path, 'EntityRelationships');
    for (const relationship of children(root)) {
      const relationshipName = attr(relationship, 'Name') ?? '';
      const referenced = text(relationship, 'ReferencedEntityName') ?? text(relationship, 'FirstEntityName');
      if (referenced !== name) {
        merge.found(
          'FILE_NAME_MISMATCH',
          path,
          `${relationshipName} refers to ${referenced ?? 'nothing'}, not ${name}`,
        );
      }
      if (defined.has(relationshipName)) {
        merge.found(
          'RELATIONSHIP_TWICE',
          path,
          `${relationshipName} is defined in ${defined.get(relationshipName)} too`,
        );
      }
      defined.set(relationshipName, path);
      merge.append(merge.section('EntityRelationships', path), relationship, path);
    }
  }

  const indexed = new Set<string>();
  for (const { path } of merge.take(/^(Other\/Relationships)\.xml$/)) {
    for (const entry of children(merge.root(path, 'EntityRelationships'))) {
      const name = attr(entry, 'Name') ?? '';
      if (indexed.has(name)) merge.found('RELATIONSHIP_INDEX', path, `${name} is listed twice`);
      indexed.add(name);
    }
  }
  for (const name of defined.keys()) {
    if (!indexed.has(name)) merge.found('RELATIONSHIP_INDEX', indexPath, `${name} is defined but not listed`);
  }
  for (const name of indexed) {
    if (!defined.has(name)) merge.found('RELATIONSHIP_INDEX', indexPath, `${name} is listed but not defined`);
  }
}
