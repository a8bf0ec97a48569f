import { randomUUID } from 'node:crypto';
import { persistentSubscriptionToStreamSettingsFromDefaults as toStream, START } from '@eventstore/db-client';
import { ReadReq } from '@eventstore/db-client/generated/persistent_pb';
import { Empty, UUID } from '@eventstore/db-client/generated/shared_pb';
import { StreamsClient } from '@eventstore/db-client/generated/streams_grpc_pb';
import { AppendReq } from '@eventstore/db-client/generated/streams_pb';
import { credentials } from '@grpc/grpc-js';
import { eventually, useStore } from '../../store.fixture';
import { freshName, numbered, TestReader } from '../test-reader.fixture';
import { named, readOptions, useRawGroups } from './raw-groups.fixture';

const store = useStore();
const raw = useRawGroups(store);

async function groupWith(events: number): Promise<{ stream: string; ids: string[] }> {
  const stream = freshName('raw');
  const written = numbered(1, events);
  await store.client.appendToStream(stream, written);
  await store.client.createPersistentSubscriptionToStream(stream, 'g', toStream({ startFrom: START }));
  return { stream, ids: written.map(({ id }) => id) };
}

describe('a reader that answers by itself', () => {
  it('may name ids that nobody holds, in one message with those it holds', async () => {
    const { stream, ids } = await groupWith(3);
    const reader = raw.read(readOptions(stream, 2));
    await eventually(() => reader.seen.length === 2, 'two events');
    reader.ack(randomUUID(), ids[2]!, ids[0]!, ids[0]!);
    await eventually(() => reader.seen.length === 3, 'the third event');
    reader.nack(ReadReq.Nack.Action.RETRY, randomUUID());
    reader.ack(ids[1]!, ids[2]!);
    await eventually(async () => (await raw.info(stream)).getOutstandingMessagesCount() === 0, 'all acks');
    const [connection] = (await raw.info(stream)).getConnectionsList();
    expect([connection?.getAvailableSlots(), connection?.getInFlightMessages()]).toEqual([2, 0]);
    expect([reader.seen, reader.errors]).toEqual([['0/0', '1/0', '2/0'], []]);
    reader.call.cancel();
  });

  it.each([
    ['without an action', ReadReq.Nack.Action.UNKNOWN],
    ['with that action', ReadReq.Nack.Action.RETRY],
  ])('has an event again by a nack %s', async (_, action) => {
    const { stream, ids } = await groupWith(2);
    const reader = raw.read(readOptions(stream, 1));
    await eventually(() => reader.seen.length === 1, 'an event');
    reader.nack(action, ids[0]!);
    await eventually(() => reader.seen.length === 2, 'the event again');
    reader.ack(ids[0]!);
    await eventually(() => reader.seen.length === 3, 'the next event');
    expect(reader.seen).toEqual(['0/0', '0/1', '1/0']);
    reader.call.cancel();
  });

  it('keeps an event when it asks for what nobody knows', async () => {
    const { stream, ids } = await groupWith(2);
    const reader = raw.read(readOptions(stream, 1));
    await eventually(() => reader.seen.length === 1, 'an event');
    reader.nack(9, ids[0]!);
    reader.nack(ReadReq.Nack.Action.RETRY, ids[0]!);
    await eventually(() => reader.seen.length === 2, 'the event again');
    expect(reader.seen).toEqual(['0/0', '0/1']);
    reader.call.cancel();
  });

  it('is given what claims to be JSON byte by byte, and the ordinary client gives it as text', async () => {
    const { stream } = await groupWith(1);
    await appendMalformed(stream, '****');
    const reader = raw.read(readOptions(stream, 5));
    await eventually(() => reader.seen.length === 2, 'two events');
    const record = reader.events[1]?.getEvent();
    expect(record?.getMetadataMap().get('content-type')).toBe('application/json');
    expect(Buffer.from(record?.getData_asU8() ?? []).toString()).toBe('****');
    reader.call.cancel();
    const ordinary = TestReader.onStream(store.client, stream, 'g');
    await ordinary.until(2);
    expect(ordinary.delivered.map(({ event }) => event?.data)).toEqual([{ n: 1 }, '****']);
    await ordinary.subscription.unsubscribe();
  });

  it('is given the position of every event on the event, its record and nowhere else another', async () => {
    const { stream } = await groupWith(1);
    const { position } = await store.client.appendToStream(stream, numbered(2, 2));
    const reader = raw.read(readOptions(stream, 5));
    await eventually(() => reader.seen.length === 2, 'two events');
    const event = reader.events[1];
    const record = event?.getEvent();
    expect([event?.getCommitPosition(), record?.getCommitPosition(), record?.getPreparePosition()]).toEqual(
      Array.from({ length: 3 }, () => String(position?.commit)),
    );
    expect([event?.hasLink(), event?.hasNoPosition(), event?.hasRetryCount()]).toEqual([false, false, true]);
    reader.call.cancel();
  });
});

/** No JSON, though it says so: a call that the ordinary client never makes. */
function appendMalformed(stream: string, data: string): Promise<void> {
  const client = new StreamsClient(store.host, credentials.createInsecure());
  const options = new AppendReq.Options().setStreamIdentifier(named(stream)).setAny(new Empty());
  const proposed = new AppendReq.ProposedMessage().setId(new UUID().setString(randomUUID())).setData(Buffer.from(data));
  proposed.getMetadataMap().set('type', 'Malformed').set('content-type', 'application/json');
  return new Promise((resolve, reject) => {
    const call = client.append((error) => {
      client.close();
      if (error) reject(error);
      else resolve();
    });
    call.write(new AppendReq().setOptions(options));
    call.write(new AppendReq().setProposedMessage(proposed));
    call.end();
  });
}

describe('a reader that is not taken', () => {
  it.each([
    ['no slots', () => readOptions('somewhere', 0)],
    ['fewer than none', () => readOptions('somewhere', -1)],
    ['no group', () => new ReadReq.Options().setGroupName('g').setBufferSize(1)],
    ['nothing', () => undefined],
  ])('asked for %s', async (_, options) => {
    const reader = raw.read(options());
    await eventually(() => reader.errors.length === 1, 'an error');
    expect(reader.errors).toMatchObject([{ code: 2, details: 'Exception was thrown by handler.' }]);
    expect(reader.errors[0]?.metadata.get('exception')).toEqual([]);
  });

  it('is told its trailers', async () => {
    const reader = raw.read(readOptions('somewhere', 1));
    await eventually(() => reader.errors.length === 1, 'an error');
    expect(reader.errors[0]).toMatchObject({
      code: 5,
      details: 'Subscription group g on stream somewhere does not exist.',
    });
    expect(reader.errors[0]?.metadata.getMap()).toMatchObject({
      exception: 'persistent-subscription-does-not-exist',
      'stream-name': 'somewhere',
      'group-name': 'g',
    });
  });
});
