import { connect } from 'nats';
import { a, client, oursOnly, pub, quiet, Raw, start, unknown, until, useBroker } from './broker.fixture';
import { startNatsBroker } from './start-nats-broker';

useBroker();

oursOnly('settings', () => {
  it('a token is asked for, before anything else', async () => {
    const { url: guarded, port } = await start({ authToken: 'open sesame' });
    expect(guarded).toBe(`nats://open%20sesame@127.0.0.1:${port}`);
    const no = "-ERR 'Authorization Violation'\r\n";
    const replies: [string, string][] = [
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
    for (const [input, output] of replies)
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
    const { url: lively, stats } = await start({ pingIntervalMs: 200 });
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
    const deadline = Date.now() + 60_000;
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
