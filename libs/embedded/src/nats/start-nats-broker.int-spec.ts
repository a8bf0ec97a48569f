import { type Socket, connect as dial } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { type ConnectionOptions, type Msg, type NatsConnection, connect, headers } from 'nats';
import { type NatsBrokerOptions, type RunningNatsBroker, startNatsBroker } from './start-nats-broker';

// With NATS_URL set, everything that does not need a setting of its own runs against that server instead of ours.
const elsewhere = process.env['NATS_URL'];
const oursOnly = elsewhere === undefined ? describe : describe.skip;

let url: string;
let open: { close(): unknown }[] = [];
let broker: RunningNatsBroker | undefined;

beforeAll(async () => {
  if (elsewhere === undefined) broker = await startNatsBroker();
  url = elsewhere ?? broker!.url;
});
afterAll(() => broker?.close());
afterEach(async () => {
  await Promise.all(open.map((one) => one.close()));
  open = [];
});

async function start(options: NatsBrokerOptions): Promise<RunningNatsBroker> {
  const one = await startNatsBroker(options);
  open.push(one);
  return one;
}

async function client(options: ConnectionOptions = {}): Promise<NatsConnection> {
  const nc = await connect({
    reconnect: false,
    ...('port' in options ? {} : { servers: new URL(url).host }),
    ...options,
  });
  open.push(nc);
  return nc;
}

async function until(what: string, holds: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 10_000; Date.now() < deadline; await pause(5)) if (holds()) return;
  throw new Error(`never came true: ${what}`);
}

/** A connection without a client library. */
class Raw {
  said = '';
  closed = false;

  private constructor(readonly socket: Socket) {
    socket.on('data', (chunk: Buffer) => (this.said += chunk.toString('latin1')));
    socket.on('error', () => undefined);
    socket.on('close', () => (this.closed = true));
  }

  static async dial(to = url): Promise<Raw> {
    const { hostname, port } = new URL(to);
    const raw = new Raw(dial(Number(port), hostname));
    open.push({ close: () => raw.socket.destroy() });
    await until('INFO', () => raw.said.includes('\r\n'));
    return raw;
  }

  write(text: string): void {
    this.socket.write(Buffer.from(text, 'latin1'));
  }

  /** What was answered, without INFO, once the server has closed or has answered a last ping. */
  async answer(text: string, to: 'lives' | 'dies'): Promise<string> {
    this.said = '';
    this.write(to === 'lives' ? `${text}PONG\r\nPING\r\n` : text);
    await until(`an end of ${JSON.stringify(this.said)}`, () =>
      to === 'lives' ? this.said.endsWith('PONG\r\n') : this.closed,
    );
    return this.said.replace(/PONG\r\n$/, '');
  }
}

const quiet = 'CONNECT {"verbose":false,"pedantic":false}\r\n';
const asking = 'CONNECT {"verbose":false,"pedantic":false,"headers":true,"no_responders":true}\r\n';
const pub = (subject: string, text = 'x') => `PUB ${subject} ${text.length}\r\n${text}\r\n`;
const unknown = "-ERR 'Unknown Protocol Operation'\r\n";
const tooLong = "-ERR 'maximum control line exceeded'\r\n";
const a = (count: number) => 'a'.repeat(count);

