import { deliverySubjects, intakeSubjects } from '@hark/contracts';
import { HarkError, uuid7 } from '@hark/kernel';
import { ChangePublisher, RpcClient } from '@hark/nats';
import { Keys } from '@hark/service';
import { until } from '@hark/testing';
import { appSecret, Asked, bearer, GatewayHarness, problem, someId, userId } from '../gateway.fixture';
import { streamsPerCallerMax } from './open-streams';
import { StreamReader } from './stream-reader.fixture';

describe('an event stream', () => {
  let hub: GatewayHarness;
  let services: RpcClient;
  let publisher: ChangePublisher;
  let token: string;
  /** What the source holds: positions from 1 on. */
  let log: string[];
  beforeAll(async () => {
    hub = await GatewayHarness.start();
    const callerKey = new Keys(Buffer.from(hub.env.HARK_MASTER_KEY, 'base64')).caller;
    services = await RpcClient.connect({ url: hub.env.NATS_URL, name: 'x', service: 'delivery', callerKey });
    publisher = new ChangePublisher(services.connection, 'hark.events.inbox');
    token = await hub.session();
  });
  afterAll(async () => {
    publisher.close();
    await services.close();
    await hub.close();
  });

  const source = ({ data }: Asked) => {
    const { after, limit } = data as { after?: string; limit: number };
    const from = after === undefined ? log.length : Number(after.split('-')[0]);
    const changes = log.slice(from, from + limit).map((body, index) => ({
      event: 'filed',
      position: `${from + index + 1}-delivery`,
      data: { id: someId, body },
    }));
    const next = changes.at(-1)?.position ?? after ?? `${from}-delivery`;
    return { body: { topic: userId, next, changes } };
  };
  beforeEach(() => {
    log = ['old'];
    hub.answering(source);
    hub.sessionCheck = () => ({ body: { secondFactor: true } });
  });
  const filed = (...bodies: string[]) => {
    log.push(...bodies);
    publisher.changed([userId]);
  };
  /** A caller without any stream: what somebody has left may keep its place for a moment. */
  const newcomer = () => hub.session(['user'], { sub: uuid7(), sid: uuid7() });
  const seen = (reader: StreamReader, count: number) =>
    until(() => reader.events.length >= count, { what: `${count} events` });

  it('begins now, goes on with what comes, and after a cut behind the last id, each once and in order', async () => {
    const first = await StreamReader.open(`${hub.url}/v1/inbox/stream`, token);
    expect(first.response.status).toBe(200);
    expect(first.response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(first.response.headers.get('cache-control')).toBe('no-store');
    await until(() => first.lastEventId === '1-delivery', { what: 'where it begins' });
    filed('a\n\nevent: forged\ndata: {}', 'b');
    await seen(first, 2);
    expect(first.events).toEqual([
      { event: 'filed', id: '2-delivery', data: { id: someId, body: 'a\n\nevent: forged\ndata: {}' } },
      { event: 'filed', id: '3-delivery', data: { id: someId, body: 'b' } },
    ]);
    first.close();
    // More than a page, while nobody listens and without any notice.
    log.push(...Array.from({ length: 120 }, (_, index) => `${index}`));
    const again = await StreamReader.open(`${hub.url}/v1/inbox/stream`, token, first.lastEventId);
    await seen(again, 120);
    filed('last');
    await seen(again, 121);
    expect(again.ids()).toEqual(Array.from({ length: 121 }, (_, index) => `${index + 4}-delivery`));
    again.close();
  });

  it('waits out a source that is away, and misses nothing meanwhile', async () => {
    const reader = await StreamReader.open(`${hub.url}/v1/inbox/stream`, token);
    await until(() => reader.lastEventId !== '', { what: 'the beginning' });
    let asked = 0;
    hub.answering((request) => {
      asked += 1;
      if (asked < 3) throw new HarkError('unavailable', 'service.unavailable', 'away');
      return source(request);
    });
    filed('a');
    await seen(reader, 1);
    reader.close();
  });

  it('ends with its reason when the session has ended', async () => {
    // A session of its own: the gateway remembers for seconds that it has ended.
    const reader = await StreamReader.open(`${hub.url}/v1/inbox/stream`, await hub.session(['user'], { sid: someId }));
    hub.sessionCheck = () => {
      throw new HarkError('refused', 'session.ended', 'it has');
    };
    await until(() => reader.ended, { what: 'the end' });
    expect(reader.events.at(-1)).toMatchObject({ event: 'end', data: { code: 'session.ended' } });
  });

  it('is asked for by a key or secret too, which its source looks at again and again', async () => {
    hub.answering(({ subject, data }) => {
      expect([subject, data.credential]).toEqual([intakeSubjects.pushChanges, appSecret]);
      return { body: { topic: someId, next: '1-message', changes: [] } };
    });
    const reader = await StreamReader.open(`${hub.url}/v1/pushes/stream`, appSecret);
    await until(() => reader.lastEventId === '1-message', { what: 'the beginning' });
    hub.answering(() => {
      throw new HarkError('refused', 'key.invalid', 'revoked');
    });
    await until(() => reader.ended, { what: 'the end' });
    expect(reader.events).toEqual([{ event: 'end', id: '1-message', data: { code: 'key.invalid' } }]);
  });

  it('answers problems before it begins, and HEAD without a body', async () => {
    expect((await problem(await hub.fetch('/v1/inbox/stream'))).code).toBe('session.required');
    const bad = await hub.fetch('/v1/inbox/stream', { headers: { ...bearer(token), 'last-event-id': '12' } });
    expect((await problem(bad)).code).toBe('position.invalid');
    expect((await hub.fetch('/v1/inbox/stream', { method: 'HEAD', headers: bearer(token) })).status).toBe(200);
    expect(hub.asked.every(({ subject }) => subject === deliverySubjects.inboxChanges)).toBe(true);
  });

  it('asks once for all streams of somebody that stand at the same place', async () => {
    const readers = await Promise.all(
      Array.from({ length: 10 }, () => StreamReader.open(`${hub.url}/v1/inbox/stream`, token)),
    );
    await until(() => readers.every(({ lastEventId }) => lastEventId !== ''), { what: 'all are open' });
    filed('a');
    await Promise.all(readers.map((reader) => seen(reader, 1)));
    hub.answering(source);
    filed('b');
    await Promise.all(readers.map((reader) => seen(reader, 2)));
    expect(hub.asked.filter(({ data }) => data.after === '2-delivery').length).toBeLessThan(10);
    for (const reader of readers) {
      expect(reader.ids()).toEqual(['2-delivery', '3-delivery']);
      reader.close();
    }
  });

  it('goes on when its caller asks too much at once', async () => {
    const reader = await StreamReader.open(`${hub.url}/v1/inbox/stream`, token);
    await until(() => reader.lastEventId !== '', { what: 'the beginning' });
    let asked = 0;
    hub.answering((request) => {
      asked += 1;
      if (asked < 3) throw new HarkError('refused', 'request.rate-limited', 'too much');
      return source(request);
    });
    filed('a');
    await seen(reader, 1);
    reader.close();
  });

  it('keeps no place for who leaves before it has begun', async () => {
    let letGo: () => void = () => undefined;
    const asked = new Promise<void>((resolve) => (letGo = resolve));
    hub.answering(async (request) => {
      await asked;
      return source(request);
    });
    const token = await newcomer();
    const gone = Array.from({ length: streamsPerCallerMax }, () => {
      const over = new AbortController();
      const opening = hub.fetch('/v1/inbox/stream', { headers: bearer(token), signal: over.signal });
      return { over, opening: opening.catch(() => undefined) };
    });
    await until(() => hub.asked.length === streamsPerCallerMax, { what: 'all have asked' });
    for (const { over, opening } of gone) {
      over.abort();
      await opening;
    }
    letGo();
    hub.answering(source);
    const again = async () => {
      const reader = await StreamReader.open(`${hub.url}/v1/inbox/stream`, token);
      reader.close();
      return reader.response.status === 200;
    };
    await until(again, { what: 'there is a place again' });
  });

  it('is open so many times for one caller, and no more, however many are opened at once', async () => {
    const token = await newcomer();
    const all = await Promise.all(
      Array.from({ length: 2 * streamsPerCallerMax }, () => StreamReader.open(`${hub.url}/v1/inbox/stream`, token)),
    );
    const readers = all.filter(({ response }) => response.status === 200);
    expect(readers).toHaveLength(streamsPerCallerMax);
    const open = () => readers.filter(({ lastEventId }) => lastEventId !== '').length;
    await until(() => open() === streamsPerCallerMax, { what: 'all are open' });
    const extra = await hub.fetch('/v1/inbox/stream', { headers: bearer(token) });
    expect((await problem(extra)).code).toBe('request.rate-limited');
    for (const reader of readers) reader.close();
    const again = async () => {
      const reader = await StreamReader.open(`${hub.url}/v1/inbox/stream`, token);
      reader.close();
      return reader.response.status === 200;
    };
    await until(again, { what: 'there is a place again' });
  });

  it('ends when its gateway stops, which waits for no client', async () => {
    const other = await GatewayHarness.start();
    other.answering(source);
    const reader = await StreamReader.open(`${other.url}/v1/inbox/stream`, await other.session());
    await until(() => reader.lastEventId !== '', { what: 'the beginning' });
    await other.gateway.close();
    await until(() => reader.ended, { what: 'the end' });
    await other.close();
  });
});
