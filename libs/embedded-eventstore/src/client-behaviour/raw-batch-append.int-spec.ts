import { randomUUID } from 'node:crypto';
import { Empty, StreamIdentifier, UUID, WrongExpectedVersion } from '@eventstore/db-client/generated/shared_pb';
import { BatchAppendReq, BatchAppendResp } from '@eventstore/db-client/generated/streams_pb';
import { Client, type ClientDuplexStream, credentials } from '@grpc/grpc-js';
import { BinaryWriter } from 'google-protobuf';
import { Duration } from 'google-protobuf/google/protobuf/duration_pb';
import { Timestamp } from 'google-protobuf/google/protobuf/timestamp_pb';
import { collect, eventually, newEvents, newStream, useStore } from '../store.fixture';

const store = useStore();
const path = '/event_store.client.streams.Streams/BatchAppend';
let client: Client;
let call: ClientDuplexStream<Uint8Array, BatchAppendResp>;
let replies: BatchAppendResp[];
let end: string | undefined;

// The messages are written as bytes: the generated code has no word for a deadline that is a duration.
beforeEach(() => {
  client = new Client(store.host, credentials.createInsecure());
  const asBytes = (message: Uint8Array) => Buffer.from(message);
  call = client.makeBidiStreamRequest(path, asBytes, (bytes) => BatchAppendResp.deserializeBinary(bytes));
  replies = [];
  end = undefined;
  call
    .on('data', (answer: BatchAppendResp) => replies.push(answer))
    .on('error', (error) => (end = error.message))
    .on('end', () => (end ??= 'end'));
});
afterEach(async () => {
  call.cancel();
  await eventually(() => end !== undefined);
  client.close();
});

const optionsOf = (stream: string) =>
  new BatchAppendReq.Options()
    .setStreamIdentifier(new StreamIdentifier().setStreamName(Buffer.from(stream)))
    .setAny(new Empty());

function event(contentType = 'application/json', id = new UUID().setString(randomUUID())) {
  const message = new BatchAppendReq.ProposedMessage().setId(id).setData(Buffer.from('{}'));
  message.getMetadataMap().set('type', 'raw').set('content-type', contentType);
  return message;
}

const part = (id: string, isFinal: boolean, events = [event()], options?: BatchAppendReq.Options) =>
  new BatchAppendReq()
    .setCorrelationId(new UUID().setString(id))
    .setOptions(options)
    .setProposedMessagesList(events)
    .setIsFinal(isFinal);
const send = (message: BatchAppendReq) => call.write(message.serializeBinary());

/** The message with field 7 of its options, where a duration goes. */
function withDuration(message: BatchAppendReq, options: BatchAppendReq.Options, duration: Duration): Uint8Array {
  const inner = new BinaryWriter();
  inner.writeBytes(7, duration.serializeBinary());
  const outer = new BinaryWriter();
  outer.writeBytes(2, Buffer.concat([options.serializeBinary(), inner.getResultBuffer()]));
  return Buffer.concat([message.serializeBinary(), outer.getResultBuffer()]);
}

const received = (count: number) => eventually(() => replies.length >= count);
const lengthOf = async (stream: string) => (await collect(store.client.readStream(stream))).length;

/** The stream answers one more append, and nothing else came before that answer. */
async function stillAnswers(count: number): Promise<void> {
  const id = randomUUID();
  send(part(id, true, [event()], optionsOf(newStream())));
  await received(count + 1);
  expect(replies.map((answer) => answer.getCorrelationId()?.getString()).indexOf(id)).toBe(count);
  expect(end).toBeUndefined();
}

describe('a deadline that is a duration', () => {
  it.each([
    ['is none', new Duration()],
    ['is negative', new Duration().setSeconds(-1)],
    ['ends before the append does', new Duration().setNanos(150_000_000)],
  ])('and %s is answered as over, once', async (_name, duration) => {
    const [id, stream] = [randomUUID(), newStream()];
    call.write(withDuration(part(id, false), optionsOf(stream), duration));
    await received(1);
    expect(replies[0]?.getError()?.getMessage()).toBe('Timeout');
    send(part(id, true));
    await stillAnswers(1);
    await expect(lengthOf(stream)).rejects.toThrow();
  });

  it.each([
    ['is long enough', new Duration().setSeconds(5)],
    ['is the longest there is', new Duration().setSeconds(315_576_000_000)],
  ])('and %s lets the append in', async (_name, duration) => {
    const [id, stream] = [randomUUID(), newStream()];
    call.write(withDuration(part(id, false), optionsOf(stream), duration));
    send(part(id, true));
    await received(1);
    expect(replies[0]?.hasSuccess()).toBe(true);
    expect(await lengthOf(stream)).toBe(2);
  });
});

it('takes an append without any deadline', async () => {
  send(part(randomUUID(), true, [event()], optionsOf(newStream())));
  await received(1);
  expect(replies[0]?.hasSuccess()).toBe(true);
});

