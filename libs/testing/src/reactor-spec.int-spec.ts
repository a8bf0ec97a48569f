import { EventStore, Reactor } from '@hark/eventstore';
import { DomainEvent, uuid5, uuid7 } from '@hark/kernel';
import { stream } from './given-stream';
import { reactorSpec } from './reactor-spec';

type Registered = DomainEvent<'app.registered'>;
const at = '2026-01-05T09:00:00.000Z';
const data = { ownerId: null, name: 'x', redirectUris: [], secretHash: null, verified: false, at };
const registered: Registered = { type: 'app.registered', data };
const opened = { type: 'standing.opened', data: { points: 12, at } };

/** Opens a standing of its own for each app; `wrong`: once more each time it is told. */
const opener = (store: EventStore, wrong: boolean): Reactor<Registered> => ({
  group: 'test.open',
  reactsTo: ['app.registered'],
  react: async ({ id, eventId }) => {
    const { length } = await store.read('standing', id);
    if (length > 0 && !wrong) return;
    const commandId = wrong ? uuid7() : uuid5(eventId, 'open');
    const context = { commandId, requestId: commandId, correlationId: commandId, actor: 'service:test' };
    await store.append('standing', id, length === 0 ? 'no-stream' : length - 1, [opened], context);
  },
});

describe('given, when, then for a reactor', () => {
  const right = reactorSpec((store) => opener(store, false));
  const wrong = reactorSpec((store) => opener(store, true));

  it('holds for one that keeps its promises', async () => {
    const [a, b] = [uuid7(), uuid7()];
    await right.when(stream(a, registered)).thenAppended(stream(a, opened));
    await right.given(stream(b, opened)).when(stream(b, registered)).thenNothing();
  });

  it('fails on events that were not expected, or were expected and are not there', async () => {
    const [a, b] = [uuid7(), uuid7()];
    await expect(right.when(stream(a, registered)).thenNothing()).rejects.toThrow();
    const twice = stream(b, opened, opened);
    await expect(right.when(stream(b, registered)).thenAppended(twice)).rejects.toThrow();
  });

  it('fails on an effect of an event that comes again', async () => {
    const id = uuid7();
    await expect(wrong.when(stream(id, registered)).thenAppended(stream(id, opened))).rejects.toThrow();
  });
});
