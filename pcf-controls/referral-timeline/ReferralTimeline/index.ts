/**
 * ReferralTimeline: what was exchanged with Partner Center for one deal, field by field. Translates the data set into
 * plain props, nothing more; paging, rights and refreshing are the platform's.
 */
import * as React from 'react';
import { Shell } from '../../kit/shell';
import { stringsOf } from '../../kit/strings';
import type { Strings } from '../../kit/strings';
import type { IInputs, IOutputs } from './generated/ManifestTypes';
import { readEvents } from './read-events';
import { TimelineView } from './timeline-view';
import type { TimelineViewProps } from './timeline-view';

/** "User local" of the platform's date behaviours. */
const userLocal = 1;

type Context = ComponentFramework.Context<IInputs>;

export class ReferralTimeline implements ComponentFramework.ReactControl<IInputs, IOutputs> {
  private context!: Context;

  // Made once and asking the latest context, so that rows which did not change need not be drawn again.
  private readonly strings: Strings = (key, params) => stringsOf(this.context)(key, params);
  private readonly formats: TimelineViewProps['formats'] = {
    number: (value, decimals) => this.context.formatting.formatDecimal(value, decimals),
    day: (value) => this.context.formatting.formatDateShort(value),
    dayLong: (value) => this.context.formatting.formatDateLong(value),
    time: (value) => this.context.formatting.formatTime(value, userLocal),
  };
  private readonly open = (id: string): void => {
    const { events } = this.context.parameters;
    const row = events.records[id];
    if (row) events.openDatasetItem(row.getNamedReference());
  };

  init(context: Context): void {
    // The data set is not there yet; it comes with updateView.
    this.context = context;
  }

  updateView(context: Context): React.ReactElement {
    this.context = context;
    const dataSet = context.parameters.events;
    const view = React.createElement(TimelineView, {
      events: readEvents(dataSet),
      state: dataSet.error ? 'failed' : dataSet.loading ? 'loading' : 'ready',
      hasMore: dataSet.paging.hasNextPage,
      strings: this.strings,
      formats: this.formats,
      isRTL: context.userSettings.isRTL,
      open: this.open,
      loadMore: () => dataSet.paging.loadNextPage(),
      retry: () => dataSet.refresh(),
    });
    return React.createElement(Shell, { context, children: view });
  }

  destroy(): void {
    // Nothing is held.
  }
}
