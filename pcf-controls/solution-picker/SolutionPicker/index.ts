/**
 * SolutionPicker: the solutions of a deal. Translates the platform's context into the store's input and plain props.
 *
 * The store lives as long as the opportunity is on the form, not as long as what is on the screen.
 */
import * as React from 'react';
import { mostSolutions } from '../../../domain/solution-draft';
import { fieldOf } from '../../kit/field';
import { Shell } from '../../kit/shell';
import { stringsOf } from '../../kit/strings';
import { webApiError } from '../../kit/web-api-error';
import type { IInputs, IOutputs } from './generated/ManifestTypes';
import { Picker } from './picker';
import type { PickerWorld } from './picker';
import { plainId, rowsOf, searchCatalogue } from './rows';
import { pickerStore } from './store';
import type { PickerStore } from './store-shape';

type Context = ComponentFramework.Context<IInputs>;

export class SolutionPicker implements ComponentFramework.ReactControl<IInputs, IOutputs> {
  private context!: Context;
  private notify!: () => void;
  private world!: PickerWorld;
  private recordId: string | undefined;
  private store!: PickerStore;

  init(context: Context, notifyOutputChanged: () => void): void {
    this.context = context;
    this.notify = notifyOutputChanged;
    this.world = {
      // The language stays as it is while a form is open; being the same object it costs no rendering.
      strings: stringsOf(context),
      explain: (error) => webApiError(error, this.context),
      search: (words) => searchCatalogue(this.context.webAPI, words, this.context.parameters.kindFilter?.raw ?? 'all'),
    };
  }

  updateView(context: Context): React.ReactElement {
    this.context = context;
    const { parameters, mode, userSettings } = context;
    const { raw, readable, editable } = fieldOf(context, parameters.selectionDraft);
    const draft = raw ?? '';
    const recordId = plainId(parameters.recordId?.raw);
    // Another opportunity than before, or the first save of this one: then its picks go along.
    if (recordId !== this.recordId) {
      const rows = recordId ? rowsOf(() => this.context.webAPI, recordId) : null;
      this.destroy();
      this.store = pickerStore(rows, this.world.explain, this.notify, this.store?.carried(draft));
      this.recordId = recordId;
    }
    this.store.update({
      draft,
      count: parameters.solutionCount?.raw ?? null,
      maxItems: Math.min(parameters.maxItems?.raw || mostSolutions, mostSolutions),
      readable,
      editable,
      shown: readable && mode.isVisible,
    });
    const { store, world } = this;
    const view = React.createElement(Picker, { store, world, format: userSettings.numberFormattingInfo });
    return React.createElement(Shell, { context, children: view });
  }

  getOutputs(): IOutputs {
    const outputs = this.store.outputs();
    // A count that this person may not write would make the whole form unsavable.
    if (!fieldOf(this.context, this.context.parameters.solutionCount).editable) delete outputs.solutionCount;
    return outputs;
  }

  /** May come before the first updateView. */
  destroy(): void {
    this.store?.flush();
  }
}
