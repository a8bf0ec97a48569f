import { randomUUID } from 'node:crypto';
import { Empty, StreamIdentifier, UUID } from '@eventstore/db-client/generated/shared_pb';
import {
  AppendReq,
  type AppendResp,
  DeleteReq,
  ReadReq,
  type ReadResp,
  TombstoneReq,
} from '@eventstore/db-client/generated/streams_pb';
import { Client, type ClientWritableStream, credentials, type ServiceError, status } from '@grpc/grpc-js';
import { newEvents, newStream, useStore } from './store.fixture';

const store = useStore();
const identifier = (stream: string) => new StreamIdentifier().setStreamName(Buffer.from(stream));
const trailersOf = (error: ServiceError) => {
  const { exception, ...rest } = error.metadata.getMap();
  return {
    exception,
    ...Object.fromEntries(
      Object.entries(rest).filter(([key]) => /^(stream|expected|actual|maximum|required)-/.test(key)),
    ),
  };
};

/** Sends messages as one append and gives the refusal. */
function refusedAppend(messages: AppendReq[]): Promise<ServiceError> {
  return new Promise((resolve, reject) => {
    const call: ClientWritableStream<AppendReq> = store.raw.append(
      (error: ServiceError | null, answer?: AppendResp) => {
        if (error === null) reject(new Error(`not refused: ${JSON.stringify(answer?.toObject())}`));
        else resolve(error);
      },
    );
    for (const message of messages) call.write(message);
    call.end();
  });
}
const options = (stream = newStream()) =>
  new AppendReq().setOptions(new AppendReq.Options().setStreamIdentifier(identifier(stream)).setAny(new Empty()));
function proposed(id: string, properties: Record<string, string>, data = Buffer.from('{}')): AppendReq {
  const message = new AppendReq.ProposedMessage().setId(new UUID().setString(id)).setData(data);
  for (const [key, value] of Object.entries(properties)) message.getMetadataMap().set(key, value);
  return new AppendReq().setProposedMessage(message);
}
const json = { type: 't', 'content-type': 'application/json' };

describe('append', () => {
  const missing = {
    exception: 'missing-required-metadata-property',
    'required-metadata-properties': 'type,content-type',
  };
  it.each<[string, () => AppendReq[], status, object]>([
    ['no options', () => [proposed(randomUUID(), json)], status.UNKNOWN, {}],
    ['options twice', () => [options(), options()], status.UNKNOWN, {}],
    ['nothing at all', () => [], status.UNKNOWN, {}],
    [
      'no expected version',
      () => [new AppendReq().setOptions(new AppendReq.Options().setStreamIdentifier(identifier('s')))],
      status.INVALID_ARGUMENT,
      {},
    ],
    ['no type', () => [options(), proposed(randomUUID(), { 'content-type': 'a/b' })], status.INVALID_ARGUMENT, missing],
    ['no content type', () => [options(), proposed(randomUUID(), { type: 't' })], status.INVALID_ARGUMENT, missing],
    ['an empty type', () => [options(), proposed(randomUUID(), { ...json, type: '' })], status.UNKNOWN, {}],
    ['an id that is none', () => [options(), proposed('x', json)], status.UNKNOWN, {}],
    ['an id of zeros', () => [options(), proposed('00000000-0000-0000-0000-000000000000', json)], status.UNKNOWN, {}],
    ['a nameless stream', () => [options(''), proposed(randomUUID(), json)], status.UNKNOWN, {}],
    ['the stream $$', () => [options('$$'), proposed(randomUUID(), json)], status.UNKNOWN, {}],
    [
      'too much',
      () => [options(), ...Array.from({ length: 3 }, () => proposed(randomUUID(), json, Buffer.alloc(400_000)))],
      status.INVALID_ARGUMENT,
      { exception: 'maximum-append-size-exceeded', 'maximum-append-size': '1048576' },
    ],
  ])('with %s', async (_name, messages, code, trailers) => {
    const error = await refusedAppend(messages());
    expect(error.code).toBe(code);
    expect(trailersOf(error)).toEqual(trailers);
  });

  it('to a tombstoned stream with a name beyond ASCII', async () => {
    const stream = `${newStream()} ä`;
    await store.client.tombstoneStream(stream);
    const error = await refusedAppend([options(stream), proposed(randomUUID(), json)]);
    expect(error).toMatchObject({ code: status.FAILED_PRECONDITION, details: `Event stream '${stream}' is deleted.` });
    expect(trailersOf(error)).toEqual({ exception: 'stream-deleted', 'stream-name': stream.replace('ä', '%C3%A4') });
  });

  it('takes a message larger than the default of gRPC before it says too much', async () => {
    const error = await refusedAppend([options(), proposed(randomUUID(), json, Buffer.alloc(5_000_000))]);
    expect(trailersOf(error)).toMatchObject({ exception: 'maximum-append-size-exceeded' });
  });

  it('refuses a message beyond 16 MiB by its size alone', async () => {
    const error = await refusedAppend([options(), proposed(randomUUID(), json, Buffer.alloc(16_800_000))]);
    expect(error.code).toBe(status.RESOURCE_EXHAUSTED);
    await store.client.appendToStream(newStream(), newEvents(1));
  });
});

