import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { standInTree, withFile } from './fixture';
import { keptPack } from './kept-pack';
import { SolutionRefused } from './pack';
import { readZip, textOf } from './tree';

describe('the packed solution that tests keep', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cosell-kept-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('comes from its file the second time, and another one when a file changed', () => {
    const tree = standInTree();
    const packed = keptPack(tree, folder);
    expect(Buffer.from(packed).equals(keptPack(tree, folder))).toBe(true);
    expect([...readZip(packed).keys()]).toContain('solution.xml');
    expect(readdirSync(folder)).toHaveLength(1);

    const [path = ''] = [...tree.keys()].filter((each) => each.endsWith('.js'));
    const changed = keptPack(withFile(tree, path, `${textOf(tree, path) ?? ''}\n// other`), folder);
    expect(Buffer.from(packed).equals(changed)).toBe(false);
    expect(readdirSync(folder)).toHaveLength(2);
  });

  test('is refused with its findings when the tree breaks a rule, and not kept', () => {
    const before = readdirSync(folder).length;
    const broken = withFile(standInTree(), 'Other/Solution.xml', '<nonsense />');
    expect(() => keptPack(broken, folder)).toThrow(SolutionRefused);
    expect(readdirSync(folder)).toHaveLength(before);
  });
});
