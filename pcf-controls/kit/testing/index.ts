/** Everything a control's unit test needs, in one import. Tests only: never imported by what ships. */
export { contextOf } from './context';
export type { ContextOptions, TestContext } from './context';
export { dataSetOf } from './data-set';
export type { DataSetOptions, TestDataSet } from './data-set';
export { choiceProperty, dateProperty, enumProperty, numberProperty, textProperty, yesNoProperty } from './properties';
export { renderControl } from './render-control';
export type { RenderedControl } from './render-control';
export { textsOf } from './texts';
