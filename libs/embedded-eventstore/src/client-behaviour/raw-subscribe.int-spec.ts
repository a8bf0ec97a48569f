import { Empty, StreamIdentifier } from '@eventstore/db-client/generated/shared_pb';
import { ReadReq, type ReadResp } from '@eventstore/db-client/generated/streams_pb';
import { type ClientReadableStream, type ServiceError, status } from '@grpc/grpc-js';
import { eventually, itEmbedded, newEvents, newStream, useStore } from '../store.fixture';

const store = useStore();
const O = ReadReq.Options;
const empty = new Empty();
const { CONFIRMATION, EVENT, CHECKPOINT, CAUGHT_UP } = {
  EVENT: 1,
  CONFIRMATION: 2,
  CHECKPOINT: 3,
  CAUGHT_UP: 8,
};
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const calls: ClientReadableStream<ReadResp>[] = [];
afterEach(() => calls.splice(0).forEach((call) => call.cancel()));

const request = () =>
  new O()
    .setUuidOption(new O.UUIDOption().setString(empty))
    .setNoFilter(empty)
    .setSubscription(new O.SubscriptionOptions());
const named = (name: string) =>
  new O.StreamOptions().setStreamIdentifier(new StreamIdentifier().setStreamName(Buffer.from(name))).setStart(empty);
const filter = (prefix: string) =>
  new O.FilterOptions()
    .setStreamIdentifier(new O.FilterOptions.Expression().setPrefixList([prefix]))
    .setCount(empty)
    .setCheckpointintervalmultiplier(1);

function subscribe(options: ReadReq.Options, callOptions: { deadline?: number } = {}) {
  const heard: ReadResp[] = [];
  const ends: number[] = [];
  const call = store.raw
    .read(new ReadReq().setOptions(options), callOptions)
    .on('data', (message: ReadResp) => heard.push(message))
    .on('error', ({ code }: ServiceError) => ends.push(code))
    .on('end', () => ends.length > 0 || ends.push(status.OK));
  calls.push(call);
  const kinds = () => heard.map((message) => message.getContentCase() as number);
  return { heard, ends, kinds };
}

it('says what it is, then history, then that it is caught up, then what comes', async () => {
  const stream = newStream();
  await store.client.appendToStream(stream, newEvents(2));
  const structured = new O.UUIDOption().setStructured(empty);
  const { heard, kinds } = subscribe(request().setStream(named(stream)).setUuidOption(structured));
  await eventually(() => heard.length === 4);
  await store.client.appendToStream(stream, newEvents(1));
  await eventually(() => heard.length === 5);
  expect(kinds()).toEqual([CONFIRMATION, EVENT, EVENT, CAUGHT_UP, EVENT]);
  expect(heard[0]?.getConfirmation()?.getSubscriptionId()).toMatch(uuid);
  expect(heard[4]?.getEvent()?.getEvent()?.getId()?.hasStructured()).toBe(true);
});

it('gives each subscription an id of its own', async () => {
  const subscriptions = [1, 2, 3].map(() => subscribe(request().setStream(named(newStream()))));
  await eventually(() => subscriptions.every(({ heard }) => heard.length === 2));
  const ids = subscriptions.map(({ heard }) => heard[0]?.getConfirmation()?.getSubscriptionId());
  expect(new Set(ids).size).toBe(3);
});

// Elsewhere others write as well, and a real server's checkpoints name other positions.
itEmbedded('puts a checkpoint behind the event that it names, alike in commit and prepare', async () => {
  const stream = newStream('checked');
  await store.client.appendToStream(stream, newEvents(3));
  const wanted = filter(stream).setMax(1);
  const { heard, kinds } = subscribe(request().setAll(new O.AllOptions().setStart(empty)).setFilter(wanted));
  await eventually(() => kinds().includes(CAUGHT_UP));
  await store.client.appendToStream(stream, newEvents(2));
  await eventually(() => kinds().filter((kind) => kind === EVENT).length === 5 && kinds().at(-1) === CHECKPOINT);
  const afterFirst = heard.slice(kinds().indexOf(EVENT));
  const told = afterFirst.map((message) => {
    const { commitPosition } = message.getEvent()?.toObject() ?? message.getCheckpoint()?.toObject() ?? {};
    return commitPosition;
  });
  const caughtUpAt = afterFirst.findIndex((message) => message.hasCaughtUp());
  expect(caughtUpAt).toBe(6);
  for (const n of [0, 2, 4, 7, 9]) {
    expect(afterFirst[n]?.hasEvent()).toBe(true);
    expect(afterFirst[n + 1]?.getCheckpoint()?.getPreparePosition()).toBe(told[n + 1]);
    expect(told[n + 1]).toBe(told[n]);
  }
});

it.each([
  [
    'a multiplier as large as the wire allows',
    () => filter('any').setMax(32).setCheckpointintervalmultiplier(0xffffffff),
  ],
  ['a window as large as the wire allows', () => filter('any').setMax(0xffffffff)],
])('takes %s', async (_name, wanted) => {
  const all = new O.AllOptions().setEnd(empty);
  const { kinds } = subscribe(request().setAll(all).setFilter(wanted()));
  await eventually(() => kinds().length === 2);
  await store.client.appendToStream(newStream('any'), newEvents(1));
  await eventually(() => kinds().length === 3);
  expect(kinds()).toEqual([CONFIRMATION, CAUGHT_UP, EVENT]);
});

it.each<[string, () => ReadReq.Options, status]>([
  [
    'commit before prepare',
    () =>
      request().setAll(new O.AllOptions().setPosition(new O.Position().setCommitPosition('1').setPreparePosition('2'))),
    status.UNKNOWN,
  ],
  [
    'a multiplier of nought',
    () =>
      request().setAll(new O.AllOptions().setStart(empty)).setFilter(filter('a').setCheckpointintervalmultiplier(0)),
    status.UNKNOWN,
  ],
  ['a nameless stream', () => request().setStream(named('')), status.UNKNOWN],
  [
    'no place in its stream',
    () => request().setStream(new O.StreamOptions().setStreamIdentifier(named('s').getStreamIdentifier())),
    status.UNKNOWN,
  ],
])('refuses %s before it confirms', async (_name, options, code) => {
  const { heard, ends } = subscribe(options());
  await eventually(() => ends.length > 0);
  expect([heard, ends]).toEqual([[], [code]]);
});

it('ends at the deadline of its call, and only then', async () => {
  const stream = newStream();
  const { kinds, ends } = subscribe(request().setStream(named(stream)), { deadline: Date.now() + 5_000 });
  await eventually(() => kinds().length === 2);
  await store.client.appendToStream(stream, newEvents(1));
  await eventually(() => ends.length > 0);
  expect([kinds(), ends]).toEqual([[CONFIRMATION, CAUGHT_UP, EVENT], [status.DEADLINE_EXCEEDED]]);
});

it('lets go of calls that are cancelled, however many', async () => {
  const stream = newStream();
  for (let round = 1; round <= 4; round += 1) {
    const all = Array.from({ length: 90 }, () => subscribe(request().setStream(named(stream))));
    await eventually(() => all.every(({ kinds }) => kinds().at(-1) === CAUGHT_UP));
    calls.splice(0).forEach((call) => call.cancel());
    await store.client.appendToStream(stream, newEvents(1));
    await eventually(() => all.every(({ ends }) => ends[0] === status.CANCELLED));
    expect(all.every(({ kinds }) => kinds().length === round + 1)).toBe(true);
  }
});
