/**
 * The platform's dialogs, asked in our words.
 */
import { text, type Params } from './text';

export interface Question {
  readonly title: string;
  readonly lines: readonly string[];
  readonly confirm: string;
}

/** @returns true when the user agreed; closing the dialog is no agreement */
export async function confirmed({ title, lines, confirm }: Question): Promise<boolean> {
  const answer = await Xrm.Navigation.openConfirmDialog(
    { title, text: lines.join('\n'), confirmButtonLabel: confirm, cancelButtonLabel: text('cancel') },
    sizeFor(lines),
  );
  return answer.confirmed;
}

/** A question whose texts are keys with one prefix: `<prefix>_title`, `<prefix>_text`, `<prefix>_confirm`. */
export function ask(prefix: string, params: Params = {}): Promise<boolean> {
  return confirmed({
    title: text(`${prefix}_title`, params),
    lines: [text(`${prefix}_text`, params)],
    confirm: text(`${prefix}_confirm`),
  });
}

export async function tell(title: string, lines: readonly string[]): Promise<void> {
  await Xrm.Navigation.openAlertDialog(
    { title, text: lines.join('\n'), confirmButtonLabel: text('close') },
    sizeFor(lines),
  );
}

/** The platform's own size has room for three lines. */
function sizeFor(lines: readonly string[]): Xrm.Navigation.DialogSizeOptions {
  const rows = lines.reduce((sum, line) => sum + 1 + Math.floor(line.length / 70), 0);
  return { width: 560, height: Math.min(200 + 24 * rows, 640) };
}
