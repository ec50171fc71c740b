/**
 * What the store takes from the form and gives to the views. Types only.
 */
import type { AmountName, Pick, Picks, Solution } from './picks';

/** What the form says on each update. */
export interface PickerInput {
  readonly draft: string;
  readonly count: number | null;
  readonly maxItems: number;
  readonly readable: boolean;
  readonly editable: boolean;
  /** Readable and on the screen; nothing is requested before. */
  readonly shown: boolean;
}

export interface PickerOutputs {
  selectionDraft?: string;
  solutionCount?: number;
}

export type Explain = (error: unknown) => { readonly problem: string; readonly message: string };

export interface PickerState {
  readonly input: PickerInput;
  readonly picks: Picks;
  /** False until the rows were read. */
  readonly ready: boolean;
  /** Why reading them failed, in the user's words. */
  readonly problem: string | null;
  /** A draft that can't be read, as it is. */
  readonly malformed: string | null;
  /** The last removal, as long as nothing else was done. */
  readonly removed: Pick | null;
  readonly canSearch: boolean;
}

export interface PickerStore {
  state(): PickerState;
  /** Called by the form while it renders: changes state but never calls a listener. */
  update(input: PickerInput): void;
  subscribe(listener: () => void): () => void;
  /** Only what the seller changed here; everything else keeps the form clean. */
  outputs(): PickerOutputs;
  /** Starts the writes that wait for more typing: the field was left, or the control goes. */
  flush(): void;
  /** The picks, if this draft is what this create form wrote: then the record is the one just saved. */
  carried(draft: string): Picks | undefined;
  /** Adds, if there is room, or removes. */
  toggle(solution: Solution): void;
  remove(id: string): void;
  /** Puts the last removed solution back where it was, with its amounts. */
  undo(): void;
  setAmount(id: string, name: AmountName, amount: string | null): void;
  retry(id: string): void;
  /** Goes back to what Dataverse has, after a failed write. */
  giveUp(id: string): void;
  reload(): void;
  /** Throws a draft away that can't be read. Only by a person's word. */
  startOver(): void;
}