describe('what is said for what, byte by byte', () => {
  it('begins with INFO', async () => {
    const { said } = await Raw.dial();
    const info = JSON.parse(said.slice('INFO '.length)) as object;
    expect(info).toMatchObject({ proto: 1, headers: true, max_payload: 1_048_576 });
    for (const key of ['server_id', 'server_name', 'version', 'host', 'port', 'client_id'])
      expect(info).toHaveProperty(key);
  });

  it.each([
    ['before CONNECT everything is verbose', `SUB a 1\r\n${pub('a', 'hi')}`, '+OK\r\n+OK\r\nMSG a 1 2\r\nhi\r\n'],
    [
      'verbs in lower case, lines ended by LF',
      `sub a 1\nping\npub a 1\nx\r\n`,
      '+OK\r\nPONG\r\n+OK\r\nMSG a 1 1\r\nx\r\n',
    ],
    [
      'verbose',
      `CONNECT {"verbose":true}\r\nSUB a 1\r\nUNSUB 1\r\nUNSUB 99\r\nPING\r\n`,
      '+OK\r\n+OK\r\n+OK\r\n+OK\r\nPONG\r\n',
    ],
    ['a second CONNECT changes only what it says', 'CONNECT {}\r\nCONNECT {"VERBOSE":false}\r\nSUB a 1\r\n', '+OK\r\n'],
    ['CONNECT null', 'CONNECT null\r\n', '+OK\r\n'],
    ['blanks and tabs', `${quiet}SUB \t a   q \t 1  \r\nPUB   a   1  \r\nx\r\n`, 'MSG a 1 1\r\nx\r\n'],
    ['an empty payload', `${quiet}SUB a 1\r\n${pub('a', '')}`, 'MSG a 1 0\r\n\r\n'],
    ['a payload of line ends', `${quiet}SUB a 1\r\n${pub('a', '\r\n\r\n')}`, 'MSG a 1 4\r\n\r\n\r\n\r\n'],
    ['a size with zeros in front', `${quiet}SUB a 1\r\nPUB a 003\r\nabc\r\n`, 'MSG a 1 003\r\nabc\r\n'],
    ['a reply subject', `${quiet}SUB a 1\r\nPUB a r.s 1\r\nx\r\n`, 'MSG a 1 r.s 1\r\nx\r\n'],
    ['a sid that is a word', `${quiet}SUB a my-sid\r\n${pub('a')}`, 'MSG a my-sid 1\r\nx\r\n'],
    ['subjects in UTF-8', `${quiet}SUB \xe6\xb6\x88 1\r\n${pub('\xe6\xb6\x88')}`, 'MSG \xe6\xb6\x88 1 1\r\nx\r\n'],
    [
      '+OK, INFO, PONG and the rest of a PING line mean nothing',
      `${quiet}+OK\r\nINFO {}\r\nPONG\r\nPING x\r\n`,
      'PONG\r\n',
    ],
    [
      'a sid that is taken keeps what it was',
      `${quiet}SUB a 1\r\nSUB b 1\r\n${pub('a')}${pub('b')}`,
      'MSG a 1 1\r\nx\r\n',
    ],
    ['the longest control line', `${quiet}SUB ${a(4_094)} 1\r\n`, ''],
    ['a very long PING', `${quiet}PING ${a(9_000)}\r\n`, 'PONG\r\n'],
  ])('%s', async (_, input, output) => {
    expect(await (await Raw.dial()).answer(input, 'lives')).toBe(output);
  });

  it.each([
    ['an unknown verb', 'foo\r\n', unknown],
    ['an unknown verb, before its line ends', 'x', unknown],
    ['an empty line', '\r\n', unknown],
    ['zero bytes', '\0\0\0', unknown],
    ['MSG from a client', 'MSG a 1 1\r\nx\r\n', unknown],
    ['a verb with no blank after it', 'SUB\r\n', unknown],
    ['a payload that is longer than said', 'PUB a 1\r\nxyz\r\n', unknown],
    ['a payload that is shorter than said', 'PUB a 4\r\nxy\r\nPING\r\n', unknown],
    ['a payload ended by LF alone', 'PUB a 1\r\nx\nPING\r\n', unknown],
    ['SUB with one argument', 'SUB a\r\n', ''],
    ['SUB with four', 'SUB a b c d\r\n', ''],
    ['PUB without a size', 'PUB a\r\n', ''],
    ['PUB with four arguments', 'PUB a b c 1\r\nx\r\n', ''],
    ['a size below zero', 'PUB a -1\r\n', ''],
    ['a size with a sign', 'PUB a +3\r\nabc\r\n', ''],
    ['a size of ten digits', 'PUB a 0000000001\r\nx\r\n', ''],
    ['UNSUB with three arguments', 'UNSUB 1 2 3\r\n', ''],
    ['CONNECT that is no JSON', 'CONNECT {nope\r\n', ''],
    ['CONNECT that is empty', 'CONNECT\r\n', ''],
    ['CONNECT that is a list', 'CONNECT []\r\n', ''],
    ['CONNECT with more after it', 'CONNECT {} x\r\n', ''],
    ['CONNECT with a field of the wrong type', 'CONNECT {"verbose":"x"}\r\n', ''],
    ['CONNECT with a broken number', 'CONNECT {"protocol":1.5}\r\n', ''],
    ['a protocol of the future', 'CONNECT {"verbose":false,"protocol":9}\r\n', "-ERR 'invalid client protocol'\r\n"],
    ['an error from the client', "-ERR 'x'\r\n", ''],
    ['an INFO that is no JSON', 'INFO {x\r\n', ''],
    ['a control line too long', `SUB ${a(4_095)} 1\r\n`, tooLong],
    ['a control line that never ends', `PUB ${a(9_000)}`, tooLong],
    ['a CONNECT too long', `CONNECT {"name":"${a(5_000)}"}\r\n`, tooLong],
    ['a payload too large', 'PUB a 1048577\r\nabc', "-ERR 'Maximum Payload Violation'\r\n"],
    ['headers unasked for', 'HPUB a 12 13\r\nNATS/1.0\r\n\r\nx\r\n', ''],
    [
      'no_responders without headers',
      'CONNECT {"no_responders":true}\r\n',
      "-ERR 'no responders requires headers support'\r\n",
    ],
  ])('%s ends the connection', async (_, input, output) => {
    expect(await (await Raw.dial()).answer(input, 'dies')).toBe(output);
  });

  it('a payload of exactly the largest size passes, also in many pieces', async () => {
    const payload = Buffer.alloc(1_048_576, 'p');
    const nc = await client();
    const messages = nc.subscribe('big', { max: 2 });
    nc.publish('big', payload);
    const raw = await Raw.dial();
    raw.write(`${quiet}PUB big ${payload.length}\r\n`);
    for (let at = 0; at < payload.length; at += 65_536) raw.write(payload.toString('latin1', at, at + 65_536));
    expect(await raw.answer('\r\n', 'lives')).toBe('');
    let count = 0;
    for await (const { data } of messages) count += Buffer.compare(data, payload) === 0 ? 1 : 0;
    expect(count).toBe(2);
  });
});

