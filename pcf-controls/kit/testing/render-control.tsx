/** Runs a virtual control as the platform does: init, updateView, getOutputs after a notification, destroy. Tests only. */
import * as React from 'react';
import { render } from '@testing-library/react';
import type { RenderResult } from '@testing-library/react';

type Control<I, O> = ComponentFramework.ReactControl<I, O, ComponentFramework.IEventBag>;
type Context<I> = ComponentFramework.Context<I, ComponentFramework.IEventBag>;

export interface RenderedControl<I, O> {
  readonly control: Control<I, O>;
  readonly screen: RenderResult;
  /** What the control gave out at each notification, oldest first. */
  readonly outputs: O[];
  /** updateView with another context, such as after a save or a change by a script. */
  update(context: Context<I>): void;
  /** Takes the control off the form. */
  destroy(): void;
}

export function renderControl<I, O>(
  // Event bags of generated types are narrower than the platform's own; a control still takes the platform's context.
  Constructor: new () => ComponentFramework.ReactControl<I, O> | Control<I, O>,
  context: Context<I>,
): RenderedControl<I, O> {
  const control = new Constructor() as Control<I, O>;
  const outputs: O[] = [];
  let latest = context;
  const element = (): React.ReactElement => <React.StrictMode>{control.updateView(latest)}</React.StrictMode>;
  const notify = (): void => {
    const given = control.getOutputs?.();
    if (given) outputs.push(given);
  };
  control.init(context, notify, {});
  const screen = render(element());
  return {
    control,
    screen,
    outputs,
    update: (next) => {
      latest = next;
      screen.rerender(element());
    },
    destroy: () => {
      screen.unmount();
      control.destroy();
    },
  };
}
