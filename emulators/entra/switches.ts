/** What a test may change about the emulated Entra while it runs. */
export interface EntraSwitches {
  /** A used refresh token stops working once its successor is issued. Entra keeps old ones alive. */
  revokeUsedRefreshTokens: boolean;
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
    revokeUsedRefreshTokens: false,
    allowPassword: false,
    requireMfa: false,
    checkAssertionTime: true,
    accessTokenSeconds: 3599,
    refreshTokenDays: 90,
    managedIdentity: 'on',
  };
}
