/**
 * Saved queries -> views: what a list shows and in which order. The query itself stays FetchXML; the
 * page translates it to OData when it runs it.
 */
import type { Element } from '@xmldom/xmldom';
import { all, attribute, child, textIn } from '../dataverse/solution-read';
import type { ViewModel } from './model';
import { bareId, wordsOf } from './package-files';

export function viewsOf(entity: Element, table: string): ViewModel[] {
  return all(entity, 'SavedQueries', 'savedqueries', 'savedquery').map((query) => ({
    id: bareId(textIn(query, 'savedqueryid')),
    table,
    label: wordsOf(query, [['LocalizedNames', 'LocalizedName']]),
    isDefault: textIn(query, 'isdefault') === '1',
    queryType: Number(textIn(query, 'querytype') ?? 0),
    columns: all(query, 'layoutxml', 'grid', 'row', 'cell')
      .filter((cell) => attribute(cell, 'ishidden') !== '1')
      .map((cell) => ({ name: attribute(cell, 'name') ?? '', width: Number(attribute(cell, 'width') ?? 100) })),
    fetchXml: child(child(query, 'fetchxml'), 'fetch')?.toString() ?? '',
  }));
}
