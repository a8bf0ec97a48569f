import fc from 'fast-check';
import { type Commands, Parser } from './protocol';

const MAX_PAYLOAD = 64;

/** What the parser understood, as one line each. */
function understood(chunks: readonly Buffer[]): string[] {
  const seen: string[] = [];
  const commands: Commands = {
    allows: () => true,
    connect: (json) => seen.push(`connect ${json.toString('latin1')}`),
    publish: ({ subject, reply, headerSize, sizeText, bytes, from, to }) =>
      seen.push(`pub ${subject}|${reply}|${headerSize}|${sizeText}|${bytes.toString('latin1', from, to)}`),
    subscribe: (...args) => seen.push(`sub ${args.join('|')}`),
    unsubscribe: (...args) => seen.push(`unsub ${args.join('|')}`),
    ping: () => seen.push('ping'),
    pong: () => seen.push('pong'),
    fail: (message) => seen.push(`fail ${message ?? ''}`),
  };
  const parser = new Parser(commands, MAX_PAYLOAD);
  for (const chunk of chunks) parser.read(chunk);
  return seen;
}

function cut(text: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [0, ...cuts.map((at) => at % (text.length + 1)).sort((a, b) => a - b), text.length];
  return places.slice(1).map((end, index) => Buffer.from(text.subarray(places[index], end)));
}

const good = fc.constantFrom(
  ...[
    'PING\r\n',
    'pong\n',
    'PUB a 0\r\n\r\n',
    'PUB a.b r 3\r\nx\r\n\r\n',
    'HPUB a 12 13\r\nNATS/1.0\r\n\r\nx\r\n',
    '+OK\r\n',
  ],
  ...[
    'SUB a 1\r\n',
    'SUB\ta.> q  9 \r\n',
    'UNSUB 1\r\n',
    'UNSUB 1 5\r\n',
    'CONNECT {"verbose":true}\r\n',
    'INFO {}\r\n',
  ],
  ...[
    'PING and more\r\n',
    'PUB a 003\r\nabc\r\n',
    'HPUB a 0 1\r\nx\r\n',
    'unsub 1 x\r\n',
    `PUB a ${MAX_PAYLOAD}\r\n${'x'.repeat(MAX_PAYLOAD)}\r\n`,
  ],
);
const bad = fc.constantFrom(
  ...[
    'foo\r\n',
    '\r\n',
    'SUB a\r\n',
    'SUB\r\n',
    'PUB a\r\n',
    'PUB a -1\r\n',
    'PUB a 1\r\nxy\r\n',
    'HPUB a 9 1\r\n',
    'MSG a 1 1\r\nx\r\n',
  ],
  ...[
    `PUB a ${MAX_PAYLOAD + 1}\r\n`,
    `SUB ${'a'.repeat(5_000)} 1\r\n`,
    'PUB a 1234567890\r\n',
    'UNSUB\r\n',
    '-ERR x\r\n',
    'INFO x\r\n',
  ],
);
const cuts = fc.array(fc.nat(), { maxLength: 12 });

describe('the parser', () => {
  it('reads the same however the bytes are cut', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof({ weight: 9, arbitrary: good }, bad), { maxLength: 12 }), cuts, (lines, places) => {
        const text = Buffer.from(lines.join(''), 'latin1');
        expect(understood(cut(text, places))).toEqual(understood([text]));
      }),
      { numRuns: 2_000 },
    );
  });

  it('reads the same byte by byte', () => {
    const text = Buffer.from(
      'PUB a.b r 3\r\nx\r\n\r\nHPUB a 12 13\r\nNATS/1.0\r\n\r\nx\r\nSUB a q 1\r\nPING\r\n',
      'latin1',
    );
    expect(understood([...text].map((byte) => Buffer.from([byte])))).toEqual([
      ...['pub a.b|r|0|3|x\r\n', 'pub a|undefined|12|13|NATS/1.0\r\n\r\nx', 'sub a|q|1', 'ping'],
    ]);
  });

  it('says at most one failure, as the last thing, whatever it is fed', () => {
    const noise = fc.oneof(
      fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
      fc
        .array(fc.oneof(good, bad, fc.string({ maxLength: 9 })), { maxLength: 6 })
        .map((parts) => Buffer.from(parts.join(''), 'latin1')),
    );
    fc.assert(
      fc.property(noise, cuts, (text, places) => {
        const failures = understood(cut(text, places)).map((line) => line.startsWith('fail'));
        expect(failures.indexOf(true)).toBe(failures.includes(true) ? failures.length - 1 : -1);
      }),
      { numRuns: 5_000 },
    );
  });

  it('does not keep an endless line, whether it means something or not', () => {
    const endless = (start: string) =>
      understood([Buffer.from(start), ...Array.from({ length: 100 }, () => Buffer.alloc(1_000, 97))]);
    expect(endless('SUB ')).toEqual(['fail maximum control line exceeded']);
    expect(endless('CONNECT {')).toEqual(['fail maximum control line exceeded']);
    expect(endless('zzz')).toEqual(['fail Unknown Protocol Operation']);
    expect(endless('PING ')).toEqual([]);
  });
});
