/**
 * The life of one code component on the page: init, updateView whenever something that concerns it
 * changed, outputs back to the record, destroy.
 *
 * Virtual controls are drawn with ReactDOM into a root of their own, so they get no theme by accident
 * from the page: what they show comes from their context alone.
 */
import * as React from 'react';
import * as ReactDOM from 'react-dom';
import type { CustomControlBinding, ViewModel } from '../model';
import type { FormSession } from './form-session';
import { contextOf } from './pcf-context';
import { DataSetSource } from './pcf-dataset';
import type { ControlInstance, LoadedControl } from './pcf-loader';
import { columnOf, parametersOf, signatureOf } from './pcf-parameters';
import type { Shell } from './shell';
import type { Switches } from './switches';
import type { Value } from './values';

export interface InstanceOptions {
  readonly loaded: LoadedControl;
  readonly binding: CustomControlBinding;
  readonly session: FormSession;
  readonly shell: Shell;
  readonly switches: Switches;
  readonly container: HTMLDivElement;
  /** Name of the control on the form, for events and state. */
  readonly name: string;
  readonly design: () => object;
  readonly mode: () => { disabled: boolean; visible: boolean; label: string };
  readonly onError: (error: unknown) => void;
  /** Views of the solution by id, for data sets. */
  readonly viewOf: (id: string, table: string) => ViewModel;
}

/** What controls did that the platform would not like; for tests. */
export const complaints: string[] = [];
/** How long each drawing took until it was on the page, in ms; the first of a control includes init. */
export const timings: { readonly name: string; readonly first: boolean; readonly ms: number }[] = [];
const states = new Map<string, object>();

/** As when the page was opened: no control left a state, a complaint or a time. */
export function dropTraces(): void {
  states.clear();
  complaints.length = 0;
  timings.length = 0;
}

export class PcfInstance {
  private readonly control: ControlInstance;
  private readonly sources = new Map<string, DataSetSource>();
  private shown: Record<string, string> = {};
  private width = -1;
  private observer: ResizeObserver | undefined;
  private initialized = false;
  private ended = false;
  private pending = false;
  private forced = false;

  constructor(private readonly options: InstanceOptions) {
    const { loaded, binding, session } = options;
    this.control = new loaded.construct();
    for (const { name } of loaded.model.dataSets) {
      const given = binding.dataSets[name];
      if (!given) throw new Error(`${binding.name}: the form binds nothing to the data set ${name}`);
      const source = new DataSetSource({
        session,
        binding: given,
        view: options.viewOf(given.viewId, given.table),
        caller: binding.name,
        openForm: (etn, id) => options.shell.go({ pagetype: 'entityrecord', etn, id }),
        now: () => new Date(),
        changed: () => this.refresh(),
      });
      this.sources.set(name, source);
    }
    this.start();
  }

  private start(): void {
    const { loaded, container, name } = this.options;
    const began = performance.now();
    this.attempt(() => {
      const context = this.context([]);
      const notify = (): void => queueMicrotask(() => this.takeOutputs());
      this.control.init(context, notify, states.get(name) ?? {}, loaded.model.virtual ? undefined : container);
      this.initialized = true;
      this.draw([]);
      timings.push({ name: loaded.model.name, first: true, ms: performance.now() - began });
    });
    for (const source of this.sources.values()) void source.refresh();
  }

  /** Something changed somewhere; draws only when it concerns this control. */
  refresh(force = false): void {
    this.forced ||= force;
    if (this.pending || this.ended) return;
    this.pending = true;
    queueMicrotask(() => {
      this.pending = false;
      if (this.ended || !this.initialized) return;
      const updated = this.updated();
      if (updated.length === 0 && !this.forced) return;
      this.forced = false;
      const began = performance.now();
      this.attempt(() => this.draw(updated));
      timings.push({ name: this.options.loaded.model.name, first: false, ms: performance.now() - began });
    });
  }

