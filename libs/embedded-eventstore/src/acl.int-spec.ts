import { randomUUID } from 'node:crypto';
import { Empty, UUID } from '@eventstore/db-client/generated/shared_pb';
import { StreamsClient } from '@eventstore/db-client/generated/streams_grpc_pb';
import {
  AppendReq,
  type AppendResp,
  BatchAppendReq,
  type BatchAppendResp,
  DeleteReq,
  TombstoneReq,
} from '@eventstore/db-client/generated/streams_pb';
import { credentials, Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { streamIdentifier } from './codec';
import { describeEmbedded, newStream, useDir } from './store.fixture';

import { type EventStore, startEventStore } from '.';

const newDir = useDir();

/** A store that demands a login, and a client that has it. */
class Guarded {
  private constructor(
    private readonly store: EventStore,
    private readonly raw: StreamsClient,
    private readonly metadata: Metadata,
  ) {}

  static async start(user: string | undefined): Promise<Guarded> {
    const auth = user === undefined ? undefined : { user, password: 'secret' };
    const store = await startEventStore({ dataDir: newDir(), ...(auth && { auth }) });
    const metadata = new Metadata();
    metadata.set('authorization', `Basic ${Buffer.from(`${user}:secret`).toString('base64')}`);
    return new Guarded(store, new StreamsClient(new URL(store.url).host, credentials.createInsecure()), metadata);
  }

  async close(): Promise<void> {
    this.raw.close();
    await this.store.close();
  }

  append(stream: string, type = 'written', data = '{}'): Promise<ServiceError | null> {
    return new Promise((resolve) => {
      const call = this.raw.append(this.metadata, (error: ServiceError | null, _answer?: AppendResp) => resolve(error));
      const message = new AppendReq.ProposedMessage()
        .setId(new UUID().setString(randomUUID()))
        .setData(Buffer.from(data));
      message.getMetadataMap().set('type', type).set('content-type', 'application/json');
      const options = new AppendReq.Options().setStreamIdentifier(streamIdentifier(stream)).setAny(new Empty());
      call.write(new AppendReq().setOptions(options));
      call.end(new AppendReq().setProposedMessage(message));
    });
  }

  /** Stream metadata is an event like any other. */
  setMetadata(stream: string, metadata: string): Promise<ServiceError | null> {
    return this.append(`$$${stream}`, '$metadata', metadata);
  }

  batchAppend(stream: string): Promise<BatchAppendResp> {
    return new Promise((resolve, reject) => {
      const call = this.raw.batchAppend(this.metadata);
      call.on('data', (answer: BatchAppendResp) => {
        resolve(answer);
        call.end();
      });
      call.on('error', reject);
      const options = new BatchAppendReq.Options().setStreamIdentifier(streamIdentifier(stream)).setAny(new Empty());
      const id = new UUID().setString(randomUUID());
      call.write(new BatchAppendReq().setCorrelationId(id).setOptions(options).setIsFinal(true));
    });
  }

  delete(stream: string): Promise<ServiceError | null> {
    const options = new DeleteReq.Options().setStreamIdentifier(streamIdentifier(stream)).setAny(new Empty());
    return new Promise((resolve) => this.raw.delete(new DeleteReq().setOptions(options), this.metadata, resolve));
  }

  tombstone(stream: string): Promise<ServiceError | null> {
    const options = new TombstoneReq.Options().setStreamIdentifier(streamIdentifier(stream)).setAny(new Empty());
    return new Promise((resolve) => this.raw.tombstone(new TombstoneReq().setOptions(options), this.metadata, resolve));
  }
}

function expectDenied(error: ServiceError | null): void {
  expect(error).toMatchObject({ code: status.PERMISSION_DENIED, details: 'Access Denied' });
  expect(error?.metadata.get('exception')).toEqual(['access-denied']);
}

describeEmbedded('the ACL of a stream, with --auth', () => {
  let store: Guarded;
  beforeAll(async () => void (store = await Guarded.start('ada')));
  afterAll(() => store.close());
  const streamWith = async (metadata: string): Promise<string> => {
    const stream = newStream();
    expect(await store.append(stream)).toBeNull();
    expect(await store.setMetadata(stream, metadata)).toBeNull();
    return stream;
  };

  it.each(['{"$acl":{"$w":"bob"}}', '{"$acl":{"$w":["bob","$admins"]}}', '{"$acl":{"$w":[]}}'])(
    '%s refuses both kinds of append, and only those',
    async (metadata) => {
      const stream = await streamWith(metadata);
      expectDenied(await store.append(stream));
      const answer = await store.batchAppend(stream);
      expect(answer.getError()?.getCode()).toBe(status.PERMISSION_DENIED);
      expect(answer.getError()?.getMessage()).toBe('AccessDenied');
      expect(answer.getError()?.getDetails()?.getTypeName()).toBe('event_store.client.AccessDenied');
      expect(answer.getStreamIdentifier()?.getStreamName_asU8()).toEqual(new Uint8Array(Buffer.from(stream)));
      expect(await store.setMetadata(stream, '{}')).toBeNull();
      expect(await store.append(stream)).toBeNull();
    },
  );

  it.each([
    '{"$acl":{"$w":"ada"}}',
    '{"$acl":{"$w":["bob","ada"]}}',
    '{"$acl":{"$w":"$all"}}',
    '{"$acl":{"$r":"bob"}}',
    '{"$acl":{}}',
    '{}',
  ])('%s lets the login write', async (metadata) => {
    const stream = await streamWith(metadata);
    expect(await store.append(stream)).toBeNull();
    expect((await store.batchAppend(stream)).hasSuccess()).toBe(true);
  });

  it.each([
    '{"$acl":{"$w":5}}',
    '{"$acl":{"$w":["bob",5]}}',
    '{"$acl":{"$w":"bob","$d":null}}',
    '{"$acl":{"$w":"bob"},"$maxCount":"5"}',
    '{"$acl":["bob"]}',
    '{"$acl":5}',
    'no JSON',
  ])('%s is malformed and counts as no metadata', async (metadata) => {
    expect(await store.append(await streamWith(metadata))).toBeNull();
  });

  it('keeps deleting by $d, metadata by $mw', async () => {
    const [deletes, metadata] = [await streamWith('{"$acl":{"$d":"bob"}}'), await streamWith('{"$acl":{"$mw":"bob"}}')];
    expectDenied(await store.delete(deletes));
    expectDenied(await store.tombstone(deletes));
    expect(await store.append(deletes)).toBeNull();
    expectDenied(await store.setMetadata(metadata, '{}'));
    expect(await store.append(metadata)).toBeNull();
    expect(await store.delete(metadata)).toBeNull();
  });

  it('lets nobody delete a metastream', async () => {
    const stream = await streamWith('{}');
    expectDenied(await store.delete(`$$${stream}`));
    expectDenied(await store.tombstone(`$$${stream}`));
  });
});

describeEmbedded('an ACL', () => {
  const open: Guarded[] = [];
  afterEach(() => Promise.all(open.splice(0).map((store) => store.close())));

  it.each([
    ['admin', 'bob', true],
    ['ops', '$ops', true],
    ['ops', '$admins', false],
    [undefined, 'bob', true],
  ])('of the login %s for %s allows: %s', async (user, role, allowed) => {
    const store = await Guarded.start(user);
    open.push(store);
    await store.setMetadata('s', JSON.stringify({ $acl: { $w: role, $d: role, $mw: role } }));
    const refusals = [
      await store.append('s'),
      await store.setMetadata('s', '{"$maxCount":1}'),
      await store.delete('s'),
    ];
    expect(refusals.map((error) => error === null)).toEqual([allowed, allowed, allowed]);
  });
});