describe('subjects', () => {
  it.each(['a..b', '.a', 'a.', 'a.>.b', '>.a', '..'])('%s cannot be subscribed to', async (subject) => {
    const raw = await Raw.dial();
    expect(await raw.answer(`${quiet}SUB ${subject} 1\r\n`, 'lives')).toBe("-ERR 'Invalid Subject'\r\n");
  });

  it.each([
    ['a.*', ['a.b', 'a.*', 'a.>'], ['a', 'a.b.c', 'b.b', 'a..b', 'a.']],
    ['a.>', ['a.b', 'a.b.c'], ['a', 'b.a', 'a..b']],
    ['*.b', ['a.b', '*.b', '>.b'], ['b', 'a.b.c']],
    ['>', ['a', 'a.b', '$X.y'], ['.a', 'a.', 'a..b']],
    ['a*', ['a*'], ['ab', 'a']],
    ['a.b>c', ['a.b>c'], ['a.b.c']],
  ])('%s meets %p and not %p', async (pattern, hits, misses) => {
    const raw = await Raw.dial();
    const said = await raw.answer(
      `${quiet}SUB ${pattern} 1\r\n${[...hits, ...misses].map((subject) => pub(subject)).join('')}`,
      'lives',
    );
    expect([...said.matchAll(/MSG (\S+) 1 1\r\nx\r\n/g)].map(([, subject]) => subject)).toEqual(hits);
  });

  it('publishing to wildcards reaches no literal subscription', async () => {
    const raw = await Raw.dial();
    expect(
      await raw.answer(
        `${quiet}SUB a 1\r\nSUB a.b 2\r\n${['*', '>', 'a.*', '*.b'].map((s) => pub(s)).join('')}`,
        'lives',
      ),
    ).toBe('');
  });

  it('a pedantic client is told, and still served', async () => {
    const raw = await Raw.dial();
    const said = await raw.answer(
      `CONNECT {"verbose":false,"pedantic":true}\r\nSUB > 1\r\n${pub('a.*')}${pub('a..b')}`,
      'lives',
    );
    const told = "-ERR 'Invalid Publish Subject'\r\n";
    expect(said).toBe(`${told}MSG a.* 1 1\r\nx\r\n${told}`);
  });
});

