/**
 * The Web API on the page's own origin, as a model-driven app has it: requests go on to the Dataverse
 * emulator with the session of the person that the page works as.
 *
 * The person comes in a header that only this host knows; it is taken off before passing on.
 */
import { request as call, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { HostPerson } from './index';

export const personHeader = 'x-host-person';

interface Target {
  readonly dataverseUrl: string;
  readonly people: readonly HostPerson[];
}

export async function passOn(target: Target, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const wanted = incoming.headers[personHeader];
  const person = wanted === undefined ? target.people[0] : target.people.find((each) => each.id === wanted);
  if (!person) {
    outgoing.writeHead(401, { 'content-type': 'application/json' });
    outgoing.end(
      JSON.stringify({ error: { code: 'HostUnknownPerson', message: 'The form host does not know this person' } }),
    );
    return;
  }
  const kept = without(incoming.headers, [personHeader, 'cookie', 'connection']);
  const url = new URL(incoming.url ?? '/', target.dataverseUrl);
  const headers = { ...kept, ...(await session(person)), host: url.host };
  await new Promise<void>((resolve, reject) => {
    const onward = call(url, { method: incoming.method ?? 'GET', headers }, (answer) => {
      // The emulator names itself in links; the page must come back through us.
      const rest = without(answer.headers, ['set-cookie', 'transfer-encoding', 'content-length', 'connection']);
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => {
        const own = `http://${incoming.headers.host ?? ''}`;
        const text = Buffer.concat(chunks).toString('utf8').replaceAll(url.origin, own);
        const location = rest['odata-entityid'];
        outgoing.writeHead(answer.statusCode ?? 502, {
          ...rest,
          ...(typeof location === 'string' ? { 'odata-entityid': location.replace(url.origin, own) } : {}),
        });
        outgoing.end(text);
        resolve();
      });
      answer.on('error', reject);
    });
    onward.on('error', () => {
      // As when the service is down: the connection ends without an answer.
      outgoing.socket?.destroy();
      resolve();
    });
    incoming.pipe(onward);
  });
}

function without(headers: IncomingHttpHeaders, names: readonly string[]): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name)));
}

async function session(person: HostPerson): Promise<Record<string, string>> {
  if (person.cookie !== undefined) return { cookie: `CrmOwinAuth=${person.cookie}` };
  if (person.authorization) return { authorization: await person.authorization() };
  throw new Error(`${person.name} has neither a cookie nor an authorization`);
}