it('takes the options of the first part, whatever later ones say', async () => {
  const [id, stream, other] = [randomUUID(), newStream(), newStream()];
  send(part(id, false, [event()], optionsOf(stream)));
  const over = Timestamp.fromDate(new Date(0));
  send(part(id, false, [event()], optionsOf(other).setDeadline(over)));
  send(part(id, true, [event()], optionsOf(stream)));
  await received(1);
  expect(replies[0]?.getSuccess()?.getCurrentRevision()).toBe('2');
  expect(await lengthOf(stream)).toBe(3);
  await stillAnswers(1);
});

it('takes a correlation id anew once it was answered', async () => {
  const [id, stream] = [randomUUID(), newStream()];
  for (let n = 0; n < 3; n += 1) {
    send(part(id, true, [event()], optionsOf(stream)));
    await received(n + 1);
    expect(replies[n]?.getSuccess()?.getCurrentRevision()).toBe(String(n));
  }
});

it('says in full which version was expected and which is there', async () => {
  const [absent, present] = [newStream(), newStream()];
  await store.client.appendToStream(present, newEvents(3));
  const cases: [BatchAppendReq.Options, object][] = [
    [optionsOf(absent).setStreamExists(new Empty()), { currentNoStream: {}, expectedStreamExists: {} }],
    [optionsOf(absent).setStreamPosition('4'), { currentNoStream: {}, expectedStreamPosition: '4' }],
    [optionsOf(present).setNoStream(new Empty()), { currentStreamRevision: '2', expectedNoStream: {} }],
    [
      optionsOf(present).setStreamPosition('18446744073709551615'),
      { currentStreamRevision: '2', expectedNoStream: {} },
    ],
    [optionsOf(present).setStreamPosition('7'), { currentStreamRevision: '2', expectedStreamPosition: '7' }],
  ];
  for (const [options] of cases) {
    send(part(randomUUID(), true, [event()], options));
    await received(cases.findIndex(([each]) => each === options) + 1);
  }
  const details = replies.map((answer): object => {
    const any = answer.getError()?.getDetails();
    return WrongExpectedVersion.deserializeBinary(any?.getValue_asU8() ?? new Uint8Array()).toObject();
  });
  expect(details).toEqual(cases.map(([, expected]): unknown => expect.objectContaining(expected)));
});

it('takes ids in two halves and in any spelling, and content types other than JSON as bytes', async () => {
  const stream = newStream();
  const halves = new UUID.Structured().setMostSignificantBits('-2').setLeastSignificantBits('1');
  const text = (spelling: string) => new UUID().setString(spelling);
  send(
    part(
      randomUUID(),
      true,
      [
        event('application/json', new UUID().setStructured(halves)),
        event('application/json; charset=utf-8', text('{0F8FAD5B-D9CB-469F-A165-70867728950E}')),
        event('Application/Json', text('0F8FAD5BD9CB469FA16570867728950F')),
        event('', text('(0f8fad5b-d9cb-469f-a165-708677289510)')),
        event('application/x-protobuf'),
      ],
      optionsOf(stream),
    ),
  );
  await received(1);
  const events = (await collect(store.client.readStream(stream))).map((resolved) => resolved.event!);
  expect(events.map(({ isJson }) => isJson)).toEqual([true, false, false, false, false]);
  expect(events.slice(0, 4).map(({ id }) => id)).toEqual([
    'ffffffff-ffff-fffe-0000-000000000001',
    '0f8fad5b-d9cb-469f-a165-70867728950e',
    '0f8fad5b-d9cb-469f-a165-70867728950f',
    '0f8fad5b-d9cb-469f-a165-708677289510',
  ]);
});

it('answers an append of no events', async () => {
  send(part(randomUUID(), true, [], optionsOf(newStream())));
  await received(1);
  expect(replies[0]?.getSuccess()?.hasNoStream()).toBe(true);
});

it('ends after its last answer when the client has said all', async () => {
  const stream = newStream();
  for (let n = 0; n < 20; n += 1) send(part(randomUUID(), true, [event()], optionsOf(stream)));
  send(part(randomUUID(), false, [event()], optionsOf(stream)));
  call.end();
  await eventually(() => end !== undefined);
  expect(end).toBe('end');
  expect(replies).toHaveLength(20);
  expect(await lengthOf(stream)).toBe(20);
});

it('writes an append whole or not at all when the client leaves in the middle of its parts', async () => {
  const stream = newStream();
  const id = randomUUID();
  send(part(id, false, [event(), event()], optionsOf(stream)));
  send(part(randomUUID(), true, [event()], optionsOf(newStream())));
  await received(1);
  call.cancel();
  await eventually(() => end !== undefined);
  await store.client.appendToStream(newStream(), newEvents(1));
  await expect(lengthOf(stream)).rejects.toThrow();
});
