/** What every part of the panel needs, without handing it down through all of them. */
import * as React from 'react';
import type { PanelIo } from './io';
import type { PanelModel } from './model';
import type { Standing } from './phase';
import type { useStyles } from './styles';
import type { KnownFacts } from './use-facts';

export interface PanelView extends PanelIo {
  readonly model: PanelModel;
  readonly standing: Standing;
  readonly styles: ReturnType<typeof useStyles>;
  /** Moves each minute. */
  readonly now: number;
  /** Something may be asked of the connector. */
  readonly acting: boolean;
  readonly known: KnownFacts;
}

// The panel always provides one.
export const ViewContext = React.createContext({} as PanelView);

export const useView = (): PanelView => React.useContext(ViewContext);
