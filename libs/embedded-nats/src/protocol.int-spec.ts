import { a, client, elsewhere, pub, quiet, Raw, tooLong, unknown, useBroker } from './broker.fixture';

useBroker();

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

if (elsewhere !== undefined) {
  it(`ran against ${elsewhere}: the tests of our settings were left out`, () => expect(elsewhere).toMatch(/^nats:/));
}
