/**
 * A cell of a dashboard -> the list or the chart that it shows. Pure; settings of the component that would change what a
 * person sees, and that the host does not draw, are refused by name.
 */
import type { CellModel, ChartModel, HostModel, ViewModel } from '../model';
import { NotModelled } from './strict';
import { bareId } from './values';

export interface Part {
  readonly view: ViewModel;
  /** Rows of a list. */
  readonly pageSize: number;
  /** Absent: a list. */
  readonly chart?: ChartModel;
}

const subGridClass = 'e7a81278-8635-4d9e-8d4d-59480b391c5b';
const mostRows = 250;
/** What the host draws; a parameter that is not here changes nothing in the picture. */
const drawn: Readonly<Record<string, string>> = {
  IsUserView: 'false',
  IsUserChart: 'false',
  RelationshipName: '',
  EnableQuickFind: 'false',
  EnableViewPicker: 'false',
  EnableChartPicker: 'false',
  EnableJumpBar: 'false',
  HeaderColorCode: '',
};

export function partOf({ views, charts }: Pick<HostModel, 'views' | 'charts'>, cell: CellModel): Part {
  if (cell.control?.classId !== subGridClass)
    throw new NotModelled(`the control ${cell.control?.classId ?? 'of an empty cell'} on a dashboard`);
  const { parameters } = cell.control;
  for (const [name, value] of Object.entries(drawn)) {
    if ((parameters[name] ?? value) !== value)
      throw new NotModelled(`${name} ${parameters[name] ?? ''} on a dashboard`);
  }
  const table = parameters['TargetEntityType'] ?? '';
  const ofTable = <T extends { id: string; table: string }>(all: readonly T[], kind: string, id: string): T => {
    const found = all.find((each) => each.id === bareId(id) && each.table === table);
    if (!found) throw new Error(`A dashboard shows the ${kind} ${id} of ${table}, which is not there`);
    return found;
  };
  const view = ofTable(views, 'view', parameters['ViewId'] ?? '');
  const pageSize = Number(parameters['RecordsPerPage'] ?? '4');
  if (!Number.isInteger(pageSize) || pageSize < 1 || pageSize > mostRows)
    throw new Error(`A dashboard shows ${parameters['RecordsPerPage'] ?? ''} records per page`);
  const mode = parameters['ChartGridMode'] ?? 'Grid';
  if (mode === 'Grid') return { view, pageSize };
  if (mode !== 'Chart') throw new NotModelled(`ChartGridMode ${mode} on a dashboard`);
  return { view, pageSize, chart: ofTable(charts, 'chart', parameters['VisualizationId'] ?? '') };
}
