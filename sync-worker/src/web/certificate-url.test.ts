import { certificateUrl, issuerUrl, usualUrl } from './certificate-url';

const hosts = ['3psostorageacct.blob.core.windows.net', '127.0.0.1:8001'];
const good = 'https://3psostorageacct.blob.core.windows.net/cert/pcnotifications-dispatch.microsoft.com.cer';

test.each([good, 'https://3psostorageacct.blob.core.windows.net/a.cer', 'http://127.0.0.1:8001/cert/a.cer'])(
  '%s is taken',
  (url) => {
    expect(certificateUrl(url, hosts)).toBe(url);
  },
);

test.each([
  ['another scheme', good.replace('https', 'http')],
  ['a file', 'file:///cert/a.cer'],
  ['another host', 'https://attacker.example/cert/a.cer'],
  ['a host that begins alike', good.replace('.net/', '.net.attacker.example/')],
  ['a host that ends alike', good.replace('https://', 'https://evil-')],
  ['a user', good.replace('https://', 'https://me@')],
  ['a host as user', good.replace('https://', 'https://3psostorageacct.blob.core.windows.net@attacker.example/')],
  ['a port', good.replace('.net/', '.net:8443/')],
  ['the usual port', good.replace('.net/', '.net:443/')],
  ['a query', `${good}?x=.cer`],
  ['an empty query', `${good}?`],
  ['a fragment', `${good}#.cer`],
  ['another ending', `${good}.txt`],
  ['a folder', good.replace('.cer', '.cer/')],
  ['dots', good.replace('/cert/', '/cert/../x/')],
  ['escaped dots', good.replace('/cert/', '/%2e%2e/')],
  ['an escape', good.replace('cert/', 'cert%2f')],
  ['a back slash', good.replace('/cert/', '\\cert/')],
  ['a doubled slash', good.replace('/cert/', '//cert/')],
  ['another case', good.replace('https://3p', 'https://3P')],
  ['a dot behind the host', good.replace('.net/', '.net./')],
  ['a blank', ` ${good}`],
  ['two addresses', `${good},${good}`],
  ['a line end', `${good}\n`],
  ['https to this machine', 'https://127.0.0.1:8001/cert/a.cer'],
  ['another port of this machine', 'http://127.0.0.1:8002/cert/a.cer'],
  ['this machine by another name', 'http://localhost:8001/cert/a.cer'],
  ['the cloud’s own metadata', 'http://169.254.169.254/metadata/a.cer'],
  ['no address', 'a.cer'],
  ['an address without end', `https://3psostorageacct.blob.core.windows.net/${'a'.repeat(300)}.cer`],
])('with %s it is refused', (_what, url) => {
  expect(certificateUrl(url, hosts)).toEqual({ fault: 'certificate address' });
});

test.each([undefined, ''])('without address there is nothing to judge', (url) => {
  expect(certificateUrl(url, hosts)).toEqual({ fault: 'no certificate address' });
});

test('an issuer’s certificate may come by plain http, as certificates say, but from its hosts only', () => {
  const issuers = ['www.microsoft.com'];
  const url = 'http://www.microsoft.com/pkiops/certs/Microsoft%20Azure%20RSA%20TLS%20Issuing%20CA%2003%20-%20xsign.crt';
  expect(issuerUrl(url, issuers)).toBe(true);
  expect(issuerUrl(url.replace('http:', 'https:'), issuers)).toBe(true);
  expect(issuerUrl(url, [])).toBe(false);
  expect(issuerUrl(url.replace('www.microsoft.com', 'www.attacker.example'), issuers)).toBe(false);
  expect(issuerUrl(url.replace('.crt', '.p7c'), issuers)).toBe(false);
  expect(issuerUrl('ldap://www.microsoft.com/a.crt', issuers)).toBe(false);
});

test('the usual address is the one of Microsoft’s sample', () => {
  expect(usualUrl(hosts, 'pcnotifications-dispatch.microsoft.com')).toBe(good);
  expect(usualUrl([], 'a')).toBeUndefined();
});
