/**
 * What a notification of the bell offers to do: its `data` column as links of this page. Pure.
 *
 * Source: Microsoft Learn, "Send in-app notifications within model-driven apps" (`actions` with title, url and
 * navigationTarget; `inline` opens in the page itself, `newWindow` in another). Side dialogs and addresses outside
 * of the app are refused by name when somebody follows them.
 */
import { NotModelled } from './strict';

export interface NotificationAction {
  readonly title: string;
  readonly url: string;
  readonly target: string;
}

interface Data {
  readonly actions?: readonly {
    readonly title?: string;
    readonly data?: { readonly url?: string; readonly navigationTarget?: string };
  }[];
}

/** @param data JSON text, or nothing. Throws what `JSON.parse` throws: a sender's fault, not to be passed over */
export function actionsIn(data: unknown): NotificationAction[] {
  if (typeof data !== 'string' || data === '') return [];
  const { actions = [] } = JSON.parse(data) as Data;
  return actions.map((action) => ({
    title: action.title ?? '',
    url: action.data?.url ?? '',
    target: action.data?.navigationTarget ?? 'inline',
  }));
}

/** The page that an action leads to, and whether it is one of its own. Throws `NotModelled`. */
export function pageOf({ url, target }: NotificationAction): { query: Record<string, string>; ownWindow: boolean } {
  if (target !== 'inline' && target !== 'newWindow') throw new NotModelled(`a notification's target ${target}`);
  if (!url.startsWith('?')) throw new NotModelled(`a notification that leads to ${url}`);
  return { query: Object.fromEntries(new URLSearchParams(url)), ownWindow: target === 'newWindow' };
}
