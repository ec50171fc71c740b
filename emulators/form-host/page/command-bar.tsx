/**
 * The command bar: the platform's own commands and those of the solution's ribbon, each shown only
 * while its rules hold. What does not fit goes into the menu at the end, as in the real one.
 */
import * as React from 'react';
import {
  Button,
  Menu,
  MenuItem,
  MenuList,
  MenuPopover,
  MenuTrigger,
  Toolbar,
  ToolbarButton,
  ToolbarDivider,
} from '@fluentui/react-components';
import type { ButtonModel } from '../model';
import { useHost } from './host';
import { ChevronDownIcon, MoreIcon } from './icons';
import { say } from './metadata';
import { allows, runCommand, type CommandScene } from './scripts';

export interface StockCommand {
  readonly id: string;
  readonly label: string;
  readonly icon: React.ReactElement;
  readonly run: () => void;
  readonly disabled?: boolean;
  readonly divider?: boolean;
}

interface Props {
  readonly stock: readonly StockCommand[];
  readonly buttons: readonly ButtonModel[];
  readonly scene: CommandScene;
  /** Changes whenever rules may answer differently. */
  readonly version: unknown;
}

interface Item {
  readonly id: string;
  readonly label: string;
  readonly icon: React.ReactElement;
  readonly run: () => void;
  readonly disabled: boolean;
  readonly divider: boolean;
  readonly menu?: readonly Item[];
}

export function CommandBar({ stock, buttons, scene, version }: Props): React.ReactElement {
  const { words } = useHost();
  const allowed = useAllowed(buttons, scene, version);
  const own = useItems(buttons, allowed, scene);
  const items: Item[] = [
    ...stock.map((each) => ({ ...each, disabled: each.disabled ?? false, divider: each.divider ?? false })),
    ...own,
  ];
  const [root, fits] = useFitting(items.length, items.map((each) => each.label).join());
  const shown = items.slice(0, fits);
  const rest = items.slice(fits);
  return (
    <div className="command-bar" ref={root}>
      <Toolbar className="command-list" aria-label={words('more')}>
        {shown.map((item) => (
          <React.Fragment key={item.id}>
            {item.divider && <ToolbarDivider />}
            {item.menu ? (
              <Menu>
                <MenuTrigger disableButtonEnhancement>
                  <ToolbarButton className="command" icon={item.icon} data-command={item.id}>
                    {item.label}
                    <span className="command-chevron">
                      <ChevronDownIcon />
                    </span>
                  </ToolbarButton>
                </MenuTrigger>
                <Popover items={item.menu} />
              </Menu>
            ) : (
              <ToolbarButton
                className="command"
                icon={item.icon}
                disabled={item.disabled}
                data-command={item.id}
                onClick={item.run}
              >
                {item.label}
              </ToolbarButton>
            )}
          </React.Fragment>
        ))}
        {rest.length > 0 && (
          <Menu>
            <MenuTrigger disableButtonEnhancement>
              <Button appearance="subtle" icon={<MoreIcon />} aria-label={words('more')} />
            </MenuTrigger>
            <Popover items={rest.flatMap((each) => each.menu ?? [each])} />
          </Menu>
        )}
      </Toolbar>
    </div>
  );
}

function Popover({ items }: { items: readonly Item[] }): React.ReactElement {
  return (
    <MenuPopover>
      <MenuList>
        {items.map((each) => (
          <MenuItem key={each.id} icon={each.icon} disabled={each.disabled} data-command={each.id} onClick={each.run}>
            {each.label}
          </MenuItem>
        ))}
      </MenuList>
    </MenuPopover>
  );
}

function useAllowed(buttons: readonly ButtonModel[], scene: CommandScene, version: unknown): ReadonlySet<string> {
  const { shell } = useHost();
  const [allowed, setAllowed] = React.useState<ReadonlySet<string>>(new Set());
  const current = React.useRef(scene);
  current.current = scene;
  React.useEffect(() => {
    let gone = false;
    const judge = async (): Promise<Set<string>> => {
      const found = new Set<string>();
      for (const button of buttons.flatMap((each) => [each, ...(each.menu ?? [])])) {
        if (await allows(button.rules, current.current)) found.add(button.id);
      }
      return found;
    };
    judge()
      .then((found) => !gone && setAllowed(found))
      .catch((error: Error) => shell.toast(error.message));
    return () => void (gone = true);
  }, [buttons, version, shell]);
  return allowed;
}

function useItems(buttons: readonly ButtonModel[], allowed: ReadonlySet<string>, scene: CommandScene): Item[] {
  const { services, shell } = useHost();
  const itemOf = (button: ButtonModel): Item[] => {
    if (!allowed.has(button.id)) return [];
    const menu = button.menu?.flatMap(itemOf);
    if (menu && menu.length === 0) return [];
    const run = (): void => {
      runCommand(button, scene).catch(
        (error: unknown) =>
          void shell.ask({
            kind: 'error',
            title: '',
            text: error instanceof Error ? error.message : String((error as { message?: string }).message ?? error),
          }),
      );
    };
    const icon =
      button.icon === undefined ? (
        <span className="command-image" />
      ) : (
        <img className="command-image" src={`/WebResources/${button.icon}`} alt="" />
      );
    return [
      {
        id: button.id,
        label: say(button.label, services.lang, button.id),
        icon,
        run,
        disabled: false,
        divider: false,
        ...(menu ? { menu } : {}),
      },
    ];
  };
  return buttons.flatMap(itemOf);
}

/** How many commands fit into the bar, measured once their widths are known. */
function useFitting(count: number, labels: string): [React.RefObject<HTMLDivElement>, number] {
  const root = React.useRef<HTMLDivElement>(null);
  const [fits, setFits] = React.useState(count);
  const widths = React.useRef<number[]>([]);
  React.useLayoutEffect(() => {
    setFits(count);
    widths.current = [];
  }, [count, labels]);
  React.useLayoutEffect(() => {
    const bar = root.current;
    if (!bar) return undefined;
    const measure = (): void => {
      if (widths.current.length < count) {
        const buttons = [...bar.querySelectorAll<HTMLElement>('.command')];
        if (buttons.length < count) return;
        widths.current = buttons.map((each) => each.getBoundingClientRect().width + 8);
      }
      const room = bar.clientWidth - 24;
      let used = 0;
      let next = 0;
      while (next < count && used + (widths.current[next] ?? 0) <= room - (next < count - 1 ? 40 : 0))
        used += widths.current[next++] ?? 0;
      setFits(Math.max(next, 1));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(bar);
    return () => observer.disconnect();
  }, [count, labels, fits]);
  return [root, Math.min(fits, count)];
}
