import { type EventData, jsonEvent, type Position } from '@eventstore/db-client';
import { Empty, StreamIdentifier } from '@eventstore/db-client/generated/shared_pb';
import { ReadReq, type ReadResp } from '@eventstore/db-client/generated/streams_pb';
import { type ServiceError, status } from '@grpc/grpc-js';
import { itEmbedded, newEvents, newStream, useStore } from '../store.fixture';

const store = useStore();
const O = ReadReq.Options;
const empty = new Empty();
const backwards = 1;
const maxU64 = '18446744073709551615';

const named = (name: string) =>
  new O.StreamOptions().setStreamIdentifier(new StreamIdentifier().setStreamName(Buffer.from(name)));
const at = (commit: bigint, prepare = commit) =>
  new O.AllOptions().setPosition(new O.Position().setCommitPosition(`${commit}`).setPreparePosition(`${prepare}`));
const fromStart = () => new O.AllOptions().setStart(empty);
const fromEnd = () => new O.AllOptions().setEnd(empty);
const text = () => new O.UUIDOption().setString(empty);

/** A complete request for one event of a stream; each case changes what it is about. */
const options = () => new O().setUuidOption(text()).setNoFilter(empty).setCount('100');
const filter = (prefix: string) =>
  new O.FilterOptions()
    .setStreamIdentifier(new O.FilterOptions.Expression().setPrefixList([prefix]))
    .setCount(empty)
    .setCheckpointintervalmultiplier(1);

interface Answer {
  readonly messages: ReadResp[];
  readonly code: number;
}
const read = (request: ReadReq): Promise<Answer> =>
  new Promise((resolve) => {
    const messages: ReadResp[] = [];
    store.raw
      .read(request)
      .on('data', (message: ReadResp) => messages.push(message))
      .on('error', ({ code }: ServiceError) => resolve({ messages, code }))
      .on('end', () => resolve({ messages, code: status.OK }));
  });
const readOptions = (request: ReadReq.Options) => read(new ReadReq().setOptions(request));
const eventsOf = ({ messages }: Answer) => messages.flatMap((message) => message.getEvent()?.getEvent() ?? []);
const revisionsOf = (answer: Answer) => eventsOf(answer).map((event) => Number(event.getStreamRevision()));

const stream = newStream('rawread');
const positions: bigint[] = [];
beforeAll(async () => {
  for (let n = 0; n < 6; n += 1) {
    const { position } = await store.client.appendToStream(stream, newEvents(1));
    positions.push((position as Position).commit);
    await store.client.appendToStream(newStream('between'), newEvents(3));
  }
});

describe('is refused', () => {
  const subscription = () => options().setSubscription(new O.SubscriptionOptions());
  it.each<[string, () => ReadReq.Options, status]>([
    ['without a place in the stream', () => options().setStream(named(stream)), status.UNKNOWN],
    ['without a place in $all', () => options().setAll(new O.AllOptions()), status.UNKNOWN],
    ['with commit before prepare', () => options().setAll(at(1n, 2n)), status.UNKNOWN],
    ['of no events', () => options().setAll(fromStart()).setCount('0'), status.UNKNOWN],
    ['of the stream $$', () => options().setStream(named('$$').setStart(empty)), status.UNKNOWN],
    ['forwards from the end of a stream', () => options().setStream(named(stream).setEnd(empty)), status.UNKNOWN],
    [
      'forwards from a revision that means the end',
      () => options().setStream(named(stream).setRevision(maxU64)),
      status.UNKNOWN,
    ],
    [
      'with a filter that tests nothing',
      () => options().setAll(fromStart()).setFilter(new O.FilterOptions().setCount(empty)),
      status.INVALID_ARGUMENT,
    ],
    [
      'with a filter that has no window',
      () => options().setAll(fromStart()).setFilter(withoutWindow()),
      status.INVALID_ARGUMENT,
    ],
    [
      'as a backwards subscription to $all',
      () => subscription().setAll(fromStart()).setReadDirection(backwards),
      status.INVALID_ARGUMENT,
    ],
    [
      'as a subscription to a stream with a filter',
      () => subscription().setStream(named(stream).setStart(empty)).setFilter(filter('a')),
      status.INVALID_ARGUMENT,
    ],
    [
      'without saying whether it filters',
      () => new O().setUuidOption(text()).setCount('1').setAll(fromStart()),
      status.INVALID_ARGUMENT,
    ],
  ])('%s', async (_name, request, code) => {
    expect(await readOptions(request())).toEqual({ messages: [], code });
  });

  it('without anything', async () => {
    expect(await read(new ReadReq())).toEqual({ messages: [], code: status.UNKNOWN });
  });
});

const withoutWindow = () =>
  new O.FilterOptions()
    .setStreamIdentifier(new O.FilterOptions.Expression().setPrefixList(['a']))
    .setCheckpointintervalmultiplier(1);

