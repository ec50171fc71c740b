/** In-app notifications of the signed-in person: rows of `appnotification`, where the organization has the table. */
import * as React from 'react';
import { Button, Link, Popover, PopoverSurface, PopoverTrigger } from '@fluentui/react-components';
import { useHost } from './host';
import { BellIcon } from './icons';
import { actionsIn, pageOf, type NotificationAction } from './notification-actions';

interface Entry {
  readonly id: string;
  readonly title: string;
  readonly body: string;
  readonly actions: readonly NotificationAction[];
}

const everyMilliseconds = 5000;

export function Bell(): React.ReactElement {
  const host = useHost();
  const { services, switches, words, shell } = host;
  const [entries, setEntries] = React.useState<readonly Entry[]>([]);
  const [open, setOpen] = React.useState(false);
  const seen = React.useRef<Set<string> | null>(null);
  React.useEffect(() => {
    let gone = false;
    const read = async (): Promise<void> => {
      const filter = `_ownerid_value eq ${services.user.id}`;
      const page = await services.api
        .retrieveMultiple('live', 'appnotification', `?$filter=${encodeURIComponent(filter)}&$orderby=createdon desc`)
        .catch(() => null);
      if (gone || !page) return;
      const found = page.entities.map((row) => ({
        id: String(row['appnotificationid']),
        title: String(row['title'] ?? ''),
        body: String(row['body'] ?? ''),
        actions: actionsIn(row['data']),
      }));
      setEntries(found);
      // What was there when the page opened is in the list; what comes now is announced.
      if (seen.current)
        for (const each of found) if (!seen.current.has(each.id)) shell.toast(`${each.title} ${each.body}`.trim());
      seen.current = new Set(found.map((each) => each.id));
    };
    void read();
    const timer = setInterval(() => void (switches.live && read()), everyMilliseconds);
    return () => {
      gone = true;
      clearInterval(timer);
    };
  }, [services, switches, shell]);
  const follow = (action: NotificationAction): void => {
    const { query, ownWindow } = pageOf(action);
    setOpen(false);
    if (ownWindow) window.open(`/main.aspx?${new URLSearchParams(query).toString()}`, '_blank', 'noopener');
    else shell.go(query);
  };
  return (
    <Popover open={open} onOpenChange={(_, data) => setOpen(data.open)}>
      <PopoverTrigger disableButtonEnhancement>
        <Button
          className="app-button"
          appearance="transparent"
          icon={<BellIcon />}
          aria-label={entries.length > 0 ? undefined : words('notifications')}
        >
          {/* Named by what it shows, so that somebody who speaks to the page may say the number. */}
          {entries.length > 0 && (
            <>
              <span className="unseen">{words('notifications')}</span>{' '}
              <span className="bell-count">{entries.length}</span>
            </>
          )}
        </Button>
      </PopoverTrigger>
      <PopoverSurface className="bell-list" aria-label={words('notifications')}>
        {entries.length === 0 && <p>{words('noNotifications')}</p>}
        {entries.map((each) => (
          <div key={each.id} className="bell-entry">
            <strong>{each.title}</strong>
            <div>{each.body}</div>
            {each.actions.map((action) => (
              <Link key={action.title} as="button" className="bell-action" onClick={() => follow(action)}>
                {action.title}
              </Link>
            ))}
          </div>
        ))}
      </PopoverSurface>
    </Popover>
  );
}
