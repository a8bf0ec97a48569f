import { asking, pub, quiet, Raw, useBroker } from './broker.fixture';

useBroker();

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
    knows.said = not.said = '';
    const block = 'NATS/1.0\r\nA: 1\r\n\r\n';
    const size = block.length;
    const sent = `HPUB h ${size} ${size + 1}\r\n${block}x\r\nHPUB h r ${size} ${size}\r\n${block}\r\nHPUB h 0 1\r\ny\r\n`;
    await speaks.answer(`CONNECT {"verbose":false,"headers":true}\r\n${sent}`, 'lives');
    expect(await knows.rest()).toBe(
      `HMSG h 1 ${size} ${size + 1}\r\n${block}x\r\nHMSG h 1 r ${size} ${size}\r\n${block}\r\nMSG h 1 1\r\ny\r\n`,
    );
    expect(await not.rest()).toBe(`MSG h 1 1\r\nx\r\nMSG h 1 r 0\r\n\r\nMSG h 1 1\r\ny\r\n`);
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
