/**
 * A real server on loopback whose answers a test writes down. Keeps what it was asked, in order.
 * Tests only: nothing that ships imports this folder.
 */
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Asked {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export type Answer = (asked: Asked, response: ServerResponse, request: IncomingMessage) => void | Promise<void>;

export interface TestServer {
  readonly url: string;
  readonly asked: Asked[];
  /** Answers in order; the last one stays. */
  answer(...answers: readonly Answer[]): void;
  close(): Promise<void>;
}

export async function startTestServer(): Promise<TestServer> {
  const asked: Asked[] = [];
  let answers: Answer[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const one: Asked = {
        method: request.method ?? '',
        url: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(chunks).toString('utf8'),
      };
      asked.push(one);
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      if (!answer) response.writeHead(501).end();
      else void answer(one, response, request);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    answer: (...list) => {
      answers = [...list];
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** An answer with a JSON body. */
export function json(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Answer {
  return (_asked, response) => {
    response
      .writeHead(status, { 'content-type': 'application/json; odata.metadata=minimal', ...headers })
      .end(JSON.stringify(body));
  };
}

/** An answer with any body, or none. */
export function plain(status: number, body = '', headers: Readonly<Record<string, string>> = {}): Answer {
  return (_asked, response) => {
    response.writeHead(status, headers).end(body);
  };
}

/** Cuts the connection after the request was taken: the lost answer. */
export const hangUp: Answer = (_asked, response) => {
  response.destroy();
};

/** Takes the request and never answers. */
export const silence: Answer = () => undefined;