describe('UNSUB', () => {
  it.each([
    ['at once', `UNSUB 1\r\n${pub('a', '1')}`, ''],
    ['after a number of messages', `UNSUB 1 2\r\n${pub('a', '1')}${pub('a', '2')}${pub('a', '3')}`, '12'],
    ['counts what came before', `${pub('a', '1')}${pub('a', '2')}UNSUB 1 3\r\n${pub('a', '3')}${pub('a', '4')}`, '123'],
    ['ends at once when enough came before', `${pub('a', '1')}${pub('a', '2')}UNSUB 1 2\r\n${pub('a', '3')}`, '12'],
    ['may be raised', `UNSUB 1 1\r\nUNSUB 1 3\r\n${pub('a', '1')}${pub('a', '2')}`, '12'],
    ['with 0 ends at once', `UNSUB 1 0\r\n${pub('a', '1')}`, ''],
    ['with nonsense ends at once', `UNSUB 1 x\r\n${pub('a', '1')}`, ''],
    ['frees the sid', `UNSUB 1 1\r\n${pub('a', '1')}SUB b 1\r\n${pub('b', '2')}`, '12'],
  ])('%s', async (_, input, payloads) => {
    const said = await (await Raw.dial()).answer(`${quiet}SUB a 1\r\n${input}`, 'lives');
    expect([...said.matchAll(/MSG . 1 1\r\n(.)\r\n/g)].map(([, payload]) => payload).join('')).toBe(payloads);
  });
});

describe('headers and no responders', () => {
  it('pass headers on as they came, and leave them out for who does not know them', async () => {
    const [knows, not, speaks] = [await Raw.dial(), await Raw.dial(), await Raw.dial()];
    await knows.answer('CONNECT {"verbose":false,"headers":true}\r\nSUB h 1\r\n', 'lives');
    await not.answer(`${quiet}SUB h 1\r\n`, 'lives');
    const block = 'NATS/1.0\r\nA: 1\r\n\r\n';
    const size = block.length;
    const sent = `HPUB h ${size} ${size + 1}\r\n${block}x\r\nHPUB h r ${size} ${size}\r\n${block}\r\nHPUB h 0 1\r\ny\r\n`;
    await speaks.answer(`CONNECT {"verbose":false,"headers":true}\r\n${sent}`, 'lives');
    expect(await knows.answer('', 'lives')).toBe('');
    expect(await not.answer('', 'lives')).toBe('');
  });

  it.each([
    ['with a block and a payload', 'HPUB h 12 13\r\nNATS/1.0\r\n\r\nx\r\n', 'HMSG h 1 12 13\r\nNATS/1.0\r\n\r\nx\r\n'],
    ['with a reply subject', 'HPUB h r 12 12\r\nNATS/1.0\r\n\r\n\r\n', 'HMSG h 1 r 12 12\r\nNATS/1.0\r\n\r\n\r\n'],
    ['with any bytes as a block', 'HPUB h 4 5\r\nabcdx\r\n', 'HMSG h 1 4 5\r\nabcdx\r\n'],
    ['without a block', 'HPUB h 0 1\r\nx\r\n', 'MSG h 1 1\r\nx\r\n'],
  ])('HPUB %s', async (_, input, output) => {
    expect(await (await Raw.dial()).answer(`${asking}SUB h 1\r\n${input}`, 'lives')).toBe(output);
  });

  it.each([
    'HPUB h 14 5\r\nabcdx\r\n',
    'HPUB h 5\r\nabcdx\r\n',
    'HPUB h x 5\r\nabcdx\r\n',
    'HPUB h b c 4 5\r\nabcdx\r\n',
  ])('%p ends the connection', async (input) => {
    expect(await (await Raw.dial()).answer(`${asking}${input}`, 'dies')).toBe('');
  });

  const status = (sid: number) => `HMSG r.1 ${sid} 16 16\r\nNATS/1.0 503\r\n\r\n\r\n`;
  it.each([
    ['tells who asked', `SUB r.* 1\r\nPUB nobody r.1 1\r\nx\r\n`, status(1)],
    [
      'does not count for UNSUB',
      `SUB r.* 1\r\nUNSUB 1 1\r\nPUB nobody r.1 0\r\n\r\nPUB nobody r.1 0\r\n\r\n`,
      status(1) + status(1),
    ],
    ['is silent without a reply subject', `SUB r.* 1\r\n${pub('nobody')}`, ''],
    ['is silent when the reply subject is not listened to', `PUB nobody r.1 1\r\nx\r\n`, ''],
    ['is silent when only a queue listens to it', `SUB r.* q 1\r\nPUB nobody r.1 1\r\nx\r\n`, ''],
    [
      'counts a muted echo as nobody',
      `CONNECT {"echo":false}\r\nSUB r.* 1\r\nSUB a 2\r\nPUB a r.1 1\r\nx\r\n`,
      status(1),
    ],
    [
      'is silent for who has not asked for it',
      `CONNECT {"no_responders":false}\r\nSUB r.* 1\r\nPUB nobody r.1 1\r\nx\r\n`,
      '',
    ],
  ])('503 %s', async (_, input, output) => {
    expect(await (await Raw.dial()).answer(`${asking}${input}`, 'lives')).toBe(output);
  });
});

