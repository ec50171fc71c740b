/**
 * What scripts and controls may ask of the application around the form: dialogs, lookups, navigation,
 * progress. The page draws it; here is only what is open and who waits for the answer.
 */
import type { Reference } from './values';

export interface DialogRequest {
  readonly kind: 'alert' | 'confirm' | 'error' | 'lookup' | 'webresource' | 'close';
  readonly title: string;
  readonly text: string;
  readonly subtitle?: string;
  readonly details?: string;
  readonly confirmLabel?: string;
  readonly cancelLabel?: string;
  readonly lookup?: { readonly tables: readonly string[]; readonly many: boolean };
  readonly source?: string;
  readonly width?: number;
  readonly height?: number;
  /** Closing an opportunity: won or lost. */
  readonly outcome?: 'won' | 'lost';
}

export interface OpenDialog extends DialogRequest {
  readonly id: number;
  readonly answer: (value: unknown) => void;
}

export class Shell {
  dialogs: readonly OpenDialog[] = [];
  progress: string | null = null;
  toasts: readonly { readonly id: number; readonly text: string }[] = [];
  /** Set by the page: shows another record, list or address. */
  go: (query: Readonly<Record<string, string>>) => void = () => undefined;
  refreshGrid: () => void = () => undefined;
  private next = 1;
  private readonly listeners = new Set<() => void>();

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  ask(request: DialogRequest): Promise<unknown> {
    return new Promise((resolve) => {
      const id = this.next++;
      const answer = (value: unknown): void => {
        this.dialogs = this.dialogs.filter((each) => each.id !== id);
        this.announce();
        resolve(value);
      };
      this.dialogs = [...this.dialogs, { ...request, id, answer }];
      this.announce();
    });
  }

  lookup(tables: readonly string[], many: boolean): Promise<Reference[]> {
    const lookup = { tables, many };
    return this.ask({ kind: 'lookup', title: '', text: '', lookup }) as Promise<Reference[]>;
  }

  showProgress(text: string | null): void {
    this.progress = text;
    this.announce();
  }

  toast(text: string): void {
    const id = this.next++;
    this.toasts = [...this.toasts, { id, text }];
    this.announce();
  }

  dropToast(id: number): void {
    this.toasts = this.toasts.filter((each) => each.id !== id);
    this.announce();
  }

  /** Whoever waits for an answer gets none: the page that asked is gone. */
  clear(): void {
    this.dialogs = [];
    this.toasts = [];
    this.progress = null;
    this.announce();
  }

  private announce(): void {
    for (const listener of [...this.listeners]) listener();
  }
}
