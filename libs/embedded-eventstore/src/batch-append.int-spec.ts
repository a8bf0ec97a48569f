import { randomUUID } from 'node:crypto';
import { Empty, StreamIdentifier, UUID } from '@eventstore/db-client/generated/shared_pb';
import { BatchAppendReq, type BatchAppendResp } from '@eventstore/db-client/generated/streams_pb';
import type { ClientDuplexStream } from '@grpc/grpc-js';
import { Timestamp } from 'google-protobuf/google/protobuf/timestamp_pb';
import { collect, eventually, newStream, useStore } from './store.fixture';

const store = useStore();
let call: ClientDuplexStream<BatchAppendReq, BatchAppendResp>;
let replies: BatchAppendResp[];
let errors: Error[];
beforeEach(() => {
  call = store.raw.batchAppend();
  replies = [];
  errors = [];
  call.on('data', (answer: BatchAppendResp) => replies.push(answer)).on('error', (error) => errors.push(error));
});
afterEach(() => {
  call.cancel();
  return eventually(() => errors.length > 0);
});

const identifier = (stream: string) => new StreamIdentifier().setStreamName(Buffer.from(stream));
const deadlineIn = (ms: number) => Timestamp.fromDate(new Date(Date.now() + ms));
const optionsOf = (stream: string, deadline = deadlineIn(10_000)) =>
  new BatchAppendReq.Options().setStreamIdentifier(identifier(stream)).setAny(new Empty()).setDeadline(deadline);

function event(id: string = randomUUID(), properties: Record<string, string> = {}): BatchAppendReq.ProposedMessage {
  const message = new BatchAppendReq.ProposedMessage().setId(new UUID().setString(id)).setData(Buffer.from('{}'));
  const all = { type: 'raw', 'content-type': 'application/json', ...properties };
  for (const [key, value] of Object.entries(all)) if (value !== '-') message.getMetadataMap().set(key, value);
  return message;
}

function part(
  id: string,
  options: BatchAppendReq.Options | undefined,
  isFinal: boolean,
  events = [event()],
): BatchAppendReq {
  return new BatchAppendReq()
    .setCorrelationId(new UUID().setString(id))
    .setOptions(options)
    .setProposedMessagesList(events)
    .setIsFinal(isFinal);
}

const received = (count: number) => eventually(() => replies.length >= count);
const idOf = (answer: BatchAppendResp | undefined) => answer?.getCorrelationId()?.getString();
const errorOf = (answer: BatchAppendResp | undefined) => {
  const error = answer?.getError();
  return error && [error.getCode(), error.getMessage(), error.getDetails()?.getTypeUrl()];
};
const typeUrl = (name: string) => `type.googleapis.com/event_store.client.${name}`;
const lengthOf = async (stream: string): Promise<number> => (await collect(store.client.readStream(stream))).length;

/** Asks once more on the same stream: it still works, and nothing surplus came in between. */
async function stillAnswers(count: number): Promise<void> {
  const id = randomUUID();
  call.write(part(id, optionsOf(newStream()), true));
  await received(count + 1);
  expect(replies).toHaveLength(count + 1);
  expect(idOf(replies.at(-1))).toBe(id);
  expect(errors).toEqual([]);
}

it('puts appends together from parts that are mixed with each other', async () => {
  const [one, two] = [randomUUID(), randomUUID()];
  const [first, second] = [newStream(), newStream()];
  call.write(part(one, optionsOf(first), false, []));
  call.write(part(two, optionsOf(second), false));
  call.write(part(one, undefined, false, [event(), event()]));
  call.write(part(two, undefined, true));
  call.write(part(one, undefined, true));
  await received(2);
  expect(replies.map(idOf).sort()).toEqual([one, two].sort());
  expect(replies.every((answer) => answer.hasSuccess())).toBe(true);
  expect([await lengthOf(first), await lengthOf(second)]).toEqual([3, 2]);
});

it('answers each correlation id once, with its stream', async () => {
  const appends = Array.from({ length: 100 }, () => [randomUUID(), newStream()] as const);
  for (const [id, stream] of appends) call.write(part(id, optionsOf(stream), true));
  await received(appends.length);
  const names = new Map(
    replies.map((answer) => [
      idOf(answer),
      Buffer.from(answer.getStreamIdentifier()?.getStreamName_asU8() ?? []).toString(),
    ]),
  );
  expect(names).toEqual(new Map(appends));
  await stillAnswers(appends.length);
});

