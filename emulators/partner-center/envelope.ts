/**
 * How a refusal looks on the wire. Referrals host: Microsoft Learn, "Referrals API response codes";
 * Partner Center host (webhooks): "Error codes"; the gateway before both may answer in its own shape
 * (switch `errors.envelope`).
 */
import { notModelled, type EmulatorResponse } from '../kit/server';
import { NotModelled, Refusal } from './refusal';
import type { Switches } from './switches';

export function refusalAnswer(error: unknown, switches: Switches, host: 'referrals' | 'webhooks'): EmulatorResponse {
  if (error instanceof NotModelled) return notModelled(error.message);
  if (!(error instanceof Refusal)) throw error;
  const { status, headers } = error;
  switch (switches['errors.envelope']) {
    case 'standard':
      return { status, headers, body: host === 'referrals' ? referralsBody(error) : webhooksBody(error) };
    case 'gateway':
      return { status, headers, body: { statusCode: status, message: error.detail.message } };
    case 'html':
      return {
        status,
        headers: { ...headers, 'content-type': 'text/html' },
        body: `<html><body><h1>${status}</h1></body></html>`,
      };
    case 'empty':
      return { status, headers };
  }
}

function referralsBody({ detail }: Refusal): object {
  const { code, message, target, innerCode } = detail;
  return {
    error: {
      code,
      message: message.slice(0, 1024),
      ...(target === undefined ? {} : { target }),
      ...(innerCode === undefined ? {} : { innerError: { code: innerCode, message: message.slice(0, 1024) } }),
    },
  };
}

function webhooksBody({ status, detail }: Refusal): object {
  return { code: `${status}001`, description: detail.message, data: [], source: 'Webhooks' };
}