describe('delete and tombstone', () => {
  const refusal = (run: (done: (error: ServiceError | null) => void) => unknown): Promise<ServiceError | null> =>
    new Promise((resolve) => run(resolve));

  it('write all trailers of a wrong version', async () => {
    const stream = newStream();
    await store.client.appendToStream(stream, newEvents(3));
    const set = <O extends DeleteReq.Options | TombstoneReq.Options>(o: O): O => {
      o.setStreamIdentifier(identifier(stream));
      o.setNoStream(new Empty());
      return o;
    };
    const errors = [
      await refusal((done) => store.raw.delete(new DeleteReq().setOptions(set(new DeleteReq.Options())), done)),
      await refusal((done) =>
        store.raw.tombstone(new TombstoneReq().setOptions(set(new TombstoneReq.Options())), done),
      ),
    ];
    for (const error of errors) {
      expect(error?.code).toBe(status.FAILED_PRECONDITION);
      expect(error?.details).toMatch(
        /^Delete failed due to WrongExpectedVersion\. Stream: .*, Expected version: -1, Actual version: 2/,
      );
      expect(trailersOf(error!)).toEqual({
        exception: 'wrong-expected-version',
        'stream-name': stream,
        'expected-version': '-1',
        'actual-version': '2',
      });
    }
  });

  it('need an expected version and a name', async () => {
    const nothing = await refusal((done) => store.raw.delete(new DeleteReq(), done));
    expect(nothing?.code).toBe(status.INVALID_ARGUMENT);
    const unnamed = new DeleteReq.Options().setAny(new Empty());
    expect((await refusal((done) => store.raw.delete(new DeleteReq().setOptions(unnamed), done)))?.code).toBe(
      status.UNKNOWN,
    );
  });
});

