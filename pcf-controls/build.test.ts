/**
 * The build of controls, on small controls in a folder of their own: real runs of pcf-scripts, because what is tested
 * is exactly that its failures do not pass unnoticed.
 */
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buildControls, controlsBuilt } from '../scripts/build-controls';
import { bundleFaults, budgets } from '../scripts/controls-gates';
import { withLock } from '../scripts/controls-lock';
import { checkKeyUse, readTexts, resx } from '../scripts/controls-strings';

const repository = join(__dirname, '..');
const roots: string[] = [];
afterAll(() => roots.forEach((root) => rmSync(root, { recursive: true, force: true })));

/** A repository with the kit and no controls. */
function emptyRepository(): string {
  const root = mkdtempSync(join(tmpdir(), 'cosell-controls-'));
  roots.push(root);
  symlinkSync(join(repository, 'node_modules'), join(root, 'node_modules'), 'dir');
  for (const path of ['pcf-controls/kit', 'pcf-controls/tsconfig.control.json', 'domain/messages']) {
    cpSync(join(repository, path), join(root, path), { recursive: true });
  }
  return root;
}

function put(root: string, path: string, content: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}

function putTexts(root: string, folder: string, texts: object, languages = ['1033', '1036', '1053', '1028']): void {
  for (const language of languages) put(root, `${folder}/strings/${language}.json`, JSON.stringify(texts));
}

interface SmallControl {
  readonly kebab: string;
  readonly name: string;
  /** Replaces the greeting. */
  readonly greeting?: string;
  readonly manifest?: (xml: string) => string;
  /** Without Fluent, whose types take most of the time of a build. */
  readonly plain?: boolean;
}

/** A control that greets, in the shape of the real ones. */
function putControl(
  root: string,
  { kebab, name, greeting = "strings('hello')", manifest = (xml) => xml, plain = false }: SmallControl,
): void {
  const folder = `pcf-controls/${kebab}`;
  put(root, `${folder}/pcfconfig.json`, '{ "outDir": "./out/controls" }');
  put(root, `${folder}/tsconfig.json`, JSON.stringify({ extends: '../tsconfig.control.json', include: [name] }));
  putTexts(root, folder, { [`${name}_Name`]: 'Greeter', value_Name: 'Value', hello: 'Hello' });
  const resources = ['1033', '1036', '1053', '1028'].map(
    (one) => `<resx path="strings/${name}.${one}.resx" version="0.1.0" />`,
  );
  const xml = `<?xml version="1.0" encoding="utf-8"?>
<manifest><control namespace="Cosell" constructor="${name}" version="0.1.0" display-name-key="${name}_Name" control-type="virtual">
  <external-service-usage enabled="false" />
  <property name="value" display-name-key="value_Name" of-type="SingleLine.Text" usage="bound" required="true" />
  <resources><code path="index.ts" order="1" />
    <platform-library name="React" version="16.14.0" /><platform-library name="Fluent" version="9.46.2" />
    ${resources.join('')}
  </resources>
</control></manifest>`;
  put(root, `${folder}/${name}/ControlManifest.Input.xml`, manifest(xml));
  put(
    root,
    `${folder}/${name}/index.ts`,
    `import * as React from 'react';
${plain ? '' : "import { Shell } from '../../kit/shell';"}
import { stringsOf } from '../../kit/strings';
import type { IInputs, IOutputs } from './generated/ManifestTypes';
export class ${name} implements ComponentFramework.ReactControl<IInputs, IOutputs> {
  init(): void {}
  updateView(context: ComponentFramework.Context<IInputs>): React.ReactElement {
    const strings = stringsOf(context);
    return ${plain ? `React.createElement('p', {}, ${greeting})` : `React.createElement(Shell, { context, children: ${greeting} })`};
  }
  destroy(): void {}
}
`,
  );
}

const roomy = { raw: 25_000, gzip: 9_000 };

