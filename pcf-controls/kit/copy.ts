/** Puts a text on the clipboard. The caller says how it went, and shows the text when it did not. */

/** @returns false when the browser, its policy or an embedding page does not allow it; never rejects */
export async function copyText(text: string): Promise<boolean> {
  try {
    // Missing without https.
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
