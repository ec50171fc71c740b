/**
 * Dashboards and charts of the solution. A dashboard is a form of lists and charts; a chart stays the XML that the
 * solution brings, which the page reads when it draws it. Microsoft Learn: "Understand charts", "Create a dashboard".
 */
import type { Element } from '@xmldom/xmldom';
import { all, child, textIn } from '../dataverse/solution-read';
import { tabOf } from './form-model';
import type { ChartModel, DashboardModel } from './model';
import { bareId, wordsOf } from './package-files';

export function chartsOf(entity: Element, table: string): ChartModel[] {
  return all(entity, 'Visualizations', 'visualization').map((chart) => ({
    id: bareId(textIn(chart, 'savedqueryvisualizationid')),
    table,
    label: wordsOf(chart, [['LocalizedNames', 'LocalizedName']]),
    description: wordsOf(chart, [['Descriptions', 'Description']]),
    dataXml: child(child(chart, 'datadescription'), 'datadefinition')?.toString() ?? '',
    presentationXml: child(child(chart, 'presentationdescription'), 'Chart')?.toString() ?? '',
  }));
}

export function dashboardsOf(customizations: Element): DashboardModel[] {
  return all(customizations, 'Dashboards', 'Dashboard').map((dashboard) => ({
    id: bareId(textIn(dashboard, 'FormId')),
    label: wordsOf(dashboard, [['LocalizedNames', 'LocalizedName']]),
    tabs: all(dashboard, 'FormXml', 'forms', 'form', 'tabs', 'tab').map((tab) => tabOf(tab)),
  }));
}
