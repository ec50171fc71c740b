/**
 * In-app notifications, out of the box.
 *
 * Data only. Sources: Microsoft Learn "Notification (appnotification) table reference" (lengths,
 * elastic, user-owned) and "Send in-app notifications within model-driven apps" (choices, expiry).
 * Whether the bell shows is a setting of each app, not of the table, so rows can be written anyway;
 * `ttlinseconds` is kept, but the emulator deletes nothing by it.
 */
import { choice, defineTable, integer, memo, text, type TableDefinition } from './columns';
import { ownerLookups, standardColumns, standardLookups } from './system-columns';

const twoWeeks = 1_209_600;

export const appnotification = (): TableDefinition =>
  defineTable({
    name: 'appnotification',
    label: 'Notification',
    setName: 'appnotifications',
    nameColumn: 'title',
    objectTypeCode: 10_112,
    ownership: 'UserOwned',
    elastic: true,
    columns: [
      text('title', 100, { required: 'ApplicationRequired', label: 'Title' }),
      text('body', 500, { label: 'Body' }),
      memo('data', 5000, { label: 'Data' }),
      choice(
        'icontype',
        {
          100000000: 'Info',
          100000001: 'Success',
          100000002: 'Failure',
          100000003: 'Warning',
          100000004: 'Mention',
          100000005: 'Custom',
        },
        { defaultValue: 100000000, label: 'Icon Type' },
      ),
      choice(
        'toasttype',
        { 200000000: 'Timed', 200000001: 'Hidden' },
        { defaultValue: 200000000, label: 'Toast Type' },
      ),
      choice('priority', { 200000000: 'Normal', 200000001: 'High' }, { defaultValue: 200000000, label: 'Priority' }),
      { ...integer('ttlinseconds', 0, 2_147_483_647, { label: 'Expiry (seconds)' }), defaultValue: twoWeeks },
      ...standardColumns(),
    ],
    lookups: [...ownerLookups(), ...standardLookups()],
  });
