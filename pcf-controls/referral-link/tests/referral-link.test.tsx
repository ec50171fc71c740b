/** @jest-environment jsdom */
import { act, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { choiceProperty, contextOf, renderControl, textProperty, textsOf } from '../../kit/testing';
import type { IInputs, IOutputs } from '../ReferralLink/generated/ManifestTypes';
import { ReferralLink } from '../ReferralLink/index';
import { safeUrl } from '../ReferralLink/safe-url';

const address = 'https://partner.microsoft.com/dashboard/referrals/v2/referrals/5b0c7c1a';

function show(
  url: string | null,
  options: { readable?: boolean; disabled?: boolean; languageId?: number; status?: string } = {},
) {
  const { readable = true, disabled = false, languageId = 1033, status } = options;
  const parameters = {
    url: textProperty(url, { readable }),
    referralId: textProperty('5b0c7c1a'),
    ...(status ? { status: choiceProperty(1, { 1: status }) } : {}),
  } as unknown as IInputs;
  return renderControl<IInputs, IOutputs>(
    ReferralLink,
    contextOf({ parameters, disabled, languageId, texts: textsOf('referral-link', languageId) }),
  );
}

function clipboard(writeText: ((text: string) => Promise<void>) | undefined): void {
  Object.defineProperty(navigator, 'clipboard', { configurable: true, value: writeText && { writeText } });
}

const press = (name: RegExp) => act(async () => userEvent.click(screen.getByRole('button', { name })));

describe('R-078: the link to the referral', () => {
  test('the link has words, opens in a new tab and hands nothing over', () => {
    show(address);
    const link = screen.getByRole('link');
    expect(link.textContent?.trim()).toBe('Open in Partner Center');
    expect(link.getAttribute('aria-label')).toBe('Open in Partner Center, new tab 5b0c7c1a');
    expect(
      Object.fromEntries(['href', 'target', 'rel', 'title'].map((name) => [name, link.getAttribute(name)])),
    ).toEqual({
      href: address,
      target: '_blank',
      rel: 'noopener noreferrer',
      title: address,
    });
  });

  test('copying puts the address on the clipboard and says so', async () => {
    const copied: string[] = [];
    clipboard((text) => Promise.resolve(void copied.push(text)));
    show(address);
    expect(screen.getByRole('status').textContent).toBe('');
    await press(/Copy link/);
    expect(copied).toEqual([address]);
    expect(screen.getByRole('status').textContent).toBe('Link copied');
  });

  test('when the browser refuses to copy, the address is shown to be copied by hand', async () => {
    clipboard(() => Promise.reject(new Error('NotAllowedError')));
    show(address);
    await press(/Copy link/);
    expect(screen.getByRole('status').textContent).toContain(address);
  });

  test('a browser without a clipboard is answered in the same way', async () => {
    clipboard(undefined);
    show(address);
    await press(/Copy link/);
    expect(screen.getByRole('status').textContent).toContain('didn’t allow copying');
  });

  test('a deal without a referral says so', () => {
    show(null);
    expect(screen.getByText('No referral yet')).toBeTruthy();
    expect(screen.queryByRole('link')).toBeNull();
    expect(screen.queryByRole('button')).toBeNull();
  });

  test.each([
    'javascript:alert(1)',
    'http://partner.microsoft.com/x',
    'https://partner.microsoft.com@evil.example/',
    'not an address',
  ])('the address %s is shown but cannot be opened', (broken) => {
    show(broken);
    expect(screen.queryByRole('link')).toBeNull();
    expect(document.body.textContent).toContain(`This address can’t be opened: ${broken}`);
  });

  test('a masked address is not shown', () => {
    show(address, { readable: false });
    expect(document.body.textContent).toContain('You don’t have permission to see this.');
    expect(document.body.innerHTML).not.toContain('5b0c7c1a');
  });

  test('the link of an inactive record still works', () => {
    show(address, { disabled: true });
    expect(screen.getByRole('link').getAttribute('href')).toBe(address);
  });

  test('the status of the referral stands beside the link when it is bound', () => {
    show(address, { status: 'Active' });
    expect(screen.getByText('Active')).toBeTruthy();
  });

  test.each([
    [1036, 'Ouvrir dans Partner Center'],
    [1053, 'Öppna i Partner Center'],
    [1028, '在 Partner Center 中開啟'],
  ])('in language %s the link reads %s', (languageId, words) => {
    show(address, { languageId });
    expect(screen.getByRole('link').textContent?.trim()).toBe(words);
  });

  test('an address that arrives later appears, and taking the control away twice does no harm', () => {
    const { update, destroy, control } = show(null);
    const parameters = { url: textProperty(address), referralId: textProperty(null) } as unknown as IInputs;
    update(contextOf({ parameters, texts: textsOf('referral-link') }));
    expect(screen.getByRole('link')).toBeTruthy();
    destroy();
    expect(() => control.destroy()).not.toThrow();
  });
});

test.each([
  ['https://partner.microsoft.com/a b', 'https://partner.microsoft.com/a%20b'],
  ['  https://partner.microsoft.com/x  ', 'https://partner.microsoft.com/x'],
  ['HTTPS://PARTNER.microsoft.com', 'https://partner.microsoft.com/'],
  ['data:text/html,x', null],
  ['//partner.microsoft.com', null],
  ['https://', null],
  ['https://:secret@partner.microsoft.com/', null],
])('safeUrl(%s) is %s', (text, expected) => {
  expect(safeUrl(text)).toBe(expected);
});
