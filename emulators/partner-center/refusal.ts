/**
 * A refused request: HTTP status plus what goes into the error envelope. Outer codes are Microsoft's
 * (Microsoft Learn: "Referrals API response codes"); inner codes are the emulator's own, since no
 * catalogue of them is public.
 */
export interface RefusalDetail {
  readonly code: string;
  readonly message: string;
  readonly target?: string;
  readonly innerCode?: string;
}

export class Refusal extends Error {
  readonly status: number;
  readonly detail: RefusalDetail;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, detail: RefusalDetail, headers: Readonly<Record<string, string>> = {}) {
    super(
      `${status} ${detail.innerCode ?? detail.code}: ${detail.message}${detail.target ? ` (${detail.target})` : ''}`,
    );
    this.status = status;
    this.detail = detail;
    this.headers = headers;
  }
}

/** The emulator does not know what the service would do; answered 501 by name, never guessed. */
export class NotModelled extends Error {}

export function invalid(innerCode: string, target: string, message: string): Refusal {
  return new Refusal(400, { code: 'invalidRequest', message, target, innerCode });
}

export function required(target: string): Refusal {
  return invalid('requiredField', target, `${target} is required.`);
}

/** A rule about state rather than form: its HTTP status is one of the open questions. */
export function againstState(status: number, innerCode: string, target: string, message: string): Refusal {
  return new Refusal(status, { code: 'invalidRequest', message, target, innerCode });
}

export function notFound(id: string): Refusal {
  return new Refusal(404, { code: 'itemNotFound', message: 'No referral has this id.', target: id });
}

export function forbidden(message: string): Refusal {
  return new Refusal(403, { code: 'accessDenied', message });
}
