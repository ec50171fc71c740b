import { request } from 'node:http';
import { EmulatorClock } from './clock';
import { FaultPlan } from './faults';
import { Journal } from './journal';
import { startServer, type RunningServer } from './server';

let server: RunningServer;
const journal = new Journal();
beforeAll(async () => {
  server = await startServer({
    service: 'test',
    clock: new EmulatorClock('2026-03-02T08:00:00Z'),
    journal,
    faults: new FaultPlan(),
    handler: ({ path, query }) => ({ status: 200, body: { path, q: query.get('q') } }),
  });
});
afterAll(() => server.stop());

function ask(path: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const { port } = server;
    const outgoing = request({ host: '127.0.0.1', port, path, agent: false }, (incoming) => {
      let text = '';
      incoming.on('data', (chunk: Buffer) => (text += chunk.toString()));
      incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, text }));
    });
    outgoing.on('error', reject).end();
  });
}

test.each(['/%', '/a/%E0%A4%A', '/%zz?q=1', '/ok%c3'])(
  'an address that nobody can read (%s) is 400, not a fault',
  async (path) => {
    const before = journal.mark();
    expect((await ask(path)).status).toBe(400);
    expect(journal.since(before)).toEqual([]);
  },
);

test("good escapes are read, and a bad one in the query is the service's to judge", async () => {
  expect(JSON.parse((await ask('/a%20b?q=%C3%A9')).text)).toEqual({ path: '/a b', q: 'é' });
  expect((await ask('/a?q=%zz')).status).toBe(200);
});
