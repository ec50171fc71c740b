import { createPublicKey } from 'node:crypto';
import { FakeClock } from '../testing/fake-clock';
import { logLines } from '../testing/log-lines';
import { createLoader } from './certificate-loader';
import { CertificateStore } from './certificate-store';
import type { Loaded, TrustedKey } from './certificate-store';
import { createCounters } from './counters';
import type { Download } from './outgoing';
import { makeCertificate, makeChain, microsoft, pinnedName } from './test-certificates';

const usual = 'https://certificates.example/cert/usual.cer';
const other = (n: number): string => `https://certificates.example/cert/other${n}.cer`;
const hour = 60 * 60_000;

/** A store whose loads the test answers by hand. */
function storeWith() {
  const clock = new FakeClock();
  const asked: string[] = [];
  let waiting: { url: string; done: (loaded: Loaded) => void }[] = [];
  const store = new CertificateStore({
    clock,
    log: logLines(),
    counters: createCounters(),
    usual: [usual],
    load: (url) => {
      asked.push(url);
      return new Promise((done) => waiting.push({ url, done }));
    },
  });
  const finish = async (loaded: Loaded): Promise<void> => {
    const now = waiting;
    waiting = [];
    for (const one of now) one.done(loaded);
    await clock.advance(0);
  };
  /** Gets as a delivery does, which waits a moment and no longer. */
  const get = async (url = usual) => {
    const answer = store.get(url);
    await clock.advance(50);
    return answer;
  };
  return { clock, asked, store, finish, get };
}

const key = (name: string): TrustedKey => ({
  key: undefined as unknown as TrustedKey['key'],
  fingerprint: name,
  validTo: Date.parse('2026-12-01T00:00:00Z'),
});

describe('a certificate', () => {
  test('is loaded once for any number of deliveries that ask at the same time, and kept for hours', async () => {
    const { asked, store, finish, clock } = storeWith();
    const answers = Promise.all(Array.from({ length: 20 }, () => store.get(usual)));
    await finish(key('a'));
    expect(new Set((await answers).map((one) => 'fingerprint' in one && one.fingerprint))).toEqual(new Set(['a']));
    await clock.advance(5 * hour);
    expect(await store.get(usual)).toMatchObject({ fingerprint: 'a' });
    expect(asked).toHaveLength(1);
  });

  test('is there before the first delivery', async () => {
    const { store, finish, asked } = storeWith();
    const ready = store.warmUp();
    await finish(key('a'));
    await ready;
    expect(await store.get(usual)).toMatchObject({ fingerprint: 'a' });
    expect(asked).toEqual([usual]);
  });

  test('that is slow to come lets a delivery wait a moment only, and is there when it comes back', async () => {
    const { get, finish, asked, clock } = storeWith();
    expect(await get()).toEqual({ later: true });
    expect(await get()).toEqual({ later: true });
    await finish(key('a'));
    expect(await get()).toMatchObject({ fingerprint: 'a' });
    expect([asked.length, clock.slept.every((ms) => ms === 50)]).toEqual([1, true]);
  });

  test('that grew old is loaded again while the old one serves', async () => {
    const { get, finish, asked, clock } = storeWith();
    void get();
    await finish(key('a'));
    await clock.advance(6 * hour + 1);
    expect(await get()).toMatchObject({ fingerprint: 'a' });
    await finish(key('b'));
    expect(await get()).toMatchObject({ fingerprint: 'b' });
    expect(asked).toHaveLength(2);
  });

  test('that cannot be loaded again serves two days more, then deliveries are told to come back', async () => {
    const { get, finish, clock } = storeWith();
    void get();
    await finish(key('a'));
    await clock.advance(47 * hour);
    expect(await get()).toMatchObject({ fingerprint: 'a' });
    await finish({ fault: 'certificate not loaded' });
    expect(await get()).toMatchObject({ fingerprint: 'a' });
    await clock.advance(2 * hour);
    const late = get();
    await finish({ fault: 'certificate not loaded' });
    expect(await late).toEqual({ later: true });
  });

  test('is not believed beyond the end of its chain', async () => {
    const { get, finish, clock, asked } = storeWith();
    void get();
    await finish({ ...key('a'), validTo: clock.now() + hour });
    await clock.advance(hour + 1);
    expect(await get()).toEqual({ later: true });
    expect(asked).toHaveLength(2);
  });
});

describe('a load', () => {
  test('that showed a bad certificate is not repeated within a minute, however many deliveries name it', async () => {
    const { store, get, finish, asked, clock } = storeWith();
    void get();
    await finish({ fault: 'certificate not trusted' });
    for (let n = 0; n < 1000; n++) expect(await store.get(usual)).toEqual({ fault: 'certificate not trusted' });
    expect(asked).toHaveLength(1);
    await clock.advance(60_000);
    void get();
    expect(asked).toHaveLength(2);
  });

  test('after a signature that did not fit comes once a minute', async () => {
    const { store, get, finish, asked, clock } = storeWith();
    void get();
    await finish(key('a'));
    await clock.advance(60_000);
    const rotated = store.renew(usual, key('a'));
    await finish(key('b'));
    expect(await rotated).toMatchObject({ fingerprint: 'b' });
    // Forged ones: the key they are measured by stays.
    for (let n = 0; n < 1000; n++) expect(await store.renew(usual, key('b'))).toMatchObject({ fingerprint: 'b' });
    expect(asked).toHaveLength(2);
    // One that was measured by the key of before gets the newer one without a load.
    expect(await store.renew(usual, key('a'))).toMatchObject({ fingerprint: 'b' });
  });

  test('that takes long lets the delivery come back rather than be refused', async () => {
    const { store, get, finish, clock } = storeWith();
    void get();
    await finish(key('a'));
    await clock.advance(60_000);
    const rotated = store.renew(usual, key('a'));
    await clock.advance(50);
    expect(await rotated).toEqual({ later: true });
    await finish({ fault: 'certificate not loaded' });
    expect(await get()).toMatchObject({ fingerprint: 'a' });
  });

  test('of addresses that strangers think of is rare, and does not use up what the usual one needs', async () => {
    const { get, finish, asked, clock } = storeWith();
    for (let n = 0; n < 500; n++) await get(other(n));
    expect(asked).toHaveLength(6);
    await finish({ fault: 'no certificate' });
    void get();
    expect(asked.at(-1)).toBe(usual);
    await finish(key('a'));
    await clock.advance(60_000);
    for (let n = 500; n < 1000; n++) await get(other(n));
    expect(asked).toHaveLength(13);
    expect(await get()).toMatchObject({ fingerprint: 'a' });
  });
});

