import {
  BACKWARDS,
  binaryEvent,
  END,
  InvalidArgumentError,
  jsonEvent,
  type ReadStreamOptions,
} from '@eventstore/db-client';
import { collect, newEvents, newStream, useStore } from '../store.fixture';

const store = useStore();
const read = (stream: string, options: ReadStreamOptions = {}) => collect(store.client.readStream(stream, options));

it('gives the position that the append answered', async () => {
  const stream = newStream();
  const { position } = await store.client.appendToStream(stream, newEvents(8));
  const [last] = await read(stream, { direction: BACKWARDS, fromRevision: END, maxCount: 1 });
  expect(last?.event?.position).toEqual(position);
  expect(last?.commitPosition).toBe(position?.commit);
});

it('gives the same event through a link as without one', async () => {
  const [target, links] = [newStream(), newStream()];
  await store.client.appendToStream(target, newEvents(4));
  await store.client.appendToStream(links, binaryEvent({ type: '$>', data: Buffer.from(`2@${target}`) }));
  const [direct] = await read(target, { fromRevision: 2n, maxCount: 1 });
  const [linked] = await read(links, { resolveLinkTos: true });
  expect(linked?.event).toEqual(direct?.event);
  expect(direct?.link).toBeUndefined();
  expect(linked?.link).toMatchObject({ type: '$>', streamId: links, revision: 0n, isJson: false });
});

it('follows no link further than once, and no broken one at all', async () => {
  const [target, links, again] = [newStream(), newStream(), newStream('with@in')];
  await store.client.appendToStream(target, newEvents(1));
  await store.client.appendToStream(again, newEvents(1));
  const link = (data: string) => binaryEvent({ type: '$>', data: Buffer.from(data) });
  await store.client.appendToStream(links, [
    link(`0@${target}`),
    link(`0@${links}`),
    link(`0@${again}`),
    link(' +0 @nowhere'),
    link('0'),
    link('0@'),
    link('zero@nowhere'),
    link(''),
    jsonEvent({ type: '$>', data: 'text' }),
  ]);
  const events = await read(links, { resolveLinkTos: true });
  expect(events.map(({ event, link: via }) => [event?.streamId, via?.revision])).toEqual([
    [target, 0n],
    [links, 1n],
    [again, 2n],
    [undefined, 3n],
    [undefined, 4n],
    [undefined, 5n],
    [links, undefined],
    [links, undefined],
    [links, undefined],
  ]);
});

it('is not asked for revisions that cannot be', async () => {
  for (const fromRevision of [-1n, 18_446_744_073_709_551_616n]) {
    expect(() => store.client.readStream('any', { direction: BACKWARDS, fromRevision })).toThrow(InvalidArgumentError);
  }
  const stream = newStream();
  await store.client.appendToStream(stream, newEvents(2));
  // As a wire number the largest one means the end.
  const all = await read(stream, { direction: BACKWARDS, fromRevision: 18_446_744_073_709_551_615n });
  expect(all.map(({ event }) => event?.revision)).toEqual([1n, 0n]);
});

it('tells when an event was written', async () => {
  const stream = newStream();
  const before = Date.now();
  await store.client.appendToStream(stream, newEvents(1));
  const after = Date.now();
  const [first] = await read(stream);
  const created = first?.event?.created.getTime() ?? 0;
  expect(before <= created && created <= after).toBe(true);
});