it('echoes a structured correlation id', async () => {
  const structured = new UUID.Structured().setMostSignificantBits('-5').setLeastSignificantBits('7');
  call.write(part('', optionsOf(newStream()), true).setCorrelationId(new UUID().setStructured(structured)));
  await received(1);
  expect(replies[0]?.getCorrelationId()?.getStructured()?.toObject()).toEqual(structured.toObject());
});

describe('refuses', () => {
  const bad = [3, 'BadRequest', typeUrl('BadRequest')];
  it.each<[string, () => BatchAppendReq, unknown[]]>([
    ['no expected version', () => part(randomUUID(), optionsOf(newStream()).clearAny() as never, true), bad],
    ['a nameless stream', () => part(randomUUID(), optionsOf(''), true), bad],
    ['the stream $$', () => part(randomUUID(), optionsOf('$$'), true), bad],
    [
      'an event without type',
      () => part(randomUUID(), optionsOf(newStream()), true, [event(undefined, { type: '-' })]),
      bad,
    ],
    ['an empty type', () => part(randomUUID(), optionsOf(newStream()), true, [event(undefined, { type: '' })]), bad],
    [
      'an event without content type',
      () => part(randomUUID(), optionsOf(newStream()), true, [event(undefined, { 'content-type': '-' })]),
      bad,
    ],
    [
      'an id of zeros',
      () => part(randomUUID(), optionsOf(newStream()), true, [event('00000000-0000-0000-0000-000000000000')]),
      bad,
    ],
    ['an id that is none', () => part(randomUUID(), optionsOf(newStream()), true, [event('no uuid')]), bad],
    [
      'a deadline that is over',
      () => part(randomUUID(), optionsOf(newStream(), deadlineIn(-1_000)), true),
      [4, 'Timeout', typeUrl('Timeout')],
    ],
    [
      'more than 1 MiB',
      () => part(randomUUID(), optionsOf(newStream()), true, [event().setData(Buffer.alloc(1_048_577))]),
      [3, 'MaximumAppendSizeExceeded', typeUrl('MaximumAppendSizeExceeded')],
    ],
    [
      'a wrong version',
      () => {
        const options = optionsOf(newStream());
        options.setStreamPosition('4');
        return part(randomUUID(), options, true);
      },
      [6, 'WrongExpectedVersion', typeUrl('WrongExpectedVersion')],
    ],
  ])('%s, and goes on', async (_name, request, expected) => {
    const message = request();
    if (_name === 'no expected version') message.getOptions()?.clearAny();
    call.write(message);
    await received(1);
    expect(errorOf(replies[0])).toEqual(expected);
    expect(replies[0]?.hasStreamIdentifier()).toBe(true);
    await stillAnswers(1);
  });

  it('an append once, however many parts still come', async () => {
    const id = randomUUID();
    const stream = newStream();
    call.write(part(id, optionsOf(stream), false, [event('no uuid')]));
    call.write(part(id, undefined, false));
    call.write(part(id, undefined, true));
    await received(1);
    await stillAnswers(1);
    await expect(lengthOf(stream)).rejects.toThrow();
  });

  it('an append whose end does not come by its deadline, once', async () => {
    const id = randomUUID();
    const stream = newStream();
    call.write(part(id, optionsOf(stream, deadlineIn(300)), false));
    await received(1);
    expect(errorOf(replies[0])).toEqual([4, 'Timeout', typeUrl('Timeout')]);
    call.write(part(id, undefined, true));
    await stillAnswers(1);
    await expect(lengthOf(stream)).rejects.toThrow();
  });
});

it('allows an append 2 seconds at most, whatever its deadline', async () => {
  const begun = Date.now();
  call.write(part(randomUUID(), optionsOf(newStream(), deadlineIn(60_000)), false));
  await received(1);
  expect(errorOf(replies[0])?.[1]).toBe('Timeout');
  expect(Date.now() - begun).toBeGreaterThan(1_500);
});

it('does not answer parts of an append it never heard of', async () => {
  call.write(part(randomUUID(), undefined, true));
  await stillAnswers(0);
});