describe('the real client', () => {
  it('asks and is answered, with headers, in one of many at once', async () => {
    const [asker, answerer] = [await client(), await client()];
    answerer.subscribe('rpc.*', {
      queue: 'service',
      callback: (_, message: Msg) => {
        const back = headers();
        back.set('Echo', message.headers?.get('Trace') ?? '');
        message.respond(message.data, { headers: back });
      },
    });
    await answerer.flush();
    const answers = Array.from({ length: 500 }, async (_, index) => {
      const trace = headers();
      trace.set('Trace', `t-${index}`);
      const answer = await asker.request(`rpc.${index % 7}`, `${index}`, { timeout: 5_000, headers: trace });
      return [answer.string(), answer.headers?.get('Echo')];
    });
    expect(await Promise.all(answers)).toEqual(answers.map((_, index) => [`${index}`, `t-${index}`]));
    await expect(asker.request('nobody.here')).rejects.toMatchObject({ code: '503' });
    await expect(asker.request('nobody.here', '', { noMux: true, timeout: 5_000 })).rejects.toMatchObject({
      code: '503',
    });
  });

  it('gets the messages of one publisher in order, on every subscription, once each', async () => {
    const [from, to] = [await client(), await client()];
    const seen = new Map<string, number[]>();
    for (const pattern of ['order.a', 'order.*', 'order.>', '>']) {
      const list: number[] = [];
      seen.set(pattern, list);
      to.subscribe(pattern, {
        callback: (_, { subject, data }) =>
          void (subject === 'order.a' && list.push(Number(Buffer.from(data).toString()))),
      });
    }
    await to.flush();
    const sent = Array.from({ length: 5_000 }, (_, index) => index);
    for (const index of sent) from.publish('order.a', `${index}`);
    await from.flush();
    await until('all of them', () => [...seen.values()].every((list) => list.length >= sent.length));
    for (const list of seen.values()) expect(list).toEqual(sent);
  });

  it('shares the messages of a queue group fairly, once each, and also when a member leaves', async () => {
    const [from, ...members] = [await client(), await client(), await client(), await client()];
    const counts = members.map(() => 0);
    const subscriptions = members.map((member, index) =>
      member.subscribe('work.*', { queue: 'workers', callback: () => void (counts[index]! += 1) }),
    );
    await Promise.all(members.map((member) => member.flush()));
    const total = () => counts.reduce((sum, count) => sum + count, 0);
    for (let index = 0; index < 3_000; index += 1) from.publish(`work.${index}`);
    await until('3 000', () => total() === 3_000);
    for (const count of counts) expect(count).toBeGreaterThan(800);
    subscriptions[0]!.unsubscribe();
    await members[0].flush();
    await members[1].drain();
    counts.fill(0);
    for (let index = 0; index < 100; index += 1) from.publish('work.x');
    await from.flush();
    await until('100', () => total() === 100);
    expect(counts).toEqual([0, 0, 100]);
  });

  it('gives one member of every group and every plain subscription its copy', async () => {
    const nc = await client();
    const got: string[] = [];
    const listen = (name: string, queue?: string) =>
      nc.subscribe('copy', { queue, callback: () => void got.push(name) });
    [listen('plain'), listen('plain'), listen('q', 'q'), listen('q', 'q'), listen('p', 'p')].map(Boolean);
    nc.publish('copy');
    await nc.flush();
    expect(got.sort()).toEqual(['p', 'plain', 'plain', 'q']);
  });

  it('does not hear itself when it does not want to', async () => {
    const [mute, other] = [await client({ noEcho: true }), await client()];
    const heard: string[] = [];
    mute.subscribe('echo', { callback: () => void heard.push('mute') });
    mute.subscribe('echo', { queue: 'q', callback: () => void heard.push('mute in group') });
    other.subscribe('echo', { callback: () => void heard.push('other') });
    await other.flush();
    mute.publish('echo');
    await mute.flush();
    await other.flush();
    expect(heard).toEqual(['other']);
  });

  it('drains without losing what is under way', async () => {
    const [asker, answerer] = [await client(), await client()];
    answerer.subscribe('slow', { callback: (_, message) => void setImmediate(() => message.respond(message.data)) });
    await answerer.flush();
    const answers = Promise.allSettled(
      Array.from({ length: 200 }, () => asker.request('slow', 'x', { timeout: 5_000 })),
    );
    await asker.flush();
    await answerer.drain();
    expect((await answers).filter(({ status }) => status === 'fulfilled')).toHaveLength(200);
  });

  it('is told of a payload too large', async () => {
    const nc = await client();
    expect(() => nc.publish('big', new Uint8Array(1_048_577))).toThrow('MAX_PAYLOAD_EXCEEDED');
  });
});