describe('with a filter, of $all', () => {
  const ours = () => options().setAll(fromStart()).setFilter(filter(stream));

  it.each<[string, () => ReadReq.Options, number[]]>([
    ['forwards', () => ours(), [0, 1, 2, 3, 4, 5]],
    ['forwards, some', () => ours().setCount('2'), [0, 1]],
    ['forwards from a position', () => ours().setAll(at(positions[2]!)).setCount('2'), [2, 3]],
    ['forwards from the end', () => ours().setAll(fromEnd()), []],
    ['backwards', () => ours().setAll(fromEnd()).setReadDirection(backwards), [5, 4, 3, 2, 1, 0]],
    ['backwards, some', () => ours().setAll(fromEnd()).setReadDirection(backwards).setCount('2'), [5, 4]],
    ['backwards from a position', () => ours().setAll(at(positions[2]!)).setReadDirection(backwards), [1, 0]],
    ['backwards from a position that means the end', () => endPosition(ours()), [5, 4, 3, 2, 1, 0]],
    ['backwards from the start', () => ours().setReadDirection(backwards), []],
    ['with a narrow window', () => ours().setFilter(filter(stream).setMax(1)), [0, 1, 2, 3, 4, 5]],
    ['without a checkpoint interval, which a read has no use for', () => withoutInterval(ours()), [0, 1, 2, 3, 4, 5]],
    ['by event type', () => byType(ours().setAll(at(positions[0]!))), [0, 1, 2, 3, 4, 5]],
    ['that matches nothing', () => ours().setFilter(filter('nothing-begins-like-this')), []],
  ])('reads %s', async (_name, request, expected) => {
    const answer = await readOptions(request());
    expect(answer.code).toBe(status.OK);
    expect(answer.messages.every((message) => message.hasEvent())).toBe(true);
    const mine = eventsOf(answer).filter(
      (event) => Buffer.from(event.getStreamIdentifier()!.getStreamName_asU8()).toString() === stream,
    );
    expect(mine.map((event) => Number(event.getStreamRevision()))).toEqual(expected);
  });

  itEmbedded('takes a position that is no event for a number', async () => {
    const between = await readOptions(ours().setAll(at(positions[2]! + 1n)));
    expect(revisionsOf(between)).toEqual([3, 4, 5]);
    expect(revisionsOf(await readOptions(ours().setAll(at(1n << 62n))))).toEqual([]);
  });

  const withoutInterval = (request: ReadReq.Options) =>
    request.setFilter(filter(stream).setCheckpointintervalmultiplier(0));
  const endPosition = (request: ReadReq.Options) =>
    request
      .setAll(new O.AllOptions().setPosition(new O.Position().setCommitPosition(maxU64).setPreparePosition(maxU64)))
      .setReadDirection(backwards);
  const byType = (request: ReadReq.Options) =>
    request.setFilter(filter('').setEventType(new O.FilterOptions.Expression().setRegex('^count'))).setCount('10000');
});

it('gives ids in two halves unless text is asked for', async () => {
  const request = options().setStream(named(stream).setStart(empty)).setUuidOption(new O.UUIDOption());
  const [event] = eventsOf(await readOptions(request));
  expect(event?.getId()?.hasStructured()).toBe(true);
});

it('counts in unsigned 64-bit numbers', async () => {
  const request = options().setStream(named(stream).setStart(empty)).setCount(maxU64);
  expect(revisionsOf(await readOptions(request))).toEqual([0, 1, 2, 3, 4, 5]);
});

it('sends no positions of the stream, which nobody asked for', async () => {
  const answer = await readOptions(options().setStream(named(stream).setStart(empty)));
  expect(answer.messages.map((message) => message.getContentCase())).toEqual(Array(6).fill(1));
});

it('names the position of the link where there is one, and of the event where there is none', async () => {
  const links = newStream('rawlinks');
  const link = (data: string): EventData => ({
    ...jsonEvent({ type: '$>', data: {} }),
    contentType: 'application/octet-stream',
    data: Buffer.from(data),
  });
  const { position } = await store.client.appendToStream(links, link(`1@${stream}`));
  const { position: broken } = await store.client.appendToStream(links, link('7@nowhere'));
  const answer = await readOptions(options().setStream(named(links).setStart(empty)).setResolveLinks(true));
  const [followed, dangling] = answer.messages.map((message) => message.getEvent());
  const event = followed?.getEvent();
  expect([event?.getCommitPosition(), event?.getPreparePosition()]).toEqual(Array(2).fill(String(positions[1])));
  expect(followed?.getLink()?.getCommitPosition()).toBe(String(position?.commit));
  expect(followed?.getCommitPosition()).toBe(String(position?.commit));
  expect(dangling?.hasEvent()).toBe(false);
  expect(dangling?.getCommitPosition()).toBe(String(broken?.commit));
});
