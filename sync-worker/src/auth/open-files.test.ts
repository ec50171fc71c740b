import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../config';
import { openFiles } from './open-files';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'cosell-files-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a settings file that others can read is named by its setting, until it is closed', () => {
  const path = join(folder, 'settings.json');
  const content = JSON.stringify({
    DATAVERSE_URL: 'https://contoso.crm.dynamics.com',
    COSELL_TENANT_ID: 'contoso.com',
    COSELL_CLIENT_ID: '0f9a1c30-2222-4000-8000-00000000c05e',
    COSELL_CLIENT_SECRET: 'made-for-this-test',
  });
  writeFileSync(path, content);
  const { effective } = loadConfig({ COSELL_SETTINGS_FILE: path, HOME: folder }, () => content);
  chmodSync(path, 0o640);
  expect(openFiles(effective)).toEqual([expect.stringMatching(/^COSELL_SETTINGS_FILE: others/)]);
  expect(openFiles(effective).join()).not.toContain(path);
  chmodSync(path, 0o600);
  expect(openFiles(effective)).toEqual([]);
});

test('certificates are looked at, other files are not, and a missing file is somebody else’s matter', () => {
  const named = ['COSELL_CLIENT_CERTIFICATE_FILE', 'PARTNER_CENTER_CLIENT_CERTIFICATE_FILE', 'COSELL_MAPPING_FILE'].map(
    (name) => ({ name, shown: '/x.pem' }),
  );
  expect(openFiles(named, () => 0o100644)).toHaveLength(2);
  expect(openFiles(named, () => undefined)).toEqual([]);
  expect(openFiles([{ name: 'COSELL_SETTINGS_FILE', shown: '' }], () => 0o777)).toEqual([]);
  expect(openFiles([{ name: 'COSELL_SETTINGS_FILE', shown: join(folder, 'none') }])).toEqual([]);
});
