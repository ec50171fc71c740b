/**
 * Which address may become a link: https with a host and without a name or password in it. Pure.
 *
 * The column is text: a person with rights, an import or another system may have written anything into it, such as
 * `javascript:`, or a name before the host that makes a foreign address look like Microsoft's.
 */

/** @returns the address in its normal form, or null when it must not be opened */
export function safeUrl(text: string): string | null {
  try {
    const url = new URL(text.trim());
    return url.protocol === 'https:' && url.username === '' && url.password === '' ? url.href : null;
  } catch {
    return null;
  }
}
