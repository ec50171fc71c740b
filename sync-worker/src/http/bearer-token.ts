/**
 * Puts the bearer token on the request. After a 401 the token is dropped and the request goes out
 * once more with a fresh one, also a POST: a 401 says that nothing was done. A second 401 is a
 * sign-in problem that no waiting mends.
 */
import type { ErrorCode } from '../errors';
import { SyncError } from '../errors';
import { answerCode, answerIdOf } from './answer';
import type { HttpRequest, Policy, TokenProvider } from './types';

export interface BearerOptions {
  readonly token: TokenProvider;
  /** What a second 401 means. */
  readonly signInCode: ErrorCode;
  readonly answerId: readonly string[];
}

export function bearerToken({ token, signInCode, answerId }: BearerOptions): Policy {
  return async (request, next) => {
    const first = await token.token();
    const response = await next(authorized(request, first));
    if (response.status !== 401) return response;

    token.drop(first);
    const second = await next(authorized(request, await token.token()));
    if (second.status !== 401) return second;

    const requestId = answerIdOf(second, answerId);
    throw new SyncError(signInCode, {
      status: 401,
      detail: ['401 with a fresh token', answerCode(second), challenge(second.headers['www-authenticate'])]
        .filter(Boolean)
        .join(', '),
      ...(requestId ? { requestId } : {}),
    });
  };
}

function authorized(request: HttpRequest, token: string): HttpRequest {
  return { ...request, headers: { ...request.headers, Authorization: `Bearer ${token}` } };
}

/** `error="invalid_token"` of RFC 6750; descriptions may name the user and are left out. */
function challenge(header: string | undefined): string {
  return /\berror="([\w.-]{1,64})"/.exec(header ?? '')?.[1] ?? '';
}
