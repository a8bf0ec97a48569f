import { complaintsSubjects, HubHealth, ParkedEventsView, ReplayReply } from '@hark/contracts';
import { EventStore } from '@hark/eventstore';
import { uuid7 } from '@hark/kernel';
import { operator, refusal, until } from '@hark/testing';
import { ComplaintsWorld, others } from '../testing/complaints-world.fixture';

const group = 'complaints.open-standing';

describe('the health of the hub, and what reactors gave up', () => {
  let world: ComplaintsWorld;
  const by = operator();
  beforeAll(async () => {
    world = await ComplaintsWorld.start();
    await world.app();
    // No such time: the standing that it would open is refused by its schema, and the reactor gives the event up.
    const app = { ownerId: uuid7(), name: 'Marker', redirectUris: [], secretHash: 'x', verified: false, at: 'never' };
    const careless = EventStore.connect(world.harness.env.EVENTSTORE_URL);
    const commandId = uuid7();
    const context = { commandId, requestId: commandId, correlationId: commandId, actor: 'service:test' };
    await careless.append('app', uuid7(), 'no-stream', [{ type: 'app.registered', data: app }], context);
    await careless.close();
    await until(async () => (await parked()).items.length === 1, { what: 'the event is parked' });
  });
  afterAll(() => world.close());

  const parked = async (asked: object = {}) =>
    (await world.ask<ParkedEventsView>(complaintsSubjects.listParked, asked, { caller: by })).body;
  const health = async () => (await world.ask<HubHealth>(complaintsSubjects.getHealth, {})).body;

  it('tells of the services that answer, and names those that do not', async () => {
    // Also its own word is not waited for: a process that stands still for seconds counts as silent.
    const told = async () => {
      const whole = await health();
      return whole.services.length > 0 ? whole : undefined;
    };
    const { services, silent, events, providers } = await until(told, { what: 'the service tells of itself' });
    expect(silent).toEqual(['auth', 'intake', 'moderation', 'delivery']);
    expect(services).toMatchObject([{ service: 'complaints', away: [], refusing: [] }]);
    const [{ tables, groups, queues }] = services as [HubHealth['services'][number]];
    expect(tables!.map(({ table }) => table)).toContain('complaints.complaints');
    expect(groups).toContainEqual(expect.objectContaining({ group, parked: 1, readers: 1 }));
    expect(queues!.map(({ queue }) => queue)).toContain('proposed-bans');
    expect(events.types).toContainEqual({ type: 'app.registered', count: 2 });
    expect(events.count).toBeGreaterThan(2);
    expect(providers).toEqual([]);
  });

  it('shows what a group gave up without anybody’s words, and records the look', async () => {
    const [item] = (await parked({ group })).items;
    expect(item).toMatchObject({ group, number: 0, reason: 'event.invalid', type: 'app.registered', revision: 0 });
    expect(item!.stream).toMatch(/^app-/);
    expect(JSON.stringify(item)).not.toContain('Marker');
    expect(await parked()).toEqual({ items: [item] });
    expect((await parked({ group: 'complaints.penalize-owner' })).items).toEqual([]);
    const looks = await world.dataOfAll<{ group?: string; operatorId: string }>('audit_look');
    expect(looks).toContainEqual(expect.objectContaining({ group, operatorId: by.userId }));
  });

  it('gives a group its events again, and records who asked first', async () => {
    const asked = { group, below: 1 };
    const { id } = (await world.ask<ReplayReply>(complaintsSubjects.replayParked, asked, { caller: by })).body;
    expect(await world.events('replay', id)).toMatchObject([
      { type: 'replay.asked', data: { operatorId: by.userId, group, below: 1 } },
    ]);
    // It fails again and is parked under the next number.
    await until(async () => (await parked()).items[0]?.number === 1, { what: 'it is parked again' });
  });

  it('is for operators, of groups that there are', async () => {
    const { getHealth, listParked, replayParked } = complaintsSubjects;
    for (const caller of others) {
      for (const subject of [getHealth, listParked, replayParked])
        expect(await refusal(world.ask(subject, { group }, { caller }))).toMatch(/required$/);
    }
    for (const subject of [listParked, replayParked]) {
      expect(await refusal(world.ask(subject, { group: 'complaints.nobody' }))).toBe('park.unknown-group');
      expect(await refusal(world.ask(subject, { group: '$all' }))).toBe('request.invalid');
    }
    expect(await refusal(world.ask(replayParked, { group, below: -1 }))).toBe('request.invalid');
    expect(await refusal(world.ask('complaints.tell-health', {}, { caller: by }))).toBe('role.required');
  });
});