describe('a build', () => {
  it('that goes well leaves what is deployed, the same bytes in every checkout, and is not repeated for nothing', async () => {
    const shipped = controlsBuilt(repository).get('ReferralLink');
    const root = emptyRepository();
    const made = /referral-link[\\/](out|tests|ReferralLink[\\/](generated|strings))$/;
    cpSync(join(repository, 'pcf-controls/referral-link'), join(root, 'pcf-controls/referral-link'), {
      recursive: true,
      filter: (path) => !made.test(path),
    });
    const lines: string[] = [];
    const build = () => buildControls({ root, log: (line) => lines.push(line) });

    const [built] = await build();
    expect(built?.files).toEqual([
      'ControlManifest.xml',
      'bundle.js',
      'strings/ReferralLink.1028.resx',
      'strings/ReferralLink.1033.resx',
      'strings/ReferralLink.1036.resx',
      'strings/ReferralLink.1053.resx',
    ]);
    const digests = (folder = '') =>
      built?.files.map((path) =>
        createHash('sha256')
          .update(readFileSync(join(folder, path)))
          .digest('hex'),
      );
    expect(digests(built?.folder)).toEqual(digests(shipped?.folder));
    expect([...controlsBuilt(root).keys()]).toEqual(['ReferralLink']);

    await build();
    expect(lines.at(-1)).toBe('referral-link: unchanged');

    const texts = join(root, 'pcf-controls/referral-link/strings/1053.json');
    writeFileSync(texts, `${readFileSync(texts, 'utf8')}\n`);
    expect(() => controlsBuilt(root)).toThrow('not built, or changed since: referral-link; run npm run pack');
  }, 300_000);

  it('that fails says which control and why, leaves nothing behind, and does not stop the others', async () => {
    const root = emptyRepository();
    putControl(root, { kebab: 'a-type', name: 'TypeError', greeting: "strings('hello') + stringz", plain: true });
    putControl(root, {
      kebab: 'b-manifest',
      name: 'ManifestError',
      manifest: (xml) => xml.replace('SingleLine.Text', 'SingleLine.Poem'),
    });
    putControl(root, { kebab: 'c-big', name: 'TooBig', plain: true });
    putControl(root, { kebab: 'd-key', name: 'KeyError', greeting: "strings('goodbye')" });
    const result = buildControls({
      root,
      budgets: { TypeError: roomy, ManifestError: roomy, TooBig: { raw: 1_000, gzip: 500 }, KeyError: roomy },
    });

    const message = await result.then(
      () => 'nothing failed',
      (error: Error) => error.message,
    );
    expect(message).toMatch(/^a-type: pcf-scripts failed[\s\S]*Cannot find name 'stringz'/);
    expect(message).toMatch(/^b-manifest: pcf-scripts failed[\s\S]*of-type is not one of enum values/m);
    expect(message).toMatch(
      /^c-big: .*; bundle\.js has \d+ bytes, the budget is 1000; bundle\.js has \d+ bytes after gzip, the budget is 500$/m,
    );
    expect(message).toMatch(/^d-key: strings\/1033\.json: key "goodbye" is used but has no text$/m);
    for (const kebab of ['a-type', 'b-manifest', 'c-big', 'd-key'])
      expect(existsSync(join(root, 'pcf-controls', kebab, 'out'))).toBe(false);
  }, 300_000);

  it('of a folder that is no control is refused', async () => {
    const root = emptyRepository();
    putControl(root, { kebab: 'greeter', name: 'Greeter' });
    await expect(buildControls({ root, only: ['kit'] })).rejects.toThrow(
      'pcf-controls/kit is no control; there are greeter',
    );
  });

  it('of a manifest that does not name a language is refused', async () => {
    const root = emptyRepository();
    putControl(root, {
      kebab: 'greeter',
      name: 'Greeter',
      manifest: (xml) => xml.replace(/<resx path="strings\/Greeter.1028[^>]*>/, ''),
    });
    await expect(buildControls({ root })).rejects.toThrow(
      'greeter: ControlManifest.Input.xml does not list strings/Greeter.1028.resx',
    );
  });
});

describe('the gates', () => {
  const good = 'const r=Reactv16,f=FluentUIReactv940;';
  const faults = (text: string, name = 'ReferralLink') => bundleFaults(name, Buffer.from(text), budgets[name]);

  it('let a small bundle with both platform libraries pass', () => {
    expect(faults(good)).toEqual([]);
  });

  it.each([
    ['r.createPortal(require("react-dom"))', 'react-dom'],
    ['eval("1")', 'eval'],
    ['new Function("return 1")', 'eval'],
    ['Xrm.Page', 'Xrm'],
    ['window.top.location', 'window.top'],
    ['localStorage.setItem("a","b")', 'browser storage'],
    ['//# sourceMappingURL=bundle.js.map', 'source map'],
    ['context.mode.contextInfo.entityId', 'undocumented'],
  ])('refuse %s', (text, name) => {
    expect(faults(good + text)).toEqual([expect.stringContaining(name)]);
  });

  it('refuse a bundle that brings its own React or Fluent', () => {
    expect(faults('const f=FluentUIReactv940')).toEqual([expect.stringContaining('Reactv16')]);
    expect(faults('const r=Reactv16')).toEqual([expect.stringContaining('FluentUIReactv940')]);
  });

  it('refuse a control without a budget', () => {
    expect(faults(good, 'Newcomer')).toEqual([expect.stringContaining('Newcomer has no size budget')]);
  });
});

describe('texts', () => {
  function texts(change: (root: string) => void) {
    const root = emptyRepository();
    putTexts(root, 'pcf-controls/greeter', { hello: 'Hello {name}' });
    change(root);
    return readTexts(join(root, 'pcf-controls/greeter'), join(root, 'pcf-controls/kit'), join(root, 'domain'));
  }
  const put1036 = (content: object) => (root: string) => putTexts(root, 'pcf-controls/greeter', content, ['1036']);

  it('of kit and control come together', () => {
    const { all, own } = texts(() => undefined);
    expect(all['1053']).toMatchObject({ hello: 'Hello {name}', kit_retry: 'Försök igen' });
    expect(own).toEqual(['hello']);
  });

  it('of the rules come along when a control asks for them', () => {
    const { all } = texts((root) => put(root, 'pcf-controls/greeter/strings/use-messages.json', '["finding_NAME_"]'));
    expect(Object.keys(all['1036']).filter((key) => key.startsWith('finding_'))).toContain('finding_NAME_MISSING');
    expect(Object.keys(all['1036'])).not.toContain('finding_VALUE_MISSING');
  });

  it.each<[string, (root: string) => void, RegExp]>([
    [
      'a language that is missing',
      (root) => rmSync(join(root, 'pcf-controls/greeter/strings/1028.json')),
      /1028\.json is missing/,
    ],
    ['a key that is missing in one language', put1036({}), /1036\.json: key "hello" is missing/],
    [
      'a key that only one language has',
      put1036({ hello: 'Bonjour {name}', bye: 'Adieu' }),
      /1036\.json: key "bye" is not in 1033\.json/,
    ],
    ['another placeholder', put1036({ hello: 'Bonjour {nom}' }), /1036\.json: "hello" has other placeholders/],
    ['an empty text', put1036({ hello: ' ' }), /1036\.json: "hello" has no text/],
    [
      'a prefix that no message has',
      (root) => put(root, 'pcf-controls/greeter/strings/use-messages.json', '["nonsense_"]'),
      /asks for "nonsense_"/,
    ],
  ])('with %s are refused', (_case, change, message) => {
    expect(() => texts(change)).toThrow(message);
  });

  const check = (own: string[], source: string, manifestKeys: string[] = []) => {
    const all = Object.fromEntries(own.map((key) => [key, key]));
    checkKeyUse(
      { all: { '1033': all, '1036': all, '1053': all, '1028': all }, own },
      new Map([['view.tsx', source]]),
      manifestKeys,
    );
  };

  it('count as used when a source names them, by a choice or by the start of a name', () => {
    expect(() =>
      check(['a', 'b', 'way_in', 'code_X'], "strings(x ? 'a' : 'b'); `way_${w}`; find('code_' + c)"),
    ).not.toThrow();
  });

  it.each([
    ['a key that nothing uses', ['a', 'b'], "strings('a')", /key "b" is used by no source/],
    [
      'a key that does not exist',
      ['a'],
      "props.strings('a', {}); props.strings('z')",
      /key "z" is used but has no text/,
    ],
  ])('with %s are refused', (_case, own, source, message) => {
    expect(() => check(own, source)).toThrow(message);
  });

  it('that only the manifest names must exist as well', () => {
    expect(() => check([], '', ['Greeter_Name'])).toThrow(/"Greeter_Name" is used but has no text/);
  });

  it('reach the resx file in order and with signs escaped', () => {
    const text = resx({ b: 'a < b & "c"', a: 'é' });
    expect([...text.matchAll(/<data name="(\w+)"/g)].map(([, key]) => key)).toEqual(['a', 'b']);
    expect(text).toContain('<value>a &lt; b &amp; &quot;c&quot;</value>');
  });
});

describe('the lock', () => {
  const path = () => join(emptyRepository(), 'build', 'x.lock');

  it('lets one piece of work finish before the next begins', async () => {
    const lock = path();
    const order: string[] = [];
    let finish = (): void => undefined;
    const first = withLock(lock, () => new Promise<void>((done) => (finish = () => (order.push('first'), done()))));
    const second = withLock(lock, () => Promise.resolve(void order.push('second')));
    finish();
    await Promise.all([first, second]);
    expect(order).toEqual(['first', 'second']);
  });

  it('of a process that is gone is taken over', async () => {
    const lock = path();
    mkdirSync(dirname(lock), { recursive: true });
    // Above the largest process id of Linux and Windows alike.
    writeFileSync(lock, '2147483647');
    await expect(withLock(lock, () => Promise.resolve('done'))).resolves.toBe('done');
    expect(existsSync(lock)).toBe(false);
  });
});
