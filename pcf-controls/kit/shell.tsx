/**
 * What every control stands in: its own Fluent provider, reading direction and an error boundary.
 *
 * A provider of its own, because an environment without the new look hands no theme down, and popups would then be
 * transparent (Microsoft Learn, "Style components with modern theming"). The boundary keeps one broken control from
 * taking the rest of the form's control with it, and gives a way to try again.
 */
import { Component } from 'react';
import { Button, FluentProvider, MessageBar, MessageBarBody, webLightTheme } from '@fluentui/react-components';
import type { Theme } from '@fluentui/react-components';
import * as React from './react';
import { stringsOf } from './strings';
import type { HasResources, Strings } from './strings';

export interface ShellContext extends HasResources {
  readonly fluentDesignLanguage?: { readonly tokenTheme: unknown } | undefined;
  readonly userSettings: { readonly isRTL: boolean };
}

export interface ShellProps {
  readonly context: ShellContext;
  readonly children: React.ReactNode;
}

export function Shell({ context, children }: ShellProps): React.ReactElement {
  const theme = (context.fluentDesignLanguage?.tokenTheme as Theme | undefined) ?? webLightTheme;
  return (
    <FluentProvider theme={theme} dir={context.userSettings.isRTL ? 'rtl' : 'ltr'} style={{ width: '100%' }}>
      <Boundary strings={stringsOf(context)}>{children}</Boundary>
    </FluentProvider>
  );
}

interface BoundaryProps {
  readonly strings: Strings;
  readonly children: React.ReactNode;
}

/** Only a class can catch what its children throw while rendering. */
class Boundary extends Component<BoundaryProps, { readonly failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override render(): React.ReactNode {
    const { strings, children } = this.props;
    if (!this.state.failed) return children;
    return (
      // Multiline: a message bar of one line cuts its text off in a narrow section.
      <MessageBar role="alert" intent="error" layout="multiline">
        <MessageBarBody>
          {strings('kit_broken')}{' '}
          <Button size="small" onClick={() => this.setState({ failed: false })}>
            {strings('kit_retry')}
          </Button>
        </MessageBarBody>
      </MessageBar>
    );
  }
}