  /** After a save or a refresh of the form the rows of a sub-grid are read again. */
  reload(): void {
    for (const source of this.sources.values()) void source.refresh();
  }

  destroy(): void {
    if (this.ended) return;
    this.ended = true;
    this.observer?.disconnect();
    if (this.options.loaded.model.virtual) ReactDOM.unmountComponentAtNode(this.options.container);
    this.attempt(() => this.control.destroy());
  }

  private updated(): string[] {
    const next = this.signature();
    const names = Object.keys(next).filter((name) => next[name] !== this.shown[name]);
    return names;
  }

  private signature(): Record<string, string> {
    const { session, switches, binding, loaded, mode, design } = this.options;
    const { disabled, visible, label } = mode();
    const parts = signatureOf(parametersOf(loaded.model, { session, binding, switches }));
    for (const [name, source] of this.sources) parts[name] = String(source.version);
    const { isDarkTheme } = design() as { isDarkTheme?: boolean };
    return {
      ...parts,
      layout: `${this.width}`,
      viewport: String(disabled),
      visible: String(visible),
      label,
      theme: String(isDarkTheme),
      network: String(switches.offline),
    };
  }

  private context(updated: readonly string[]): object {
    const { session, shell, switches, binding, loaded, mode, name } = this.options;
    const parameters: Record<string, object> = parametersOf(loaded.model, { session, binding, switches });
    for (const [set, source] of this.sources) parameters[set] = source.facade();
    return contextOf({
      model: loaded.model,
      session,
      shell,
      switches,
      texts: loaded.texts,
      design: this.options.design(),
      width: this.width,
      ...mode(),
      parameters,
      updated,
      onRender: () => this.refresh(true),
      onTrackResize: (on) => this.track(on),
      onState: (state) => void states.set(name, state),
      onEvent: (event, payload) => this.raise(event, payload),
    });
  }

  private draw(updated: readonly string[]): void {
    this.shown = this.signature();
    const { loaded, container, onError } = this.options;
    const drawn = this.control.updateView(this.context(updated));
    if (!loaded.model.virtual) return;
    ReactDOM.render(React.createElement(Guard, { onError }, drawn as React.ReactElement), container);
  }

  private takeOutputs(): void {
    if (this.ended || !this.control.getOutputs) return;
    const { session, binding, loaded, mode } = this.options;
    this.attempt(() => {
      const outputs = this.control.getOutputs?.() ?? {};
      for (const [name, value] of Object.entries(outputs)) {
        const property = loaded.model.properties.find((each) => each.name === name);
        if (!property) throw new Error(`${binding.name} put out ${name}, which its manifest does not have`);
        const column = columnOf(property, binding);
        if (value === undefined || column === undefined || property.usage === 'input') continue;
        const before = session.valueOf(column);
        if (mode().disabled && JSON.stringify(before) !== JSON.stringify(value))
          complaints.push(`${binding.name} wrote ${name} while disabled`);
        session.edit(column, value as Value);
      }
      this.refresh();
    });
  }

  private raise(event: string, payload: unknown): void {
    const { session, name } = this.options;
    for (const handler of session.control(name).events.get(event) ?? []) handler(payload);
  }

  private track(on: boolean): void {
    this.observer?.disconnect();
    if (!on) return;
    const measure = (): void => {
      const { width } = this.options.container.getBoundingClientRect();
      if (Math.round(width) === this.width) return;
      this.width = Math.round(width);
      this.refresh();
    };
    this.observer = new ResizeObserver(measure);
    this.observer.observe(this.options.container);
    measure();
  }

  private attempt(run: () => void): void {
    try {
      run();
    } catch (error) {
      this.options.onError(error);
    }
  }
}

/** What a control throws while it is drawn must not take the form with it. */
class Guard extends React.Component<
  { onError: (error: unknown) => void; children?: React.ReactNode },
  { failed: boolean }
> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override componentDidCatch(error: unknown): void {
    this.props.onError(error);
  }

  override render(): React.ReactNode {
    return this.state.failed ? null : this.props.children;
  }
}
