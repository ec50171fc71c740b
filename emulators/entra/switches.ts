/** What a test may change about the emulated Entra while it runs. */
export interface EntraSwitches {
  /**
   * What becomes of a refresh token that was used. Documented: it stays valid until its own end ("oldStaysValid").
   * UNVERIFIED for every tenant, so two stricter ways: it is dead ("oldRevokedAfterUse"), and its second use kills all
   * that descend from the same sign-in ("reuseRevokesFamily", OAuth 2.0 Security Best Current Practice).
   */
  refreshRotation: 'oldStaysValid' | 'oldRevokedAfterUse' | 'reuseRevokesFamily';
  /** AADSTS number with which every refresh token is refused, as a policy of the tenant would; 0: none. */
  refuseRefreshWith: number;
  /** What the person at the sign-in page does. */
  person: 'signsIn' | 'cancels';
  /** `grant_type=password`; off as in every tenant with security defaults. */
  allowPassword: boolean;
  /** Conditional access asks for a second factor: grants made without one get AADSTS50076. */
  requireMfa: boolean;
  /**
   * Compares the times in a certificate assertion with the emulator clock. Off for worlds whose clock
   * stands elsewhere than the client's: MSAL writes the machine's time.
   */
  checkAssertionTime: boolean;
  accessTokenSeconds: number;
  /** Days without use after which a refresh token is dead. */
  refreshTokenDays: number;
  /** Answer of the managed identity endpoint: on, or the 500 that it gives while starting. */
  managedIdentity: 'on' | 'off';
}

export function defaultEntraSwitches(): EntraSwitches {
  return {
    refreshRotation: 'oldStaysValid',
    refuseRefreshWith: 0,
    person: 'signsIn',
    allowPassword: false,
    requireMfa: false,
    checkAssertionTime: true,
    accessTokenSeconds: 3599,
    refreshTokenDays: 90,
    managedIdentity: 'on',
  };
}
