/**
 * Xrm.Navigation and context.navigation: the same dialogs and moves, asked of the shell.
 * Microsoft Learn: "Xrm.Navigation", "Navigation (Power Apps component framework)".
 */
import type { Shell } from './shell';
import { NotModelled, strict } from './strict';
import { bareId } from './values';

interface FormOptions {
  readonly entityName?: string;
  readonly entityId?: string;
  readonly openInNewWindow?: boolean;
  readonly useQuickCreateForm?: boolean;
}

interface PageInput {
  readonly pageType: string;
  readonly entityName?: string;
  readonly entityId?: string;
  readonly webresourceName?: string;
  readonly data?: string;
}

interface PageOptions {
  readonly target?: 1 | 2;
  readonly width?: number | { value: number; unit: string };
  readonly height?: number | { value: number; unit: string };
  readonly title?: string;
}

const pixels = (size: PageOptions['width'], whole: number): number =>
  size === undefined
    ? whole / 2
    : typeof size === 'number'
      ? size
      : size.unit === '%'
        ? (whole * size.value) / 100
        : size.value;

export interface NavigationParts {
  openAlertDialog(strings: { text: string; title?: string; confirmButtonLabel?: string }): Promise<void>;
  openConfirmDialog(strings: {
    text: string;
    title?: string;
    subtitle?: string;
    confirmButtonLabel?: string;
    cancelButtonLabel?: string;
  }): Promise<{ confirmed: boolean }>;
  openErrorDialog(options: { message?: string; details?: string; errorCode?: number }): Promise<void>;
  openForm(options: FormOptions): Promise<{ savedEntityReference: unknown[] }>;
  openUrl(url: string): void;
}

export function navigationOf(shell: Shell): NavigationParts {
  return {
    openAlertDialog: async ({ text, title, confirmButtonLabel }) => {
      await shell.ask({
        kind: 'alert',
        title: title ?? '',
        text,
        ...(confirmButtonLabel === undefined ? {} : { confirmLabel: confirmButtonLabel }),
      });
    },
    openConfirmDialog: async ({ text, title, subtitle, confirmButtonLabel, cancelButtonLabel }) => {
      const confirmed = await shell.ask({
        kind: 'confirm',
        title: title ?? '',
        text,
        ...(subtitle === undefined ? {} : { subtitle }),
        ...(confirmButtonLabel === undefined ? {} : { confirmLabel: confirmButtonLabel }),
        ...(cancelButtonLabel === undefined ? {} : { cancelLabel: cancelButtonLabel }),
      });
      return { confirmed: confirmed === true };
    },
    openErrorDialog: async ({ message, details }) => {
      await shell.ask({ kind: 'error', title: '', text: message ?? '', ...(details === undefined ? {} : { details }) });
    },
    openForm: async ({ entityName, entityId, openInNewWindow, useQuickCreateForm }) => {
      if (useQuickCreateForm === true) throw new NotModelled('quick create forms');
      const query = {
        pagetype: 'entityrecord',
        etn: entityName ?? '',
        ...(entityId === undefined ? {} : { id: bareId(entityId) }),
      };
      if (openInNewWindow === true)
        window.open(`/main.aspx?${new URLSearchParams(query).toString()}`, '_blank', 'noopener');
      else shell.go(query);
      return { savedEntityReference: [] };
    },
    openUrl: (url) => void window.open(url, '_blank', 'noopener'),
  };
}

/** Members that only Xrm.Navigation has. */
export function xrmNavigation(shell: Shell): object {
  return strict('Xrm.Navigation', {
    ...navigationOf(shell),
    navigateTo: async (page: PageInput, options: PageOptions = {}) => {
      if (page.pageType === 'entityrecord' || page.pageType === 'entitylist') {
        const { entityName, entityId } = page;
        return shell.go({
          pagetype: page.pageType,
          etn: entityName ?? '',
          ...(entityId === undefined ? {} : { id: bareId(entityId) }),
        });
      }
      if (page.pageType !== 'webresource') throw new NotModelled(`navigateTo ${page.pageType}`);
      const source = `/WebResources/${page.webresourceName ?? ''}${page.data === undefined ? '' : `?data=${encodeURIComponent(page.data)}`}`;
      if (options.target !== 2) throw new NotModelled('navigateTo a web resource outside of a dialog');
      return shell.ask({
        kind: 'webresource',
        title: options.title ?? '',
        text: '',
        source,
        width: pixels(options.width, window.innerWidth),
        height: pixels(options.height, window.innerHeight),
      });
    },
    openWebResource: () => {
      throw new NotModelled('Xrm.Navigation.openWebResource');
    },
  });
}
