import fc from 'fast-check';
import { columnsHash, readMarks, writeMarks } from './watermarks';

describe('watermarks', () => {
  it('read back as written', () => {
    const mark = fc.record({
      link: fc.webPath().filter((path) => path !== '' && !path.includes('://')),
      columns: fc.constantFrom('', 'abc', '0f'),
    });
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('opportunity', 'lead', 'connection'), mark, { noNullPrototype: true }),
        (marks) => {
          expect(readMarks(writeMarks(marks))).toEqual(marks);
        },
      ),
    );
  });

  it.each([
    '',
    'null',
    '[]',
    '{',
    '"x"',
    '{"feeds":[]}',
    '{"feeds":{"lead":null}}',
    '{"feeds":{"lead":{"link":"https://evil.example/x","columns":"1"}}}',
    '{"feeds":{"lead":{"link":"leads?x HTTP/1.1\\r\\nDELETE accounts(1)","columns":"1"}}}',
  ])('begin anew from %s', (text) => {
    expect(readMarks(text)).toEqual({});
  });

  it('know another column list, in whatever order it is named', () => {
    expect(columnsHash(['a', 'b'])).toBe(columnsHash(['b', 'a']));
    expect(columnsHash(['a', 'b'])).not.toBe(columnsHash(['a', 'b', 'c']));
  });
});
