/**
 * When to warn that the Partner Center sign-in ends: long before, and once for each step.
 *
 * Pure. The life of a refresh token slides with each use (Microsoft Learn: refresh tokens in the Microsoft identity
 * platform, 90 days); days that only get fewer mean that it is not renewed any more, and a person has to sign in.
 */
const warnAtDays = [30, 14, 7, 3, 1] as const;

/** The step that `daysLeft` has reached: 30, 14, 7, 3, 1, 0 when it is over; null: long to go, or not known. */
export function alertStep(daysLeft: number | null): number | null {
  if (daysLeft === null) return null;
  if (daysLeft < 0) return 0;
  const reached = warnAtDays.filter((days) => daysLeft <= days);
  return reached.length === 0 ? null : Math.min(...reached);
}

/** Remembers which step was said; a renewed sign-in starts over. */
export class SignInAlert {
  private said: number | null = null;

  /** What to log now, or null. */
  next(daysLeft: number | null): { readonly message: string; readonly daysLeft: number } | null {
    // Not known for a moment is no renewal.
    if (daysLeft === null) return null;
    const step = alertStep(daysLeft);
    const isNews = step !== null && (this.said === null || step < this.said);
    this.said = step;
    if (!isNews) return null;
    const message =
      step === 0
        ? 'the Partner Center sign-in has ended; sign in again with: cosell signin'
        : 'the Partner Center sign-in ends soon; renew it with: cosell signin';
    return { message, daysLeft };
  }
}
