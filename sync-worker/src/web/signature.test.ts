import { createPublicKey } from 'node:crypto';
import { readSignature, signatureFits } from './signature';
import type { Headers } from './signature';
import { keyPair, makeCertificate, privateKeyOf, signed } from './test-certificates';

const all = ['rsa-sha256', 'rsa-sha384', 'rsa-sha512'] as const;
const value = Buffer.alloc(256, 7).toString('base64');
const read = (headers: Headers, allowed: readonly (typeof all)[number][] = ['rsa-sha256']) =>
  readSignature({ 'x-ms-signature-algorithm': 'rsa-sha256', ...headers }, allowed);

test('the header that is only for the signature wins over Authorization', () => {
  const other = Buffer.alloc(256, 9).toString('base64');
  expect(read({ authorization: `Signature ${other}`, 'x-ms-signature': `Signature ${value}` })).toEqual({
    algorithm: 'rsa-sha256',
    bytes: Buffer.alloc(256, 7),
  });
  expect(read({ authorization: `signature ${value}` })).toMatchObject({ bytes: Buffer.alloc(256, 7) });
  // A gateway's own Authorization does no harm, but neither does it stand in.
  expect(read({ authorization: `Signature ${value}`, 'x-ms-signature': 'nonsense' })).toEqual({
    fault: 'wrong scheme',
  });
  expect(read({ authorization: 'Bearer abc', 'x-ms-signature': `Signature ${value}` })).toMatchObject({
    algorithm: 'rsa-sha256',
  });
});

test.each([
  ['nothing', {}, 'no signature'],
  ['an empty header', { 'x-ms-signature': '' }, 'wrong scheme'],
  ['another scheme', { authorization: `Bearer ${value}` }, 'wrong scheme'],
  ['no scheme', { authorization: value }, 'wrong scheme'],
  ['two values', { authorization: `Signature ${value} ${value}` }, 'wrong scheme'],
  ['a list', { 'x-ms-signature': `Signature ${value}, Signature ${value}` }, 'wrong scheme'],
  [
    'web-safe base64',
    { 'x-ms-signature': `Signature ${Buffer.alloc(256, 0xff).toString('base64url')}==` },
    'no base64',
  ],
  ['missing padding', { 'x-ms-signature': `Signature ${value.replace(/=/g, '')}` }, 'no base64'],
  ['stray bits', { 'x-ms-signature': `Signature ${value.slice(0, -3)}x==` }, 'no base64'],
  ['a byte too few', { 'x-ms-signature': `Signature ${Buffer.alloc(255).toString('base64')}` }, 'wrong length'],
  [
    'the length of a weak key',
    { 'x-ms-signature': `Signature ${Buffer.alloc(128).toString('base64')}` },
    'wrong length',
  ],
  ['no end', { 'x-ms-signature': `Signature ${'A'.repeat(2000)}` }, 'wrong scheme'],
  ['rsa-sha1', { 'x-ms-signature': `Signature ${value}`, 'x-ms-signature-algorithm': 'rsa-sha1' }, 'wrong algorithm'],
  ['rsa-md5', { 'x-ms-signature': `Signature ${value}`, 'x-ms-signature-algorithm': 'rsa-md5' }, 'wrong algorithm'],
  [
    'one that was not allowed',
    { 'x-ms-signature': `Signature ${value}`, 'x-ms-signature-algorithm': 'rsa-sha512' },
    'wrong algorithm',
  ],
  [
    'no algorithm',
    { 'x-ms-signature': `Signature ${value}`, 'x-ms-signature-algorithm': undefined },
    'wrong algorithm',
  ],
])('%s is refused', (_what, headers, fault) => {
  expect(read(headers as Headers)).toEqual({ fault });
});

test('what is allowed by a setting is read', () => {
  expect(read({ 'x-ms-signature': `Signature ${value}`, 'x-ms-signature-algorithm': 'RSA-SHA384' }, all)).toMatchObject(
    {
      algorithm: 'rsa-sha384',
    },
  );
});

describe('a signature fits', () => {
  const body = Buffer.from('{"a":"ä"}');

  test.each(all)('the bytes that it was made over, and no others: %s', async (algorithm) => {
    const made = await makeCertificate({ keys: await keyPair('signer') });
    const key = await privateKeyOf(made);
    const bytes = Buffer.from(signed(body, key, algorithm.slice(4)), 'base64');
    expect(signatureFits({ algorithm, bytes }, body, createPublicKey(made.pem))).toBe(true);
    expect(signatureFits({ algorithm, bytes }, Buffer.from('{"a":"a"}'), createPublicKey(made.pem))).toBe(false);
    const other = algorithm === 'rsa-sha256' ? 'rsa-sha384' : 'rsa-sha256';
    expect(signatureFits({ algorithm: other, bytes }, body, createPublicKey(made.pem))).toBe(false);
    bytes[5] = (bytes[5] ?? 0) ^ 1;
    expect(signatureFits({ algorithm, bytes }, body, createPublicKey(made.pem))).toBe(false);
  });

  test('no key of another kind or size', async () => {
    const ec = await makeCertificate({ keys: await keyPair('signer', 'ec') });
    const big = await makeCertificate({ keys: await keyPair('signer', 'rsa3072') });
    const bytes = Buffer.alloc(256, 1);
    expect(signatureFits({ algorithm: 'rsa-sha256', bytes }, body, createPublicKey(ec.pem))).toBe(false);
    expect(signatureFits({ algorithm: 'rsa-sha256', bytes }, body, createPublicKey(big.pem))).toBe(false);
  });
});
