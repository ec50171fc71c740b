import fc from 'fast-check';
import { withAudit } from './audit';

describe('audit text', () => {
  it('puts the newest line first', () => {
    expect(withAudit('older\noldest', ['newest', 'newer'], 1000)).toBe('newest\nnewer\nolder\noldest');
  });

  it('drops whole old lines, with a note that says where they are', () => {
    const text = withAudit('b'.repeat(40) + '\n' + 'c'.repeat(40), ['a'.repeat(40)], 100);
    expect(text.split('\n')).toEqual(['a'.repeat(40), '(older lines: see the sync events)']);
    expect(withAudit(text, ['new'], 1000)).toBe(`new\n${'a'.repeat(40)}`);
  });

  it('never exceeds its column and always begins with the newest line', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.array(
          fc.string({ minLength: 1 }).map((line) => `x${line}`),
          { minLength: 1 },
        ),
        fc.integer({ min: 60, max: 400 }),
        (before, lines, room) => {
          const text = withAudit(before, lines, room);
          expect(text.length).toBeLessThanOrEqual(room);
          expect(text.startsWith('x')).toBe(true);
        },
      ),
    );
  });
});