describe('loading', () => {
  const url = usual;
  const issuerUrl = 'http://www.microsoft.com/pkiops/certs/issuing.crt';
  const load = async (files: Record<string, Uint8Array | Error>, roots: string, intermediatesPem?: string) => {
    const asked: string[] = [];
    const download: Download = async (address, limits) => {
      asked.push(address);
      expect(limits).toEqual({ bytes: 16_384, ms: 5_000 });
      const file = files[address];
      if (!file || file instanceof Error) throw file ?? new Error('status 404');
      return file;
    };
    const parts = { clock: new FakeClock(), log: logLines(), download, issuerHosts: ['www.microsoft.com'] };
    const rules = { name: pinnedName, organization: microsoft };
    const loader = createLoader({ ...parts, rules, rootsPem: roots, intermediatesPem });
    return { loaded: await loader(url), again: () => loader(url), asked };
  };

  test('follows the certificate to its issuer once, and keeps what it learned', async () => {
    const { root, issuing, leaf } = await makeChain({ leaf: { issuerUrl } });
    const { loaded, again, asked } = await load({ [url]: leaf.der, [issuerUrl]: issuing.der }, root.pem);
    expect(loaded).toMatchObject({ validTo: Date.parse('2027-01-01T00:00:00Z') });
    expect('key' in loaded && loaded.key.equals(createPublicKey(leaf.pem))).toBe(true);
    await again();
    expect(asked).toEqual([url, issuerUrl, url]);
  });

  test('needs nobody for an issuer that is given', async () => {
    const { root, issuing, leaf } = await makeChain({ leaf: { issuerUrl } });
    const { loaded, asked } = await load({ [url]: Buffer.from(leaf.pem) }, root.pem, issuing.pem);
    expect([Object.keys(loaded), asked]).toEqual([['key', 'fingerprint', 'validTo'], [url]]);
  });

  test('asks no issuer’s address at a host that is not on the list', async () => {
    const { root, issuing, leaf } = await makeChain({ leaf: { issuerUrl: 'http://169.254.169.254/metadata/a.crt' } });
    const { loaded, asked } = await load(
      { [url]: leaf.der, 'http://169.254.169.254/metadata/a.crt': issuing.der },
      root.pem,
    );
    expect([loaded, asked]).toEqual([{ fault: 'certificate not trusted' }, [url]]);
  });

  test('an issuer that cannot be asked leaves the certificate unknown, not bad', async () => {
    const { root, leaf } = await makeChain({ leaf: { issuerUrl } });
    expect((await load({ [url]: leaf.der }, root.pem)).loaded).toEqual({ fault: 'certificate not loaded' });
  });

  test('does not go on for ever from issuer to issuer', async () => {
    const { root, issuing } = await makeChain();
    const at = (n: number): string => `http://www.microsoft.com/${n}.crt`;
    const files: Record<string, Uint8Array> = {};
    const one = { issuer: issuing, keys: issuing.keys, ca: true };
    for (let n = 0; n < 20; n++) {
      files[at(n)] = (
        await makeCertificate({ ...one, subject: `CN=${n}`, issuerName: `CN=${n + 1}`, issuerUrl: at(n + 1) })
      ).der;
    }
    const name = { issuerName: `CN=0, O=${microsoft}`, issuer: issuing, dns: [pinnedName], issuerUrl: at(0) };
    files[url] = (await makeCertificate(name)).der;
    const { loaded, asked } = await load(files, root.pem);
    expect(loaded).toEqual({ fault: 'certificate not trusted' });
    expect(asked.length).toBeLessThanOrEqual(5);
  });

  test('a test chain is not trusted by the roots that come with Node', async () => {
    const { issuing, leaf } = await makeChain();
    const parts = { clock: new FakeClock(), log: logLines(), download: async () => leaf.der, issuerHosts: [] };
    const rules = { name: pinnedName, organization: microsoft };
    const loader = createLoader({ ...parts, rules, rootsPem: undefined, intermediatesPem: issuing.pem });
    expect(await loader(url)).toEqual({ fault: 'certificate not trusted' });
  });

  test('a page in place of a certificate is none, and what fails is not loaded', async () => {
    const { root } = await makeChain();
    expect((await load({ [url]: Buffer.from('<html>') }, root.pem)).loaded).toEqual({ fault: 'no certificate' });
    expect((await load({ [url]: new Error('too large') }, root.pem)).loaded).toEqual({
      fault: 'certificate not loaded',
    });
  });
});
