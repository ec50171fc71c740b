/**
 * The code component: context in, React element out.
 *
 * Thin on purpose: what is shown is decided in pure files. Draws again only when a value, the theme or the direction
 * changed, because a form calls updateView for every keystroke in any bound column.
 */
import * as React from 'react';
import { Shell } from '../../kit/shell';
import type { IInputs, IOutputs } from './generated/ManifestTypes';
import { contextIo, type Changes, type PanelIo } from './io';
import { modelOf } from './model';
import { Panel } from './panel';

type Context = ComponentFramework.Context<IInputs>;

export class CosellPanel implements ComponentFramework.ReactControl<IInputs, IOutputs> {
  private context!: Context;
  private io!: PanelIo;
  private changes: Changes = {};
  private element: React.ReactElement | undefined;
  private drawn = '';
  private refreshes = 0;

  init(context: Context, notifyOutputChanged: () => void): void {
    this.context = context;
    const write = (changes: Changes): void => {
      this.changes = { ...this.changes, ...changes };
      notifyOutputChanged();
    };
    this.io = contextIo(() => this.context, write);
  }

  updateView(context: Context): React.ReactElement {
    this.context = context;
    const model = modelOf(context);
    const shown = JSON.stringify([model, context.fluentDesignLanguage?.tokenTheme, context.userSettings.isRTL]);
    if (this.element && shown === this.drawn) {
      // The same values handed over again is what a save or a refresh of the form looks like from in here.
      if (!context.updatedProperties.some((name) => name in context.parameters)) return this.element;
      this.refreshes += 1;
    }
    this.drawn = shown;
    const panel = React.createElement(Panel, { model, io: this.io, refreshes: this.refreshes });
    this.element = React.createElement(Shell, { context, children: panel });
    return this.element;
  }

  /** Only what was changed here since the last call: an old value must not overwrite what a script has set. */
  getOutputs(): IOutputs {
    const changes = this.changes;
    this.changes = {};
    return changes as IOutputs;
  }

  destroy(): void {
    this.element = undefined;
  }
}
