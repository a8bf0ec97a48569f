import { AppCase, authSubjects, complaintsSubjects, intakeSubjects, ToldApp, ToldPushes } from '@hark/contracts';
import { uuid7 } from '@hark/kernel';
import { HarkNatsServer } from '@hark/nats';
import { operator, refusal, until } from '@hark/testing';
import { ComplaintsWorld, dayMs, others, RegisteredApp, strangeIds } from '../testing/complaints-world.fixture';

const at = '2026-11-22T09:00:00.000Z';
const bindings = { active: 3, unbound: 1, blocked: 0 };

describe('an app as operators look at it', () => {
  let world: ComplaintsWorld;
  /** Auth and intake, which tell what they know of an app; what they were asked. */
  let services: HarkNatsServer;
  const asked: object[] = [];
  let recipients = 0;
  const latest = [{ id: uuid7(), status: 'blocked' as const, reason: 'moderation.fraud', pushedAt: at }];

  beforeAll(async () => {
    world = await ComplaintsWorld.start();
    const { requests, keys } = world.harness;
    services = new HarkNatsServer({ connection: requests.connection, queue: 'others', callerKey: keys.caller });
    services.addHandler(authSubjects.tellApp, async (data: { appId: string }) => {
      asked.push(data);
      const app = { id: data.appId, name: 'Tickets', ownerId: null, verified: false, deleted: false };
      return { body: { app: { ...app, registeredAt: at }, others: [], bindings } satisfies ToldApp };
    });
    services.addHandler(intakeSubjects.tellPushes, async (data: object) => {
      asked.push(data);
      return { body: { pushes: recipients * 2, recipients, latest } satisfies ToldPushes };
    });
    services.listen(() => {});
    await services.flushed();
  });
  afterAll(async () => {
    await services.close();
    await world.close();
  });
  beforeEach(() => asked.splice(0));

  const read = async (appId: unknown, caller = operator()) =>
    (await world.ask<AppCase>(complaintsSubjects.readApp, { appId }, { caller })).body;
  const dismissed = async (app: RegisteredApp): Promise<string> => {
    const complaintId = await world.complaint(app);
    await world.ask(complaintsSubjects.dismiss, { complaintId });
    return complaintId;
  };
  /** As soon as the table has so many of its complaints. */
  const readWith = (complaints: number, { appId }: RegisteredApp) =>
    until(
      async () => {
        const shown = await read(appId);
        return shown.complaints.length === complaints && shown.complaints.every(({ status }) => status !== 'open')
          ? shown
          : undefined;
      },
      { what: `${complaints} complaints decided on` },
    );

  it('is told with how its owner stands and came to it, what became of its complaints, and how sure the rate of them is', async () => {
    const app = await world.app();
    recipients = 40;
    const [first, second] = [await world.complaint(app, { note: 'Marker-of-a-note' }), await world.complaint(app)];
    await world.uphold(first, 'major');
    await world.uphold(second, 'minor');
    const shown = await readWith(2, app);
    const complainedAt = expect.any(String) as string;
    const pushId = expect.any(String) as string;
    expect(shown).toMatchObject({
      app: { id: app.appId, name: 'Tickets' },
      bindings,
      standing: { points: 8, status: 'good' },
      window: { pushes: 80, recipients: 40, complaints: 2, complainants: 2, rate: { share: 0.05 } },
      complaints: [
        { id: second, pushId, reason: 'spam', status: 'upheld', severity: 'minor', complainedAt },
        { id: first, pushId, reason: 'spam', status: 'upheld', severity: 'major', complainedAt },
      ],
      pushes: latest,
    });
    const { low, high } = shown.window.rate!;
    expect([low > 0.01 && low < 0.05, high > 0.05 && high < 0.2]).toEqual([true, true]);
    expect(shown.standing.history.map(({ event }) => event)).toEqual([
      'standing.penalized',
      'standing.penalized',
      'standing.opened',
    ]);
    // Nobody's words, and not who complained.
    expect(JSON.stringify(shown)).not.toMatch(/Marker-of-a-note|personId|complainantId/);
  });

  it('has no rate where nobody received anything, and counts thirty days', async () => {
    const app = await world.app();
    recipients = 0;
    await world.uphold(await world.complaint(app), 'minor');
    expect((await readWith(1, app)).window).not.toHaveProperty('rate');
    world.passTime(31 * dayMs);
    const later = await read(app.appId);
    // What was complained about before is still listed.
    expect([later.window.complaints, later.window.complainants, later.complaints.length]).toEqual([0, 0, 1]);
    expect(asked.slice(-2)).toContainEqual({ appId: app.appId, since: later.window.since });
    expect(Date.parse(world.now()) - Date.parse(later.window.since)).toBeGreaterThanOrEqual(30 * dayMs);
  });

  it('lists its twenty latest complaints, and none of other apps of the same owner', async () => {
    const ownerId = uuid7();
    const [app, other] = [await world.app(ownerId), await world.app(ownerId)];
    await dismissed(other);
    const ids: string[] = [];
    for (let n = 0; n < 21; n += 1) ids.push(await dismissed(app));
    const { complaints } = await until(
      async () => {
        const shown = await read(app.appId);
        return shown.complaints[0]?.id === ids.at(-1) && shown.complaints[0]?.status === 'dismissed'
          ? shown
          : undefined;
      },
      { what: 'the latest complaint' },
    );
    expect(complaints.map(({ id }) => id)).toEqual(ids.slice(1).reverse());
  });

  it('is for operators, of an app that there is: of others nobody is asked', async () => {
    const { appId } = await world.app();
    for (const caller of others) expect(await refusal(read(appId, caller as never))).toMatch(/required$/);
    for (const strange of strangeIds) expect(await refusal(read(strange))).toBe('app.unknown');
    expect(asked).toEqual([]);
    expect((await read(appId)).app.id).toBe(appId);
    expect(asked).toHaveLength(2);
  });

  it('is not told by halves when a service that knows of it is away', async () => {
    const { appId } = await world.app();
    await services.close();
    expect(await refusal(read(appId))).toMatch(/unavailable/);
  });
});
