import { X509Certificate } from 'node:crypto';
import { KeyUsageFlags } from '@peculiar/x509';
import { leafFault, readCertificate, readPemFile } from './certificate';
import type { Certificate } from './certificate';
import { findChain, TrustList } from './chain';
import { keyPair, makeCertificate, makeChain, microsoft, pinnedName } from './test-certificates';
import type { Made, Wanted } from './test-certificates';

const now = Date.parse('2026-03-02T09:00:00Z');
const rules = { name: pinnedName, organization: microsoft };

function read(made: Made): Certificate {
  const certificate = readCertificate(made.der);
  if (!certificate) throw new Error('no certificate');
  return certificate;
}
const trusting = (...roots: Made[]): TrustList => new TrustList(roots.map(({ pem }) => new X509Certificate(pem)));

describe('a certificate may sign deliveries', () => {
  test('when it has the name, the issuer, the key and the time', async () => {
    const { leaf } = await makeChain();
    expect(leafFault(read(leaf), rules, now)).toBeNull();
    expect(readCertificate(Buffer.from(leaf.pem))).toMatchObject({ dnsNames: [pinnedName] });
  });

  test('by its common name, where it has no other', async () => {
    const { leaf } = await makeChain({ leaf: { plain: true } });
    const issuing = (await makeChain()).issuing;
    const bare = await makeCertificate({ issuer: issuing });
    expect(read(bare).dnsNames).toEqual([]);
    expect(leafFault(read(bare), rules, now)).toBeNull();
    expect(leafFault(read(leaf), rules, now)).toBeNull();
  });

  test.each<[string, Wanted, string]>([
    ['before its time', { from: '2026-03-02T09:00:01Z' }, 'certificate not valid now'],
    ['after its time', { to: '2026-03-02T08:59:59Z' }, 'certificate not valid now'],
    ['with another name', { dns: ['portal.microsoft.com'] }, 'certificate of another name'],
    ['with a name below', { dns: [`a.${pinnedName}`] }, 'certificate of another name'],
    ['with a wildcard', { dns: ['*.microsoft.com'] }, 'certificate of another name'],
    [
      'with the name where it does not count',
      { subject: `CN=${pinnedName}`, dns: ['a.example'] },
      'certificate of another name',
    ],
    [
      'with the name as part of another',
      { subject: `CN=${pinnedName}.attacker.example`, dns: [] },
      'certificate of another name',
    ],
    ['from another organization', { issuerName: 'CN=Test Issuing CA 01, O=Attacker' }, 'certificate of another issuer'],
    [
      'from an issuer who only writes so',
      { issuerName: 'CN=O\\=Microsoft Corporation, O=Attacker' },
      'certificate of another issuer',
    ],
    [
      'from two organizations at once',
      { issuerName: `CN=a, O=${microsoft}, O=Attacker` },
      'certificate of another issuer',
    ],
    ['when it is an authority', { ca: true, usages: KeyUsageFlags.digitalSignature }, 'certificate is an authority'],
    ['when it is for something else', { usages: KeyUsageFlags.keyEncipherment }, 'certificate may not sign'],
    ['when it was signed with SHA-1', { hash: 'SHA-1' }, 'certificate hash'],
    ['with a rule that nobody here knows', { critical: '1.3.6.1.4.1.99999.1' }, 'certificate extension'],
  ])('not %s', async (_what, leaf, fault) => {
    const made = await makeChain({ leaf });
    expect(leafFault(read(made.leaf), rules, now)).toBe(fault);
  });

  test.each(['rsa1024', 'ec'] as const)('not with a key of kind %s', async (kind) => {
    const { leaf } = await makeChain({ leaf: { keys: await keyPair('weak', kind) } });
    expect(leafFault(read(leaf), rules, now)).toBe('certificate key');
  });
});

describe('what is no certificate', () => {
  test.each([
    ['nothing', Buffer.alloc(0)],
    ['a page', Buffer.from('<html>404</html>')],
    ['half of one', null],
    ['one with something behind it', null],
  ])('%s is refused', async (what, given) => {
    const { leaf } = await makeChain();
    const bytes =
      given ??
      (what === 'half of one'
        ? leaf.der.subarray(0, leaf.der.length / 2)
        : Buffer.concat([leaf.der, Buffer.from('x')]));
    expect(readCertificate(bytes)).toBeNull();
  });

  test('a trust list with one bad entry is none at all', async () => {
    const { root } = await makeChain();
    expect(readPemFile(`${root.pem}\n${root.pem}`)).toHaveLength(2);
    expect(() => readPemFile(`${root.pem}\n-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----`)).toThrow();
  });
});

