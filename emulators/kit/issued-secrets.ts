/**
 * Every secret that an emulator of this process handed out or was given: tokens, codes, client secrets, private keys.
 *
 * Only tests read it, to look for them in logs, errors and events. Never shortened or forgotten: a token that has
 * expired is still nothing to be written down.
 */
const known = new Set<string>();

/** Remembers a secret and gives it back, so that it can stand where the secret is made. */
export function issued(secret: string): string {
  known.add(secret);
  return secret;
}

/** A PEM key: remembered by a line from its middle, since whoever quotes it may wrap it anew. */
export function issuedKey(pem: string): string {
  const lines = pem.split('\n').filter((line) => /^[A-Za-z0-9+/=]{40,}$/.test(line));
  const middle = lines[Math.floor(lines.length / 2)];
  if (middle !== undefined) known.add(middle);
  return pem;
}

export function issuedSecrets(): ReadonlySet<string> {
  return known;
}