describe('anything at all', () => {
  it('never ends the broker: random bytes, half commands, sudden ends', async () => {
    const words = [
      'PUB',
      'HPUB',
      'SUB',
      'UNSUB',
      'CONNECT',
      'PING',
      ' ',
      '\r\n',
      '{}',
      'a',
      '>',
      '*',
      '.',
      '1',
      '99999',
      '-1',
      '\t',
      '\0',
      '\n',
      '\xff',
    ];
    for (let round = 0; round < 150; round += 1) {
      const raw = await Raw.dial();
      const noise = Array.from({ length: 40 }, () =>
        Math.random() < 0.8
          ? words[Math.floor(Math.random() * words.length)]!
          : String.fromCharCode(Math.random() * 256),
      ).join('');
      raw.write(round % 3 === 0 ? noise : `${asking}SUB a.> ${round}\r\nPUB a.b 1\r\nx\r\n${noise}`);
      if (round % 2 === 0) raw.socket.destroy();
      else if (round % 5 === 0) raw.socket.resetAndDestroy();
    }
    const nc = await client();
    const message = nc.subscribe('still.there', { max: 1 });
    nc.publish('still.there', 'yes');
    for await (const { data } of message) expect(Buffer.from(data).toString()).toBe('yes');
  });
});

oursOnly('settings', () => {
  it('a token is asked for, before anything else', async () => {
    const { url: guarded, port } = await start({ authToken: 'open sesame' });
    expect(guarded).toBe(`nats://open%20sesame@127.0.0.1:${port}`);
    const no = "-ERR 'Authorization Violation'\r\n";
    const answers: [string, string][] = [
      ...([
        ['PING\r\n', no],
        ['SUB a 1\r\n', no],
        ['foo\r\n', no],
        ['CONNECT {}\r\n', no],
        ['CONNECT {"auth_token":"x"}\r\n', no],
      ] as [string, string][]),
      ...([
        ['CONNECT {"user":"open sesame"}\r\n', no],
        ['CONNECT {\r\n', ''],
        ['cx\r\n', unknown],
      ] as [string, string][]),
      ['CONNECT {"auth_token":"open sesame"}\r\nCONNECT {"auth_token":"x"}\r\n', `+OK\r\n${no}`],
    ];
    for (const [input, output] of answers)
      expect([input, await (await Raw.dial(guarded)).answer(input, 'dies')]).toEqual([input, output]);
    expect(await (await Raw.dial(guarded)).answer('CONNECT {"auth_token":"open sesame"}\r\n', 'lives')).toBe('+OK\r\n');
    expect((await Raw.dial(guarded)).said).toContain('"auth_required":true');
    await expect(client({ port })).rejects.toMatchObject({ code: 'AUTHORIZATION_VIOLATION' });
    await (await client({ port, token: 'open sesame' })).flush();
  });

  it('a client that never says its token is let go', async () => {
    const { url: guarded } = await start({ authToken: 'x', authTimeoutMs: 50 });
    expect(await (await Raw.dial(guarded)).answer('', 'dies')).toBe("-ERR 'Authentication Timeout'\r\n");
  });

  it('a silent client is pinged, and cut when it never answers; one that answers stays', async () => {
    const { url: lively, stats } = await start({ pingIntervalMs: 30 });
    const nc = await client({ servers: new URL(lively).host });
    const silent = await Raw.dial(lively);
    await until('the end of the silent one', () => silent.closed);
    expect(silent.said.replace(/^INFO.*\r\n/, '')).toBe("PING\r\nPING\r\n-ERR 'Stale Connection'\r\n");
    await nc.flush();
    expect(stats().connections).toBe(1);
  });

  it('a client that does not read is cut, the others go on', async () => {
    const { url: bounded, stats } = await start({ maxPendingBytes: 1_048_576 });
    const [slow, fast, from] = [
      await Raw.dial(bounded),
      await client({ servers: new URL(bounded).host }),
      await client({ servers: new URL(bounded).host }),
    ];
    await slow.answer(`${quiet}SUB flood 1\r\n`, 'lives');
    slow.socket.pause();
    let got = 0;
    fast.subscribe('flood', { callback: () => void (got += 1) });
    await fast.flush();
    const payload = new Uint8Array(100_000);
    let sent = 0;
    for (; stats().slowConsumers === 0 && sent < 1_000; sent += 1) {
      from.publish('flood', payload);
      await from.flush();
    }
    expect(stats()).toMatchObject({ slowConsumers: 1, connections: 2 });
    await until('everything at the fast one', () => got === sent);
  });

  it('a client that has taken nothing for the write deadline is cut', async () => {
    const { url: bounded, stats } = await start({ writeDeadlineMs: 50 });
    const [slow, from] = [await Raw.dial(bounded), await client({ servers: new URL(bounded).host })];
    await slow.answer(`${quiet}SUB flood 1\r\n`, 'lives');
    slow.socket.pause();
    const deadline = Date.now() + 10_000;
    while (stats().slowConsumers === 0 && Date.now() < deadline) {
      from.publish('flood', new Uint8Array(100_000));
      await from.flush();
    }
    expect(stats().slowConsumers).toBe(1);
  });

  it('payload, connections and subscriptions are bounded', async () => {
    const { url: small } = await start({ maxPayload: 10, maxConnections: 2, maxSubscriptions: 1 });
    const first = await Raw.dial(small);
    const full = "-ERR 'maximum subscriptions exceeded'\r\n";
    expect(await first.answer(`${quiet}SUB a 1\r\nSUB b 2\r\nUNSUB 1\r\nSUB c 3\r\n${pub('c', a(10))}`, 'lives')).toBe(
      `${full}MSG c 3 10\r\n${a(10)}\r\n`,
    );
    const second = await Raw.dial(small);
    const third = await Raw.dial(small);
    await until('the end of the third', () => third.closed);
    expect(third.said).toMatch(/-ERR 'maximum connections exceeded'\r\n$/);
    expect(await second.answer(`PUB c 11\r\n`, 'dies')).toBe("-ERR 'Maximum Payload Violation'\r\n");
  });

  it('a port that is taken is said so', async () => {
    const { port } = await start({});
    await expect(startNatsBroker({ port })).rejects.toMatchObject({ name: 'HarkError', code: 'nats.port-taken' });
  });

  it('closing sends what is under way, ends all, and leaves nothing behind', async () => {
    const one = await startNatsBroker();
    const raw = await Raw.dial(one.url);
    await raw.answer(`${quiet}SUB a 1\r\n`, 'lives');
    const from = await Raw.dial(one.url);
    await from.answer(`${quiet}${pub('a', 'last')}`, 'lives');
    expect(one.stats()).toMatchObject({ connections: 2, subscriptions: 1, published: 1, delivered: 1 });
    await Promise.all([one.close(), one.close()]);
    await until('the end of both', () => raw.closed && from.closed);
    expect(raw.said).toContain('MSG a 1 4\r\nlast\r\n');
    expect(one.stats()).toMatchObject({ connections: 0, subscriptions: 0 });
    await expect(connect({ port: one.port, reconnect: false })).rejects.toMatchObject({ code: 'CONNECTION_REFUSED' });
  });

  it('clients that left take their subscriptions with them', async () => {
    const one = await start({});
    for (let index = 0; index < 20; index += 1) {
      const raw = await Raw.dial(one.url);
      await raw.answer(`${quiet}SUB a.${index} 1\r\nSUB > q 2\r\n`, 'lives');
      if (index % 2 === 0) raw.socket.destroy();
      else raw.socket.resetAndDestroy();
    }
    await until('nobody', () => one.stats().connections === 0 && one.stats().subscriptions === 0);
  });
});

if (elsewhere !== undefined) {
  it(`ran against ${elsewhere}: the tests of our settings were left out`, () => expect(url).toBe(elsewhere));
}
