import fc from 'fast-check';
import { BatchUnreadable, readBatch, writeBatch, type BatchItem, type Operation } from './batch';

const root = '/api/data/v9.2/';
const crlf = (lines: readonly string[]): string => lines.join('\r\n');

const part = (status: number, body: string, headers: readonly string[] = []): string[] => [
  'Content-Type: application/http',
  'Content-Transfer-Encoding: binary',
  ...headers,
  '',
  `HTTP/1.1 ${status} Some words`,
  'Content-Type: application/json; odata.metadata=minimal',
  '',
  body,
];

describe('batch bodies', () => {
  it('are written with CRLF only, unique content ids per change set, and the closing boundary', () => {
    const items: BatchItem[] = [
      { method: 'GET', path: 'accounts(1)' },
      {
        changes: [
          { method: 'POST', path: 'tasks', body: { subject: 'a' } },
          { method: 'PATCH', path: 'tasks(2)', headers: { 'If-Match': 'W/"1"' }, body: {} },
        ],
      },
    ];
    const body = writeBatch(items, 'batch_x', root);
    expect(body.replace(/\r\n/g, '')).not.toMatch(/[\r\n]/);
    expect(body.endsWith('--batch_x--\r\n')).toBe(true);
    expect(body).toContain('GET /api/data/v9.2/accounts(1) HTTP/1.1\r\nAccept: application/json\r\n\r\n');
    expect(body.match(/Content-ID: \d/g)).toEqual(['Content-ID: 1', 'Content-ID: 2']);
    expect(body).toContain('If-Match: W/"1"\r\n');
    expect(body).toContain('Content-Type: multipart/mixed; boundary="changeset_x_2"\r\n\r\n--changeset_x_2\r\n');
  });

  it('are read in order, with change sets and a failed change set as one error in its place', () => {
    const body = crlf([
      '--batchresponse_1',
      ...part(200, '{"a":1}'),
      '--batchresponse_1',
      'Content-Type: multipart/mixed; boundary=changesetresponse_2',
      '',
      '--changesetresponse_2',
      ...part(204, '', ['Content-ID: 1']),
      '--changesetresponse_2',
      ...part(204, '', ['Content-ID: 2']),
      '--changesetresponse_2--',
      '',
      '--batchresponse_1',
      'Content-Type: multipart/mixed; boundary=changesetresponse_3',
      '',
      '--changesetresponse_3',
      ...part(412, '{"error":{"code":"0x80060882","message":"m"}}', ['Content-ID: 2']),
      '--changesetresponse_3--',
      '',
      '--batchresponse_1',
      ...part(412, '{"error":{}}'),
      '--batchresponse_1--',
      '',
    ]);
    const answers = readBatch('multipart/mixed; boundary=batchresponse_1', body);
    expect(
      answers.map((answer) => answer.map(({ status, contentId, body: text }) => [status, contentId, text])),
    ).toEqual([
      [[200, '', '{"a":1}']],
      [
        [204, '1', ''],
        [204, '2', ''],
      ],
      [[412, '2', '{"error":{"code":"0x80060882","message":"m"}}']],
      [[412, '', '{"error":{}}']],
    ]);
  });

  it('keep headers in lower case and repeated ones joined', () => {
    const body = crlf([
      '--b',
      'Content-Type: application/http',
      '',
      'HTTP/1.1 429 Too Many',
      'Retry-After: 7',
      'X-A: 1',
      'x-a: 2',
      '',
      '',
      '--b--',
      '',
    ]);
    expect(readBatch('multipart/mixed; boundary="b"', body)[0]?.[0]).toMatchObject({
      status: 429,
      headers: { 'retry-after': '7', 'x-a': '1, 2' },
      body: '',
    });
  });

  it('do not take a boundary inside a value for the end of a part', () => {
    const value = '{"note":"--b in the middle --b-- of a line"}';
    const body = crlf(['--b', ...part(200, value), '--b', ...part(200, '--bc is another\r\nline'), '--b--', '']);
    expect(readBatch('multipart/mixed; boundary=b', body).map((answer) => answer[0]?.body)).toEqual([
      value,
      '--bc is another\r\nline',
    ]);
  });

  it('are read with bare line feeds and a preamble too', () => {
    const body = ['preamble', '--b', ...part(200, '{}'), '--b--', ''].join('\n');
    expect(readBatch('multipart/mixed; boundary=b', body)[0]?.[0]).toMatchObject({ status: 200, body: '{}' });
  });

  it.each([
    [
      'cut off in the middle',
      'multipart/mixed; boundary=b',
      '--b\r\nContent-Type: application/http\r\n\r\nHTTP/1.1 200 OK\r\n\r\n{"a"',
    ],
    ['a page of a proxy', 'text/html', '<html></html>'],
    ['a boundary that is not announced', 'multipart/mixed', '--b--'],
    [
      'a part without status',
      'multipart/mixed; boundary=b',
      '--b\r\nContent-Type: application/http\r\n\r\nnothing\r\n--b--\r\n',
    ],
  ])('refuse %s', (_what, type, body) => {
    expect(() => readBatch(type, body)).toThrow(BatchUnreadable);
  });

  it('come back as they were sent, whatever the bodies hold', () => {
    const text = fc.string({ unit: 'binary' }).map((body) => JSON.stringify({ body }));
    fc.assert(
      fc.property(fc.array(fc.array(text, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 4 }), (sets) => {
        const body = sets.flatMap((set, index) => [
          '--outer',
          `Content-Type: multipart/mixed; boundary=in${index}`,
          '',
          ...set.flatMap((each, at) => [`--in${index}`, ...part(200, each, [`Content-ID: ${at + 1}`])]),
          `--in${index}--`,
          '',
        ]);
        const read = readBatch('multipart/mixed; boundary=outer', crlf([...body, '--outer--', '']));
        expect(read.map((set) => set.map((each) => each.body))).toEqual(sets);
      }),
    );
  });
});

describe('what a service gave us', () => {
  it.each<[string, Operation]>([
    [
      'a next link with a line break',
      { method: 'GET', path: 'accounts?x\r\n\r\nDELETE /api/data/v9.2/accounts(1) HTTP/1.1' },
    ],
    ['a link with a blank', { method: 'GET', path: 'accounts HTTP/1.1 x' }],
    ['a version with a line break', { method: 'PATCH', path: 'accounts(1)', headers: { 'If-Match': 'W/"1"\r\nX: y' } }],
  ])('begins no operation of its own: %s', (_what, operation) => {
    expect(() => writeBatch([operation], 'batch_1', '/api/data/v9.2/')).toThrow(/UNEXPECTED_ANSWER.*\$batch/);
  });

  it('is not repeated when it is no batch at all', () => {
    expect(() => readBatch('jo@contoso.example', '')).toThrow(/^not multipart\/mixed but "no content type"$/);
  });
});
