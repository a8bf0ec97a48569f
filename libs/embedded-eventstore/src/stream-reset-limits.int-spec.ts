import { once } from 'node:events';
import { type ClientHttp2Session, connect, constants } from 'node:http2';
import { Empty } from '@eventstore/db-client/generated/shared_pb';
import { ReadReq, type ReadResp } from '@eventstore/db-client/generated/streams_pb';
import { type ClientReadableStream, Server, ServerCredentials, status } from '@grpc/grpc-js';
import { collect, describeEmbedded, eventually, newEvents, newStream, useStore } from './store.fixture';
import { limitStreamResets } from './stream-reset-limits';

const store = useStore();
/** Well above what Node allows of itself: a thousand at once and 33 a second (streamResetBurst, streamResetRate). */
const cancelsCount = 1_500;
const resetsMax = 100_000;
const testTimeoutMs = 60_000;

const O = ReadReq.Options;
const ofAll = (): ReadReq.Options =>
  new O()
    .setAll(new O.AllOptions().setStart(new Empty()))
    .setUuidOption(new O.UUIDOption().setString(new Empty()))
    .setNoFilter(new Empty());
const subscription = (): ReadReq => new ReadReq().setOptions(ofAll().setSubscription(new O.SubscriptionOptions()));
const finiteRead = (): ReadReq => new ReadReq().setOptions(ofAll().setCount('1000'));

/** Begins a call, cancels it and gives the status it ended with; `undefined` when the server was faster. */
function cancelled(request: ReadReq, when: 'answered' | 'sent'): Promise<status | undefined> {
  return new Promise((resolve) => {
    const call: ClientReadableStream<ReadResp> = store.raw.read(request);
    const cancel = (): void => call.cancel();
    if (when === 'sent') setImmediate(cancel);
    call.on('data', when === 'answered' ? cancel : () => undefined);
    call.on('error', (error: Error & { code: status }) => resolve(error.code));
    call.on('end', () => resolve(undefined));
  });
}

describeEmbedded('calls that their client cancels', () => {
  it.each([
    ['subscriptions, after the first answer', subscription, 'answered'],
    ['subscriptions, before any answer', subscription, 'sent'],
    ['reads, after the first answer', finiteRead, 'answered'],
  ] as const)(
    `${cancelsCount} %s: the connection lives`,
    async (_name, request, when) => {
      const lives = store.raw.read(subscription());
      lives.on('error', () => undefined);
      let received = 0;
      lives.on('data', () => (received += 1));
      await once(lives, 'data');
      for (let n = 0; n < cancelsCount; n += 1) {
        const ended = await cancelled(request(), when);
        if (ended !== undefined) expect(ended).toBe(status.CANCELLED);
      }
      const before = received;
      await store.client.appendToStream(newStream(), newEvents(1));
      await eventually(() => received > before);
      lives.cancel();
    },
    testTimeoutMs,
  );

  it(
    `${cancelsCount} unsubscribes of the ordinary client: its other subscription and its calls go on`,
    async () => {
      const stream = newStream();
      const other = store.client.subscribeToStream(stream);
      const arrived: unknown[] = [];
      other.on('data', (event) => arrived.push(event));
      await once(other, 'confirmation');
      for (let n = 0; n < cancelsCount; n += 1) {
        const quick = store.client.subscribeToStream(stream);
        quick.on('data', () => undefined);
        await once(quick, 'confirmation');
        await quick.unsubscribe();
      }
      const next = once(other, 'data');
      await store.client.appendToStream(stream, newEvents(1));
      await next;
      expect(arrived).toHaveLength(1);
      expect(await collect(store.client.readStream(stream))).toHaveLength(1);
      await other.unsubscribe();
    },
    testTimeoutMs,
  );
});

describe('the guard against floods', () => {
  const servers: Server[] = [];
  afterEach(() => servers.splice(0).forEach((server) => server.forceShutdown()));

  it('still cuts a connection that resets more than it may', async () => {
    const server = new Server();
    servers.push(server);
    limitStreamResets(server, { burst: 50, perSecond: 1, refusedMax: 100_000 });
    const port = await new Promise<number>((resolve, reject) => {
      server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
        error === null ? resolve(bound) : reject(error),
      );
    });
    const session: ClientHttp2Session = connect(`http://127.0.0.1:${port}`);
    session.on('error', () => undefined);
    const closed = new Promise<void>((resolve) => session.once('close', resolve));
    let resets = 0;
    const resetMore = (): void => {
      if (session.closed || session.destroyed || resets === resetsMax) return;
      const request = session.request({ ':method': 'POST', ':path': '/no.Such/Thing' });
      request.on('error', () => undefined);
      request.close(constants.NGHTTP2_CANCEL);
      resets += 1;
      setImmediate(resetMore);
    };
    resetMore();
    await closed;
    expect(resets).toBeGreaterThan(50);
    expect(resets).toBeLessThan(resetsMax);
  });

  it('fails to start when grpc-js has no place for the limits', () => {
    expect(() => limitStreamResets({} as Server)).toThrow('commonServerOptions');
  });
});
