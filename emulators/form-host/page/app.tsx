/** The model-driven app around a page: app bar, site map, content, switches. */
import * as React from 'react';
import {
  Avatar,
  Button,
  FluentProvider,
  Menu,
  MenuItem,
  MenuList,
  MenuPopover,
  MenuTrigger,
  Tooltip,
  webDarkTheme,
  webLightTheme,
} from '@fluentui/react-components';
import type { AppItem, AppModel } from '../model';
import { Bell } from './bell';
import { DashboardPage } from './dashboard-page';
import { DialogLayer } from './dialogs';
import { HostProvider, useChanges, useHost, type Host } from './host';
import {
  BuildingIcon,
  ChartIcon,
  DealIcon,
  FunnelIcon,
  GearIcon,
  MenuIcon,
  PersonIcon,
  TableIcon,
  WaffleIcon,
} from './icons';
import { ListPage } from './list-page';
import { say } from './metadata';
import { RecordPage } from './record-page';
import { SwitchesPanel } from './switches-panel';

export type Query = Readonly<Record<string, string>>;

export function App({ host, query }: { host: Host; query: Query }): React.ReactElement {
  useChanges(host);
  const [route, setRoute] = React.useState(query);
  const [turn, setTurn] = React.useState(0);
  React.useEffect(() => {
    host.shell.go = (next) => {
      const kept = new URLSearchParams(window.location.search);
      for (const name of ['pagetype', 'etn', 'id', 'viewid']) kept.delete(name);
      for (const [name, value] of Object.entries(next)) kept.set(name, value);
      window.history.pushState(null, '', `?${kept.toString()}`);
      setRoute(Object.fromEntries(kept));
      setTurn((before) => before + 1);
      window.scrollTo(0, 0);
    };
    const back = (): void => {
      setRoute(Object.fromEntries(new URLSearchParams(window.location.search)));
      setTurn((before) => before + 1);
    };
    window.addEventListener('popstate', back);
    return () => window.removeEventListener('popstate', back);
  }, [host]);
  const { switches } = host;
  return (
    <FluentProvider theme={switches.dark ? webDarkTheme : webLightTheme} dir={switches.rtl ? 'rtl' : 'ltr'}>
      <HostProvider value={host}>
        {/* Not on the provider: portals of dialogs and lists repeat its class. */}
        <div className="app">
          <Frame route={route}>
            {route['pagetype'] === 'entityrecord' ? (
              <RecordPage key={turn} table={route['etn'] ?? 'opportunity'} id={route['id'] ?? null} />
            ) : route['pagetype'] === 'dashboard' ? (
              <DashboardPage key={turn} id={route['id'] ?? ''} />
            ) : (
              <ListPage key={turn} table={route['etn'] ?? 'opportunity'} viewId={route['viewid'] ?? null} />
            )}
          </Frame>
          <DialogLayer />
        </div>
      </HostProvider>
    </FluentProvider>
  );
}

function Frame({ route, children }: { route: Query; children: React.ReactNode }): React.ReactElement {
  const host = useHost();
  const { model, services, words, switches, people } = host;
  const appName = route['app'] ?? model.apps[0]?.name ?? '';
  const app = model.apps.find((each) => each.name === appName) ?? model.apps[0];
  const [open, setOpen] = React.useState(() => window.innerWidth >= 1000);
  const person = people.find((each) => each.id === services.user.id);
  return (
    <>
      <div className="app-bar" role="banner">
        <Menu>
          <MenuTrigger disableButtonEnhancement>
            <Button className="app-button" appearance="transparent" icon={<WaffleIcon />} aria-label={words('apps')} />
          </MenuTrigger>
          <MenuPopover>
            <MenuList>
              {model.apps.map((each) => (
                <MenuItem
                  key={each.name}
                  data-app={each.name}
                  onClick={() => host.shell.go({ app: each.name, ...firstPage(each) })}
                >
                  {say(each.label, services.lang, each.name)}
                </MenuItem>
              ))}
            </MenuList>
          </MenuPopover>
        </Menu>
        <span className="app-product">Dynamics 365</span>
        <span className="app-name">{say(app?.label, services.lang)}</span>
        <span className="app-room" />
        <Bell />
        <Tooltip content="Switches of the form host" relationship="label">
          <Button
            className="app-button"
            appearance="transparent"
            icon={<GearIcon />}
            onClick={() => host.turn({ switches: !switches.switches })}
          />
        </Tooltip>
        <Avatar
          className="app-person"
          name={services.user.name}
          size={28}
          title={`${services.user.name}${person?.title ? ` · ${person.title}` : ''}`}
        />
      </div>
      <div className="app-body">
        <nav className={`site-map${open ? '' : ' site-map-closed'}`} aria-label={words('navigation')}>
          <Button
            className="site-toggle"
            appearance="transparent"
            icon={<MenuIcon />}
            aria-label={words('navigation')}
            aria-expanded={open}
            onClick={() => setOpen(!open)}
          />
          {app?.areas.map((area, index) =>
            area.groups.map((group, at) => (
              <div key={`${index}-${at}`} className="site-group">
                {open && <div className="site-title">{say(group.label, services.lang)}</div>}
                {group.items.map((item) => (
                  <SiteItem key={item.id} item={item} open={open} route={route} />
                ))}
              </div>
            )),
          )}
        </nav>
        <main className="app-content">{children}</main>
        {switches.switches && <SwitchesPanel />}
      </div>
    </>
  );
}

const icons: Readonly<Record<string, () => React.ReactElement>> = {
  account: BuildingIcon,
  contact: PersonIcon,
  opportunity: DealIcon,
  lead: FunnelIcon,
};

function SiteItem({ item, open, route }: { item: AppItem; open: boolean; route: Query }): React.ReactElement {
  const { model, services, shell, words } = useHost();
  const table = item.table === undefined ? undefined : model.tables[item.table];
  const label = say(item.label, services.lang) || say(table?.pluralLabel, services.lang, item.table ?? item.id);
  const Icon = icons[item.table ?? ''] ?? (item.dashboard === undefined ? TableIcon : ChartIcon);
  const page = pageOf(item);
  const current =
    item.table === undefined
      ? item.dashboard !== undefined && route['pagetype'] === 'dashboard' && route['id'] === item.dashboard
      : route['etn'] === item.table;
  const go = (): void => {
    if (page === undefined) shell.toast(words('notModelled'));
    else shell.go({ ...(route['app'] === undefined ? {} : { app: route['app'] }), ...page });
  };
  return (
    <button
      type="button"
      className={`site-item${current ? ' site-current' : ''}`}
      aria-current={current ? 'page' : undefined}
      title={open ? undefined : label}
      aria-label={label}
      onClick={go}
    >
      <Icon />
      {open && <span>{label}</span>}
    </button>
  );
}

function pageOf({ table, dashboard }: AppItem): Query | undefined {
  if (table !== undefined) return { pagetype: 'entitylist', etn: table };
  return dashboard === undefined ? undefined : { pagetype: 'dashboard', id: dashboard };
}

/** Sellers land on their deals; any other app opens the first entry of its site map. */
function firstPage({ name, areas }: AppModel): Query {
  const items = areas.flatMap((area) => area.groups).flatMap((group) => group.items);
  const first = name === 'saleshub' ? undefined : items.find((item) => pageOf(item) !== undefined);
  return (first && pageOf(first)) ?? { pagetype: 'entitylist', etn: 'opportunity' };
}
