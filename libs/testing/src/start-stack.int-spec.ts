import { connect } from 'nats';
import { Client } from 'pg';
import { EventStore } from '@hark/eventstore';
import { uuid7 } from '@hark/kernel';
import { startStack } from './start-stack';

const refused = async (url: string): Promise<boolean> =>
  connect({ servers: new URL(url).host, reconnect: false, timeout: 1_000 }).then(
    (connection) => connection.close().then(() => false),
    () => true,
  );

describe('a stack', () => {
  it('is empty stores of its own, gone when it is closed', async () => {
    const [one, other] = await Promise.all([startStack(), startStack()]);
    const id = uuid7();
    const [store, otherStore] = [
      EventStore.connect(one.env.EVENTSTORE_URL),
      EventStore.connect(other.env.EVENTSTORE_URL),
    ];
    await store.append('standing', id, 'no-stream', [{ type: 'standing.opened', data: {} }], {
      commandId: id,
      actor: 'anonymous',
      requestId: id,
      correlationId: id,
    });
    expect(await store.read('standing', id)).toHaveLength(1);
    expect(await otherStore.read('standing', id)).toEqual([]);
    await Promise.all([store.close(), otherStore.close()]);

    expect(one.env.HARK_MASTER_KEY).not.toBe(other.env.HARK_MASTER_KEY);
    await Promise.all([one.close(), other.close()]);
    await one.close();
    expect(await refused(one.env.NATS_URL)).toBe(true);
    await expect(new Client(one.env.DATABASE_URL).connect()).rejects.toMatchObject({ code: '3D000' });
  });

  it('starts only what is asked for', async () => {
    const stack = await startStack({ nats: true });
    // Closed first: a store that a failure leaves open would keep the run from ending.
    await stack.close();
    expect(Object.keys(stack.env).sort()).toEqual(['HARK_CHECK_REPLIES', 'HARK_MASTER_KEY', 'NATS_URL']);
  });
});
