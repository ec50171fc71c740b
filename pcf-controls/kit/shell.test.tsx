/** @jest-environment jsdom */
import * as React from 'react';
import { act, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { webDarkTheme } from '@fluentui/react-components';
import { Shell } from './shell';
import { contextOf } from './testing/context';
import { textsOf } from './testing/texts';

const texts = textsOf('kit');

test('reading direction follows the person', () => {
  render(<Shell context={contextOf({ parameters: {}, isRTL: true })}>text</Shell>);
  expect(screen.getByText('text').closest('[dir]')?.getAttribute('dir')).toBe('rtl');
});

test('without a theme of the app the control still has its colours', () => {
  const { container } = render(<Shell context={contextOf({ parameters: {} })}>text</Shell>);
  expect(variables(container)).toContain('--colorNeutralBackground1: #ffffff');
});

test('the dark theme of the app is taken over', () => {
  const { container } = render(<Shell context={contextOf({ parameters: {}, tokenTheme: webDarkTheme })}>text</Shell>);
  expect(variables(container)).toContain(`--colorNeutralBackground1: ${webDarkTheme.colorNeutralBackground1}`);
});

/** Fluent writes the theme as variables into a style rule of the provider's own class. */
function variables(container: HTMLElement): string {
  const name = [...(container.querySelector('.fui-FluentProvider')?.classList ?? [])].find((one) =>
    /^fui-FluentProvider.+/.test(one),
  );
  const rules = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules].map((rule) => rule.cssText));
  return rules.filter((rule) => name !== undefined && rule.startsWith(`.${name} `)).join('');
}

test('a part that breaks says so and can be tried again', async () => {
  // React prints what the boundary catches; that is expected here.
  const print = jest.spyOn(console, 'error').mockImplementation(() => undefined);
  let broken = true;
  const Part = () => {
    if (broken) throw new Error('secret detail');
    return <p>fine</p>;
  };
  render(
    <Shell context={contextOf({ parameters: {}, texts })}>
      <Part />
    </Shell>,
  );
  expect(screen.getByRole('alert').textContent).toContain('could not be shown');
  expect(document.body.textContent).not.toContain('secret detail');
  broken = false;
  await act(async () => userEvent.click(screen.getByRole('button', { name: 'Try again' })));
  expect(screen.getByText('fine')).toBeTruthy();
  print.mockRestore();
});
