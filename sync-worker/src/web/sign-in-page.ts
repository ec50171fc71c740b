/** The page that asks for the key or leads to Entra sign-in. Pure; says what went wrong in one sentence. */
import type { SignInRefusal } from './entra';
import { html, type Html } from './html';
import { page } from './page';
import { span } from './verdict';

export type SignInTrouble = SignInRefusal | 'wrong key' | 'no public address' | { readonly waitMs: number };

export interface SignInPage {
  readonly key: boolean;
  readonly entra: boolean;
  readonly trouble: SignInTrouble | null;
}

const sentences: Readonly<Record<Exclude<SignInTrouble, object>, string>> = {
  'wrong key': 'That is not the key.',
  'no public address': 'Entra sign-in needs to know the site’s address: set COSELL_WEB_URL.',
  state: 'The sign-in took too long or was begun elsewhere. Please begin again.',
  denied: 'Microsoft Entra ID did not sign you in.',
  failed: 'The sign-in could not be completed. Please try again; the log says more.',
  tenant: 'That account belongs to another tenant.',
  groups:
    'You are in too many groups for them to be named in a sign-in. Ask for your own object id in COSELL_WEB_OPERATORS.',
  'not an operator': 'You are signed in but not one of the operators of this connector (COSELL_WEB_OPERATORS).',
};

export function signInPage({ key, entra, trouble }: SignInPage): string {
  const wrong =
    trouble === null ? null : html`<div class="verdict bad" role="alert"><p>${sentenceOf(trouble)}</p></div>`;
  return page(
    `${trouble === null ? '' : 'Error – '}Sign in – Co-sell connector`,
    html`<main class="narrow stack">
      <h1>Co-sell connector: status</h1>
      ${wrong}${entra ? withEntra : null}${key ? withKey : null}
    </main>`,
  );
}

function sentenceOf(trouble: SignInTrouble): string {
  return typeof trouble === 'object'
    ? `Too many wrong keys. Please wait ${span(Math.ceil(trouble.waitMs / 1000))}.`
    : sentences[trouble];
}

const withEntra: Html = html`<p><a class="button" href="/sign-in/entra">Sign in with Microsoft</a></p>`;

const withKey: Html = html`<form method="post" action="/sign-in" class="stack">
  <div>
    <label for="key">Key of the status page</label>
    <input
      id="key"
      name="key"
      type="password"
      autocomplete="current-password"
      required
      maxlength="512"
      aria-describedby="where"
    />
  </div>
  <p id="where" class="soft">The setting COSELL_WEB_KEY of the web half.</p>
  <p><button>Sign in</button></p>
</form>`;