describe('read', () => {
  const O = ReadReq.Options;
  const text = () => new O.UUIDOption().setString(new Empty());
  const stream = (name: string) => new O.StreamOptions().setStreamIdentifier(identifier(name)).setStart(new Empty());
  const filter = (multiplier: number) =>
    new O.FilterOptions()
      .setStreamIdentifier(new O.FilterOptions.Expression().setPrefixList(['a']))
      .setCount(new Empty())
      .setCheckpointintervalmultiplier(multiplier);
  const all = () => new O.AllOptions().setStart(new Empty());
  const read = (request: ReadReq.Options): Promise<{ replies: ReadResp[]; error: ServiceError | undefined }> =>
    new Promise((resolve) => {
      const replies: ReadResp[] = [];
      let error: ServiceError | undefined;
      store.raw
        .read(new ReadReq().setOptions(request))
        .on('data', (answer: ReadResp) => replies.push(answer))
        .on('error', (failure: ServiceError) => resolve({ replies, error: (error = failure) }))
        .on('end', () => error ?? resolve({ replies, error }));
    });

  it.each<[string, () => ReadReq.Options, status]>([
    ['nothing', () => new O(), status.INVALID_ARGUMENT],
    [
      'no form of id',
      () => new O().setStream(stream('s')).setCount('1').setNoFilter(new Empty()),
      status.INVALID_ARGUMENT,
    ],
    ['no stream', () => new O().setUuidOption(text()).setCount('1').setNoFilter(new Empty()), status.INVALID_ARGUMENT],
    [
      'no count',
      () => new O().setStream(stream('s')).setUuidOption(text()).setNoFilter(new Empty()),
      status.INVALID_ARGUMENT,
    ],
    [
      'a stream and a filter',
      () => new O().setStream(stream('s')).setUuidOption(text()).setCount('1').setFilter(filter(1)),
      status.INVALID_ARGUMENT,
    ],
    [
      'a subscription backwards',
      () =>
        new O()
          .setStream(stream('s'))
          .setUuidOption(text())
          .setSubscription(new O.SubscriptionOptions())
          .setNoFilter(new Empty())
          .setReadDirection(1),
      status.INVALID_ARGUMENT,
    ],
    [
      'a nameless stream',
      () => new O().setStream(stream('')).setUuidOption(text()).setCount('1').setNoFilter(new Empty()),
      status.UNKNOWN,
    ],
    [
      'an interval of 0',
      () =>
        new O().setAll(all()).setUuidOption(text()).setSubscription(new O.SubscriptionOptions()).setFilter(filter(0)),
      status.UNKNOWN,
    ],
  ])('of %s', async (_name, request, code) => {
    const { error } = await read(request());
    expect(error?.code).toBe(code);
  });

  it('answers a stream that is not there with one message and no error', async () => {
    const name = newStream();
    const { replies, error } = await read(
      new O().setStream(stream(name)).setUuidOption(text()).setCount('1').setNoFilter(new Empty()),
    );
    expect(error).toBeUndefined();
    expect(replies.map((answer) => answer.getContentCase())).toEqual([4]);
  });

  it('writes ids in two halves when asked to, and everything else as the contract says', async () => {
    const name = newStream();
    const [event] = newEvents(1);
    const { position } = await store.client.appendToStream(name, event!);
    const structured = new O.UUIDOption().setStructured(new Empty());
    const { replies } = await read(
      new O().setStream(stream(name)).setUuidOption(structured).setCount('1').setNoFilter(new Empty()),
    );
    const read1 = replies[0]?.getEvent();
    const recorded = read1?.getEvent();
    const halves = recorded?.getId()?.getStructured();
    const hex = (half = '') => BigInt.asUintN(64, BigInt(half)).toString(16).padStart(16, '0');
    expect(hex(halves?.getMostSignificantBits()) + hex(halves?.getLeastSignificantBits())).toBe(
      event!.id.replaceAll('-', ''),
    );
    const at = String(position?.commit);
    expect([read1?.getCommitPosition(), recorded?.getCommitPosition(), recorded?.getPreparePosition()]).toEqual([
      at,
      at,
      at,
    ]);
    expect(recorded?.getMetadataMap().get('content-type')).toBe('application/json');
    expect(recorded?.getMetadataMap().get('created')).toMatch(/^\d{17}$/);
  });

  it('takes a filter in a finite read as well', async () => {
    const name = newStream('finite');
    await store.client.appendToStream(name, newEvents(3));
    const byName = filter(1).setStreamIdentifier(new O.FilterOptions.Expression().setPrefixList([name]));
    const { replies } = await read(new O().setAll(all()).setUuidOption(text()).setCount('2').setFilter(byName));
    expect(replies).toHaveLength(2);
  });
});

describe('what nobody serves', () => {
  it.each(['/event_store.client.users.Users/Create', '/event_store.client.streams.Streams/Nothing', '/no.Such/Thing'])(
    '%s is unimplemented',
    async (path) => {
      const client = new Client(store.host, credentials.createInsecure());
      const bytes = (value: Buffer) => value;
      const error = await new Promise<ServiceError | null>((resolve) => {
        client.makeUnaryRequest(path, bytes, bytes, Buffer.alloc(0), resolve);
      });
      client.close();
      expect(error?.code).toBe(status.UNIMPLEMENTED);
    },
  );

  it('bytes that are no message fail that call alone', async () => {
    const client = new Client(store.host, credentials.createInsecure());
    const bytes = (value: Buffer) => value;
    const path = '/event_store.client.streams.Streams/Delete';
    const error = await new Promise<ServiceError | null>((resolve) => {
      client.makeUnaryRequest(path, bytes, bytes, Buffer.from([0xff, 0xff, 0xff, 0xff, 1]), resolve);
    });
    client.close();
    expect(error).not.toBeNull();
    await store.client.appendToStream(newStream(), newEvents(1));
  });
});
