/**
 * What the panel may do, apart from showing: the rim between views and platform.
 *
 * Views call these and know nothing of the context. `contextIo` is the one place that reads over the network, and it
 * reads at most twice per question: the record with what hangs on it, and the people connected to it.
 */
import type { FindingRecord } from '../../../domain/finding';
import { copyText } from '../../kit/copy';
import { stringsOf, type Strings } from '../../kit/strings';
import { webApiError } from '../../kit/web-api-error';
import { factsOf, peopleQuery, recordQuery, type Facts } from './facts';
import type { IInputs, IOutputs } from './generated/ManifestTypes';

/** Values for columns; null empties one. */
export type Changes = { readonly [Name in keyof IOutputs]?: IOutputs[Name] | null };

export interface PanelIo {
  readonly strings: Strings;
  /** Rejects with what the Web API rejected with. */
  readonly read: (recordId: string) => Promise<Facts>;
  readonly write: (changes: Changes) => void;
  /** Absent where the platform has no events for controls: then a finding has words only. */
  readonly jump: ((record: FindingRecord, field: string) => void) | undefined;
  readonly errorText: (error: unknown) => string;
  /** False when the browser does not allow it. */
  readonly copy: (text: string) => Promise<boolean>;
  /** YYYY-MM-DD as the user's settings show a day. */
  readonly day: (day: string) => string;
  /** The user's today, YYYY-MM-DD. */
  readonly today: () => string;
}

type Context = ComponentFramework.Context<IInputs>;
type JumpEvent = (payload: { readonly record: FindingRecord; readonly field: string }) => void;

/** @param current the latest context: the platform hands over a new one with each update */
export function contextIo(current: () => Context, write: (changes: Changes) => void): PanelIo {
  return {
    strings: (key, params) => stringsOf(current())(key, params),
    write,
    read: async (recordId) => {
      const { webAPI } = current();
      const [row, people] = await Promise.all([
        webAPI.retrieveRecord('opportunity', recordId, recordQuery),
        webAPI.retrieveMultipleRecords('connection', peopleQuery(recordId)),
      ]);
      return factsOf(recordId, row, people.entities);
    },
    get jump() {
      const event = (current() as { events?: Partial<Record<'onJumpToField', JumpEvent>> }).events?.onJumpToField;
      return event && ((record: FindingRecord, field: string) => event({ record, field }));
    },
    errorText: (error) => webApiError(error, current()).message,
    copy: copyText,
    // Through the parts: a day read as UTC would be the day before for everybody west of Greenwich.
    day: (day) => current().formatting.formatDateShort(new Date(+day.slice(0, 4), +day.slice(5, 7) - 1, +day.slice(8))),
    today: () => {
      const now = new Date();
      const offset = current().userSettings.getTimeZoneOffsetMinutes(now);
      return new Date(now.getTime() + offset * 60_000).toISOString().slice(0, 10);
    },
  };
}
