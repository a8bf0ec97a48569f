import { headers, type Msg } from 'nats';
import { asking, client, Raw, until, useBroker } from './broker.fixture';

useBroker();

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
    const replies = Array.from({ length: 500 }, async (_, index) => {
      const trace = headers();
      trace.set('Trace', `t-${index}`);
      const answer = await asker.request(`rpc.${index % 7}`, `${index}`, { timeout: 60_000, headers: trace });
      return [answer.string(), answer.headers?.get('Echo')];
    });
    expect(await Promise.all(replies)).toEqual(replies.map((_, index) => [`${index}`, `t-${index}`]));
    await expect(asker.request('nobody.here', '', { timeout: 60_000 })).rejects.toMatchObject({ code: '503' });
    await expect(asker.request('nobody.here', '', { noMux: true, timeout: 60_000 })).rejects.toMatchObject({
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
    const replies = Promise.allSettled(
      Array.from({ length: 200 }, () => asker.request('slow', 'x', { timeout: 60_000 })),
    );
    await asker.flush();
    await answerer.drain();
    expect((await replies).filter(({ status }) => status === 'fulfilled')).toHaveLength(200);
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
