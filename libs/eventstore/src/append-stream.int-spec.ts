import { randomUUID } from 'node:crypto';
import { EventStoreDBClient } from '@eventstore/db-client';
import { UUID } from '@eventstore/db-client/generated/shared_pb';
import { Status } from '@eventstore/db-client/generated/status_pb';
import { IStreamsServer, StreamsService } from '@eventstore/db-client/generated/streams_grpc_pb';
import { BatchAppendReq, BatchAppendResp } from '@eventstore/db-client/generated/streams_pb';
import { Server, ServerCredentials, ServerDuplexStream, status } from '@grpc/grpc-js';
import { until } from '@hark/testing';
import { appendsInFlightMax, AppendStream } from './append-stream';

type Call = ServerDuplexStream<BatchAppendReq, BatchAppendResp>;

/** A store that answers, or does not, as the test says. */
class ScriptedStore {
  readonly calls: Call[] = [];
  readonly requests: { readonly request: BatchAppendReq; readonly call: Call }[] = [];
  /** What to do with a request; nothing unless told. */
  onRequest: (request: BatchAppendReq, call: Call) => void = () => {};
  private readonly server = new Server();

  async start(): Promise<string> {
    const service = { batchAppend: StreamsService.batchAppend };
    const handlers = { batchAppend: (call: Call) => this.take(call) } as Partial<IStreamsServer>;
    this.server.addService(service, handlers as never);
    const port = await new Promise<number>((resolve, reject) =>
      this.server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
        error ? reject(error) : resolve(bound),
      ),
    );
    return `esdb://127.0.0.1:${port}?tls=false`;
  }

  stop(): void {
    this.server.forceShutdown();
  }

  /** The call that brought the append after revision `expected`. */
  callOf(expected: number): Call {
    return this.of(expected).call;
  }

  idOf(expected: number): string {
    return idOf(this.of(expected).request);
  }

  private of(expected: number) {
    return this.requests.find(({ request }) => revisionOf(request) === expected + 1)!;
  }

  private take(call: Call): void {
    this.calls.push(call);
    call.on('error', () => {});
    call.on('data', (request: BatchAppendReq) => {
      this.requests.push({ request, call });
      this.onRequest(request, call);
    });
  }
}

const idOf = (request: BatchAppendReq) => request.getCorrelationId()!.getString();
const done = (id: string, revision: number) =>
  new BatchAppendResp()
    .setCorrelationId(new UUID().setString(id))
    .setSuccess(new BatchAppendResp.Success().setCurrentRevision(String(revision)));
const revisionOf = (request: BatchAppendReq) => Number(request.getOptions()!.getStreamPosition()) + 1;

describe('the appends of a client', () => {
  let store: ScriptedStore;
  let url: string;
  const clients: EventStoreDBClient[] = [];
  const open = () => {
    const client = EventStoreDBClient.connectionString(url);
    clients.push(client);
    return new AppendStream(client);
  };
  const event = () => ({ id: randomUUID(), type: 'a.b', data: Buffer.from('{}'), metadata: Buffer.from('{}') });
  const append = (stream: AppendStream, expected: number, deadlineMs = 20_000) =>
    stream.append(`s-${expected}`, expected, [event()], deadlineMs);

  beforeEach(async () => {
    store = new ScriptedStore();
    url = await store.start();
  });
  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.dispose()));
    store.stop();
  });

  it('share a call, and each gets its own answer, whatever their order', async () => {
    const held: BatchAppendReq[] = [];
    store.onRequest = (request, call) => {
      held.push(request);
      if (held.length === 50) for (const one of held.reverse()) call.write(done(idOf(one), revisionOf(one)));
    };
    const stream = open();
    const answers = await Promise.all(Array.from({ length: 50 }, (_, n) => append(stream, n)));
    expect(answers.map(({ revision }) => revision)).toEqual(Array.from({ length: 50 }, (_, n) => n + 1));
    expect(store.calls).toHaveLength(1);
  });

  it('all arrive, whatever goes out in one write', async () => {
    store.onRequest = (request, call) => call.write(done(idOf(request), revisionOf(request)));
    const stream = open();
    const data = Buffer.from(JSON.stringify('x'.repeat(100_000)));
    const large = (expected: number) => stream.append(`s-${expected}`, expected, [{ ...event(), data }], 20_000);
    const answers = await Promise.all([large(0), append(stream, 1), large(2), large(3), append(stream, 4), large(5)]);
    expect(answers.map(({ revision }) => revision)).toEqual([1, 2, 3, 4, 5, 6]);
    const sizes = store.requests.map(({ request }) => request.getProposedMessagesList()[0]!.getData_asU8().length);
    expect(sizes).toEqual([100_002, 2, 100_002, 100_002, 2, 100_002]);
  });

  it('outlive answers that come twice, late, or for nobody', async () => {
    const stream = open();
    store.onRequest = (request, call) => call.write(done(idOf(request), revisionOf(request)));
    await append(stream, 0); // the call is open: what comes too late has been sent
    store.onRequest = () => {};
    const late = append(stream, 1, 100);
    await expect(late).rejects.toMatchObject({ kind: 'unavailable', code: 'eventstore.timeout' });
    await until(() => store.requests.length === 2, { what: 'it has arrived' });
    store.onRequest = (request, call) => {
      for (const id of [store.idOf(1), randomUUID(), 'no uuid', idOf(request), idOf(request)]) {
        call.write(done(id, revisionOf(request)));
      }
    };
    await expect(append(stream, 2)).resolves.toMatchObject({ revision: 3 });
    await expect(append(stream, 3)).resolves.toMatchObject({ revision: 4 });
    expect(store.calls).toHaveLength(1);
  });

  it('do not know their outcome when the call breaks; the next ones open another', async () => {
    const [broken, other] = [open(), open()];
    const outcomes = Promise.allSettled([append(broken, 1), append(broken, 2)]);
    const elsewhere = append(other, 7);
    await until(() => store.requests.length === 3, { what: 'all three arrived' });
    const [ofElsewhere, ofBroken] = [store.callOf(7), store.callOf(1)];
    store.onRequest = (request, call) => call.write(done(idOf(request), revisionOf(request)));
    ofBroken.emit('error', Object.assign(new Error('broken'), { code: status.UNAVAILABLE, details: 'broken' }));
    const unknown = expect.objectContaining({ kind: 'unavailable', code: 'eventstore.unavailable' });
    expect(await outcomes).toEqual(Array(2).fill({ status: 'rejected', reason: unknown }));
    ofElsewhere.write(done(store.idOf(7), 8));
    await expect(elsewhere).resolves.toMatchObject({ revision: 8 });
    await expect(append(broken, 3)).resolves.toMatchObject({ revision: 4 });
    expect(store.calls).toHaveLength(3);
  });

  it('are bounded', async () => {
    const stream = open();
    const waiting = Array.from({ length: appendsInFlightMax }, (_, n) => append(stream, n, 3_000));
    const outcomes = Promise.allSettled(waiting);
    await expect(append(stream, 0)).rejects.toMatchObject({ kind: 'unavailable', code: 'eventstore.busy' });
    expect(new Set((await outcomes).map(({ status: is }) => is))).toEqual(new Set(['rejected']));
  });

  it('are refused with the store’s reason', async () => {
    const error = new Status().setCode(2).setMessage('out of paper');
    store.onRequest = (request, call) =>
      call.write(new BatchAppendResp().setCorrelationId(request.getCorrelationId()).setError(error));
    await expect(append(open(), 0)).rejects.toMatchObject({ code: 'eventstore.failed', message: /out of paper/ });
  });
});
