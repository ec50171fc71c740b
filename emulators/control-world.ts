/** Control of the world itself: clock, faults, journal, switches, sign-ins. */
import { optionalText, textOf, type ActionInput, type ControlRow } from './control-input';
import { setDataverseSwitch, setEntraSwitch } from './control-switches';
import type { World } from './index';
import type { Fault, FaultKind } from './kit/faults';
import { setSwitch } from './partner-center';

export const worldRows: readonly ControlRow[] = [
  ['GET', '/world', 'addresses, fake credentials, seeded ids', ({ world }) => worldOf(world)],

  [
    'POST',
    '/seed',
    'users, customers, solutions to work with, unless they are there',
    ({ world }) => world.ensureSeed(),
  ],

  ['GET', '/clock', 'emulator time', ({ world }) => clockOf(world)],
  ['POST', '/clock', 'set { set: ISO }, advance { advanceMs } or stop { freeze: true } the clock', moveClock],

  ['GET', '/faults', 'how many planned faults have not fired', ({ world }) => ({ pending: world.faults.pending() })],
  ['POST', '/faults', 'plan a fault: kind, service, method, url, body, times, skip, status, headers, answer', addFault],
  ['POST', '/faults/release', 'let held requests and answers go on', ({ world }) => world.faults.release()],
  ['DELETE', '/faults', 'forget all planned faults', ({ world }) => world.faults.clear()],

  ['GET', '/journal', 'requests and answers; ?since=<mark>&service=<name>', readJournal],
  ['GET', '/journal/mark', 'a place in the journal to read on from', ({ world }) => ({ mark: world.journal.mark() })],
  ['DELETE', '/journal', 'forget what was recorded', ({ world }) => world.journal.clear()],

  ['GET', '/switches', 'all switches of all services', ({ world }) => switchesOf(world)],
  ['PATCH', '/switches/{service}', 'turn switches of entra, dataverse or partnerCenter', turnSwitches],

  ['POST', '/entra/refresh-tokens', 'a new sign-in: upn, clientId, mfa', issueRefreshToken],
  [
    'POST',
    '/entra/refresh-tokens/revoke',
    'kill all refresh tokens, of one user with { upn }',
    ({ world, body }) => ({ revoked: world.entra.revokeRefreshTokens(optionalText(body, 'upn')) }),
  ],
  [
    'POST',
    '/entra/users',
    'a user: upn, mfa, password',
    ({ world, body }) => world.entra.registerUser({ ...body, upn: textOf(body, 'upn') }),
  ],
  [
    'POST',
    '/entra/users/disable',
    'disable { upn }, or enable it again with { disabled: false }',
    ({ world, body }) => world.entra.disableUser(textOf(body, 'upn'), body['disabled'] !== false),
  ],
  [
    'POST',
    '/entra/sign-in',
    'who the sign-in page signs in: upn',
    ({ world, body }) => world.entra.signInAs(optionalText(body, 'upn')),
  ],
  [
    'POST',
    '/entra/device-codes',
    'approve a device code: userCode, upn',
    ({ world, body }) => world.entra.approveDeviceCode(textOf(body, 'userCode'), textOf(body, 'upn')),
  ],
];

function worldOf({ urls, credentials, seed, partnerCenter, dataverse }: World): unknown {
  const { organization } = partnerCenter;
  return {
    urls,
    credentials,
    seed,
    organization,
    users: dataverse.users,
    dataverseOrganizationId: dataverse.organizationId,
  };
}

function clockOf({ clock }: World): unknown {
  return { now: clock.now(), iso: clock.iso() };
}

function moveClock({ world, body }: ActionInput): unknown {
  const { set, advanceMs, freeze } = body;
  if (freeze === true) world.clock.freeze();
  if (typeof set === 'string' || typeof set === 'number') {
    if (Number.isNaN(new Date(set).getTime())) throw new Error(`${set} is no time`);
    world.clock.set(set);
  } else if (typeof advanceMs === 'number') world.clock.advance(advanceMs);
  else if (freeze !== true) throw new Error('Give set, advanceMs or freeze');
  return clockOf(world);
}

const faultKinds: readonly FaultKind[] = ['answer', 'resetBefore', 'resetAfter', 'truncate', 'hold', 'holdAnswer'];

/** `url` and `body` may be text to contain, or `{ regex }`. */
function addFault({ world, body }: ActionInput): unknown {
  const kind = faultKinds.find((known) => known === body['kind']);
  if (!kind) throw new Error(`kind must be one of: ${faultKinds.join(', ')}`);
  const pattern = (name: 'url' | 'body'): object => {
    const value = body[name];
    if (value === undefined) return {};
    return {
      [name]: typeof value === 'string' ? value : new RegExp(textOf(value as Record<string, unknown>, 'regex')),
    };
  };
  world.faults.next({ ...body, kind, ...pattern('url'), ...pattern('body') } as Fault);
  return { pending: world.faults.pending() };
}

function readJournal({ world, query }: ActionInput): unknown {
  return world.journal.since(Number(query['since'] ?? 0), query['service']);
}

function switchesOf({ entra, dataverse, partnerCenter }: World): unknown {
  return { entra: entra.switches, dataverse: dataverse.switches, partnerCenter: partnerCenter.switches };
}

function turnSwitches({ world, names, body }: ActionInput): unknown {
  for (const [name, value] of Object.entries(body)) {
    if (names['service'] === 'partnerCenter') setSwitch(world.partnerCenter.switches, name, value);
    else if (names['service'] === 'entra') setEntraSwitch(world.entra.switches, name, value);
    else if (names['service'] === 'dataverse') setDataverseSwitch(world.dataverse.switches, name, value);
    else throw new Error(`There is no service ${names['service']}`);
  }
  return switchesOf(world);
}

function issueRefreshToken({ world, body }: ActionInput): unknown {
  const clientId = optionalText(body, 'clientId') ?? world.credentials.clientId;
  const { mfa } = body;
  const upn = textOf(body, 'upn');
  return {
    refreshToken: world.entra.issueRefreshToken({ clientId, upn, ...(typeof mfa === 'boolean' ? { mfa } : {}) }),
  };
}
