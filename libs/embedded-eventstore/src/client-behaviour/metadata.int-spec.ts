import { randomUUID } from 'node:crypto';
import { NO_STREAM, type StreamMetadata, StreamNotFoundError, WrongExpectedVersionError } from '@eventstore/db-client';
import { Empty, StreamIdentifier, UUID } from '@eventstore/db-client/generated/shared_pb';
import { AppendReq } from '@eventstore/db-client/generated/streams_pb';
import { collect, newEvents, newStream, useStore } from '../store.fixture';

const store = useStore();
const revisions = async (stream: string): Promise<number[]> =>
  (await collect(store.client.readStream(stream))).map(({ event }) => Number(event?.revision));
const streamOf = async (count: number): Promise<string> => {
  const stream = newStream();
  await store.client.appendToStream(stream, newEvents(count));
  return stream;
};
/** Metadata as a text that the client would not write. */
function setText(stream: string, text: string, contentType = 'application/json'): Promise<void> {
  const identifier = new StreamIdentifier().setStreamName(Buffer.from(`$$${stream}`));
  const event = new AppendReq.ProposedMessage().setId(new UUID().setString(randomUUID())).setData(Buffer.from(text));
  event.getMetadataMap().set('type', '$metadata').set('content-type', contentType);
  return new Promise((resolve, reject) => {
    const call = store.raw.append((error) => (error === null ? resolve() : reject(error)));
    call.write(new AppendReq().setOptions(new AppendReq.Options().setStreamIdentifier(identifier).setAny(new Empty())));
    call.write(new AppendReq().setProposedMessage(event));
    call.end();
  });
}

describe('set and got', () => {
  it.each<[string, StreamMetadata]>([
    ['nothing', {}],
    ['one member', { maxAge: 2 }],
    [
      'every member',
      {
        maxAge: 2_000,
        cacheControl: 15,
        truncateBefore: 1,
        maxCount: 12,
        acl: {
          readRoles: ['admin'],
          writeRoles: ['admin', 'ops'],
          deleteRoles: ['$admins'],
          metaReadRoles: ['$all'],
          metaWriteRoles: ['admin'],
        },
      },
    ],
    ['members of its own', { maxCount: 3, kitten: '😾', nested: { list: [1, null, 'ä'] } }],
    ['the largest whole number', { truncateBefore: Number.MAX_SAFE_INTEGER }],
  ])('%s', async (_name, metadata) => {
    const stream = newStream('meta');
    const { nextExpectedRevision } = await store.client.setStreamMetadata(stream, metadata);
    expect(nextExpectedRevision).toBe(0n);
    expect(await store.client.getStreamMetadata(stream)).toMatchObject({ streamName: stream, metadata });
  });

  it('anew replaces all of it, and counts on', async () => {
    const stream = newStream();
    await store.client.setStreamMetadata(stream, { maxCount: 12, turkey: '🦃' }, { expectedRevision: NO_STREAM });
    await store.client.setStreamMetadata(stream, { maxCount: 11 }, { expectedRevision: 0n });
    const { metadata } = await store.client.getStreamMetadata(stream);
    expect(metadata).toEqual({ maxCount: 11 });
    await expect(store.client.setStreamMetadata(stream, {}, { expectedRevision: NO_STREAM })).rejects.toBeInstanceOf(
      WrongExpectedVersionError,
    );
  });

  it('is nothing for a stream that has none, and for one that never was', async () => {
    for (const stream of [await streamOf(1), newStream()]) {
      expect(await store.client.getStreamMetadata(stream)).toEqual({ streamName: stream });
    }
  });

  it('of a metastream is a stream of its own without effect', async () => {
    const stream = await streamOf(3);
    await store.client.setStreamMetadata(stream, { maxCount: 2 });
    await store.client.setStreamMetadata(`$$${stream}`, { truncateBefore: 100 });
    expect(await store.client.getStreamMetadata(stream)).toMatchObject({ metadata: { maxCount: 2 } });
    expect(await revisions(stream)).toEqual([1, 2]);
  });
});

describe('before its stream', () => {
  it('holds for the events that come later', async () => {
    const stream = newStream();
    await store.client.setStreamMetadata(stream, { maxCount: 2 });
    await store.client.appendToStream(stream, newEvents(20), { expectedRevision: NO_STREAM });
    expect(await revisions(stream)).toEqual([18, 19]);
  });

  it('lets a deleted stream begin with its first event', async () => {
    const stream = newStream();
    await store.client.setStreamMetadata(stream, { cacheControl: 10 });
    await store.client.deleteStream(stream, { expectedRevision: NO_STREAM });
    await expect(revisions(stream)).rejects.toBeInstanceOf(StreamNotFoundError);
    await store.client.appendToStream(stream, newEvents(2), { expectedRevision: NO_STREAM });
    expect(await revisions(stream)).toEqual([0, 1]);
  });
});

describe('as a text', () => {
  it.each([
    ['a number with an exponent', '{"$maxCount":1e0}', 3],
    ['an ACL that is a text', '{"$maxCount":1,"$acl":"admin"}', 3],
    ['roles that are numbers', '{"$maxCount":1,"$acl":{"$r":[1]}}', 3],
    ['a flag that is a number', '{"$maxCount":1,"$tmp":1}', 3],
    ['an ACL that is a list', '{"$maxCount":1,"$acl":[]}', 3],
    ['an ACL with a member of its own', '{"$maxCount":1,"$acl":{"$r":"admin","chicken":"admin"}}', 3],
    ['an age that no clock can hold', '{"$maxCount":1,"$maxAge":922337203686}', 3],
    ['the largest age', '{"$maxCount":1,"$maxAge":922337203685,"$cacheControl":1}', 1],
    ['an ACL without members', '{"$maxCount":1,"$acl":{}}', 1],
    ['roles as one text', '{"$maxCount":1,"$acl":{"$r":"admin"}}', 1],
    ['members in another case', '{"$MAXCOUNT":1}', 3],
    ['blanks between members', ' { "$maxCount" : 1 } ', 1],
  ])('%s', async (_name, text, visible) => {
    const stream = await streamOf(3);
    await setText(stream, text);
    expect(await revisions(stream)).toHaveLength(visible);
  });

  it('that is not JSON, or not said to be, hides nothing', async () => {
    const stream = await streamOf(3);
    await setText(stream, '{"$maxCount":1}', 'application/octet-stream');
    expect(await revisions(stream)).toHaveLength(3);
    await setText(stream, '{"$maxCount":1');
    expect(await revisions(stream)).toHaveLength(3);
    await setText(stream, '');
    expect(await revisions(stream)).toHaveLength(3);
    await setText(stream, '{"$maxCount":1}');
    expect(await revisions(stream)).toHaveLength(1);
  });
});