describe('a chain', () => {
  test('leads from the leaf over its issuer to a root, and lasts as long as its shortest part', async () => {
    const { root, issuing, leaf } = await makeChain();
    const chain = findChain(read(leaf), trusting(root), [read(issuing)], now);
    expect(chain).toMatchObject({ validTo: Date.parse('2027-01-01T00:00:00Z') });
    expect('issuers' in chain && chain.issuers.map(({ subjectNames }) => subjectNames)).toEqual([
      ['Test Issuing CA 01'],
      ['Test Root'],
    ]);
  });

  test('may have an issuer with another kind of key', async () => {
    const { root, issuing, leaf } = await makeChain({ issuing: { keys: await keyPair('issuing', 'ec') } });
    expect(findChain(read(leaf), trusting(root), [read(issuing)], now)).toHaveProperty('issuers');
  });

  test('says where a missing issuer can be found', async () => {
    const { root, leaf } = await makeChain({ leaf: { issuerUrl: 'http://www.microsoft.com/pkiops/certs/a.crt' } });
    expect(findChain(read(leaf), trusting(root), [], now)).toEqual({
      fault: 'certificate not trusted',
      missing: ['http://www.microsoft.com/pkiops/certs/a.crt'],
    });
  });

  test('does not lead to a root that only has the same name', async () => {
    const { issuing, leaf } = await makeChain();
    const impostor = await makeCertificate({
      subject: 'CN=Test Root, O=Test Root',
      ca: true,
      keys: await keyPair('impostor'),
    });
    expect(findChain(read(leaf), trusting(impostor), [read(issuing)], now)).toMatchObject({
      fault: 'certificate not trusted',
    });
  });

  test('does not accept an authority that signed itself, or the leaf as its own root', async () => {
    const { issuing, leaf, root } = await makeChain();
    const own = await makeCertificate({
      subject: `CN=Test Issuing CA 01, O=${microsoft}`,
      ca: true,
      keys: issuing.keys,
    });
    expect(findChain(read(leaf), trusting(), [read(own), read(issuing)], now)).toHaveProperty('fault');
    const alone = await makeCertificate({ subject: `CN=${pinnedName}, O=${microsoft}`, dns: [pinnedName] });
    expect(findChain(read(alone), trusting(root), [read(alone)], now)).toHaveProperty('fault');
  });

  test.each<[string, Wanted]>([
    ['is no authority', { ca: false }],
    ['says nothing about being one', { plain: true }],
    ['may not sign certificates', { usages: KeyUsageFlags.digitalSignature }],
    ['is not valid any more', { to: '2026-02-01T00:00:00Z' }],
    ['was signed with SHA-1', { hash: 'SHA-1' }],
    ['has a rule that nobody here knows', { critical: '2.5.29.30' }],
  ])('breaks at an issuer that %s', async (_what, issuing) => {
    const made = await makeChain({ issuing });
    expect(findChain(read(made.leaf), trusting(made.root), [read(made.issuing)], now)).toMatchObject({
      fault: 'certificate not trusted',
    });
  });

  test('breaks at an issuer with a weak key, and at a root that is not valid any more', async () => {
    const weak = await makeChain({ issuing: { keys: await keyPair('issuing', 'rsa1024') } });
    expect(findChain(read(weak.leaf), trusting(weak.root), [read(weak.issuing)], now)).toHaveProperty('fault');
    const old = await makeChain({ root: { to: '2026-02-01T00:00:00Z' } });
    expect(findChain(read(old.leaf), trusting(old.root), [read(old.issuing)], now)).toHaveProperty('fault');
  });

  test('breaks where more authorities follow than the one above allows', async () => {
    const { root, issuing } = await makeChain();
    const below = await makeCertificate({
      subject: `CN=Below, O=${microsoft}`,
      issuer: issuing,
      ca: true,
      keys: await keyPair('below'),
    });
    const leaf = await makeCertificate({ issuer: below, dns: [pinnedName] });
    expect(findChain(read(leaf), trusting(root), [read(issuing), read(below)], now)).toHaveProperty('fault');
    const free = await makeChain({ issuing: { pathLength: 1 } });
    const allowed = await makeCertificate({
      subject: `CN=Below, O=${microsoft}`,
      issuer: free.issuing,
      ca: true,
      keys: await keyPair('below'),
    });
    const other = await makeCertificate({ issuer: allowed, dns: [pinnedName] });
    expect(findChain(read(other), trusting(free.root), [read(free.issuing), read(allowed)], now)).toHaveProperty(
      'issuers',
    );
  });

  test('ends when authorities go round in a circle', async () => {
    const a = await makeCertificate({ subject: 'CN=A', issuerName: 'CN=B', ca: true, keys: await keyPair('circle') });
    const b = await makeCertificate({ subject: 'CN=B', issuerName: 'CN=A', ca: true, keys: await keyPair('circle') });
    const leaf = await makeCertificate({ issuer: a, issuerName: 'CN=A', dns: [pinnedName] });
    expect(findChain(read(leaf), trusting(), [read(a), read(b)], now)).toMatchObject({
      fault: 'certificate not trusted',
    });
  });
});
