import { randomUUID } from 'node:crypto';
import { HarkError } from '@hark/kernel';
import { tempStore, until } from '@hark/testing';
import { CommandContext } from './command-context';
import { EventStore } from './event-store';
import { ParkedEvents } from './parked-events';
import { ReactorRunner } from './reactor-runner';
import { RecordedEvent } from './recorded-event';

const group = 'test.break';

describe('parked events', () => {
  let server: Awaited<ReturnType<typeof tempStore>>;
  let store: EventStore;
  let runner: ReactorRunner;
  let parked: ParkedEvents;
  let broken = true;
  const seen: string[] = [];
  const ids = [1, 2, 3].map(() => randomUUID());

  beforeAll(async () => {
    server = await tempStore();
    store = EventStore.connect(server.url);
    parked = new ParkedEvents(store.client);
    const reactor = {
      group,
      reactsTo: ['note.written'],
      concurrency: 1,
      async react({ id }: RecordedEvent): Promise<void> {
        if (broken) throw new HarkError('refused', 'note.broken', 'it cannot be read');
        seen.push(id);
      },
    };
    runner = new ReactorRunner(store, [reactor]);
    for (const [index, id] of ids.entries())
      await store.append('note', id, 'no-stream', [{ type: 'note.written', data: { index } }], context());
    runner.start();
    await until(async () => (await parked.groups()).some(({ parked }) => parked === 3), {
      what: 'three events are parked',
    });
  });
  afterAll(async () => {
    await runner.stop();
    await store.close();
    await server.close();
  });

  const context = (): CommandContext => ({
    commandId: randomUUID(),
    actor: 'user:u',
    requestId: 'r-1',
    correlationId: 'r-1',
  });

  it('are counted by group and told with number, reason, place and request', async () => {
    expect(await parked.groups()).toEqual([{ group, parked: 3 }]);
    expect(await parked.of(group)).toEqual(
      ids.map((id, index) => ({
        number: index,
        parkedAt: expect.stringMatching(/^\d{4}-/),
        reason: 'note.broken',
        type: 'note.written',
        where: `note-${id}@0`,
        requestId: 'r-1',
        data: { index },
      })),
    );
  });

  it('can be discarded up to a number, and who did so and why is kept', async () => {
    await parked.discard(group, 1, 'ops', 'the note was a test');
    expect(await parked.groups()).toEqual([{ group, parked: 2 }]);
    expect((await parked.of(group)).map(({ number }) => number)).toEqual([1, 2]);
    const { metadata } = await store.client.getStreamMetadata(`$persistentsubscription-$all::${group}-parked`);
    expect(metadata).toMatchObject({ discardedBy: 'ops', discardedWhy: 'the note was a test' });
  });

  it('can be replayed, those below a number or all of them', async () => {
    broken = false;
    await parked.replay(group, 2);
    await until(() => seen.length === 1, { what: 'the one below 2 is handled' });
    await parked.replay(group, undefined);
    await until(() => seen.length === 2, { what: 'the last one is handled' });
    expect(seen).toEqual(ids.slice(1));
    expect(await parked.of(group)).toEqual([]);
    expect(await parked.groups()).toEqual([{ group, parked: 0 }]);
  });

  it('of a group that there is not are an error which names those there are', async () => {
    await expect(parked.of('test.brake')).rejects.toMatchObject({
      code: 'park.unknown-group',
      message: expect.stringContaining(group),
    });
  });
});
