import { authSubjects, DeliveryEvent, EndpointView, Page, UserEvent } from '@hark/contracts';
import { FixedClock, uuid7 } from '@hark/kernel';
import { reactorSpec, stream, until } from '@hark/testing';
import { AuthWorld, Somebody } from '../testing/auth-world.fixture';
import { UserStore } from '../user.store';
import { DisableEndpointReactor } from './disable-endpoint.reactor';

type Failed = Extract<DeliveryEvent, { type: 'delivery.failed' }>;

const at = '2026-01-05T09:00:00.000Z';
const before = '2026-01-05T08:59:00.000Z';
const sealed = `v1.${uuid7()}.AAAA.AAAA`;

/** What the delivery service writes when a try at somebody's endpoint, begun at `at`, ends so. */
const tried = (personId: string, endpointId: string, failure: string, at: string): DeliveryEvent[] => {
  const attempt = { attemptId: uuid7(), endpointId, channel: 'bark', at };
  const ids = { appId: uuid7(), ownerId: uuid7(), personId, bindingId: uuid7() };
  const seen = { bindingRevision: 0, standingRevision: -1, decision: 'deliver' as const, muted: false, at };
  return [
    { type: 'delivery.decided', data: { ...ids, ...seen, endpoints: [{ endpointId, kind: 'bark' }] } },
    { type: 'delivery.attempted', data: { ...attempt, dedupeId: 'd', bindingRevision: 0 } },
    { type: 'delivery.failed', data: { ...attempt, class: failure, final: true } },
  ];
};

describe('a failed try at an endpoint', () => {
  const reactor = reactorSpec((store) => new DisableEndpointReactor(store, new UserStore(store), new FixedClock(at)));
  const proven = (endpointId: string): UserEvent[] => [
    {
      type: 'user.registered',
      data: { provider: 'wechat', subject: sealed, subjectHash: 'a'.repeat(64), at: before },
    },
    {
      type: 'user.endpoint-added',
      data: { endpointId, kind: 'bark', address: sealed, addressHash: 'a'.repeat(64), at: before },
    },
    { type: 'user.endpoint-verified', data: { endpointId, at: before } },
  ];

  it('switches it off when its device is gone', async () => {
    const [personId, endpointId, pushId] = [uuid7(), uuid7(), uuid7()];
    const [decided, attempted, failed] = tried(personId, endpointId, 'RECIPIENT_GONE', at);
    await reactor
      .given(stream(personId, ...proven(endpointId)), stream(pushId, decided!, attempted!))
      .when(stream(pushId, failed as Failed))
      .thenAppended(
        stream(personId, { type: 'user.endpoint-disabled', data: { endpointId, reason: 'recipient-gone', at } }),
      );
  });

  it.each([
    ['any other failure', 'TRANSIENT', at],
    ['a hub that is refused', 'CONFIG', at],
    ['a try from before it was proven', 'RECIPIENT_GONE', '2026-01-05T08:58:00.000Z'],
  ])('leaves it on for %s', async (_, failure, triedAt) => {
    const [personId, endpointId, pushId] = [uuid7(), uuid7(), uuid7()];
    const [decided, attempted, failed] = tried(personId, endpointId, failure, triedAt);
    await reactor
      .given(stream(personId, ...proven(endpointId)), stream(pushId, decided!, attempted!))
      .when(stream(pushId, failed as Failed))
      .thenNothing();
  });

  const unfound = '2026-01-04T12:00:00.000Z';
  /** A push that was tried at the given times; each try ended with the reason beside it. */
  const tries = (personId: string, endpointId: string, ...ends: readonly [string, string | undefined][]) =>
    ends.flatMap(([begun, reason], n) => {
      const [decided, attempted] = tried(personId, endpointId, 'TRANSIENT', begun) as [DeliveryEvent, DeliveryEvent];
      const attempt = (attempted as Extract<DeliveryEvent, { type: 'delivery.attempted' }>).data;
      const { dedupeId: _, bindingRevision: _1, ...ids } = attempt;
      const data = { ...ids, class: 'TRANSIENT', ...(reason && { reason }), final: n === ends.length - 1 };
      return [...(n === 0 ? [decided] : []), attempted, { type: 'delivery.failed', data }];
    });
  const provenBefore = (endpointId: string, time: string): UserEvent[] =>
    proven(endpointId).map((event) => ({ ...event, data: { ...event.data, at: time } }) as UserEvent);

  it('switches it off when its server answered 404 for a day', async () => {
    const [personId, endpointId, pushId] = [uuid7(), uuid7(), uuid7()];
    const events = tries(personId, endpointId, [unfound, 'not-found'], [unfound, 'busy'], [at, 'not-found']);
    await reactor
      .given(
        stream(personId, ...provenBefore(endpointId, '2026-01-01T00:00:00.000Z')),
        stream(pushId, ...events.slice(0, -1)),
      )
      .when(stream(pushId, events.at(-1) as Failed))
      .thenAppended(
        stream(personId, { type: 'user.endpoint-disabled', data: { endpointId, reason: 'not-found', at } }),
      );
  });

  it.each([
    [
      '404 for less than that',
      '2026-01-01T00:00:00.000Z',
      [
        [before, 'not-found'],
        [at, 'not-found'],
      ],
    ],
    ['404 once', '2026-01-01T00:00:00.000Z', [[at, 'not-found']]],
    [
      'another answer between',
      '2026-01-01T00:00:00.000Z',
      [
        [unfound, 'not-found'],
        [before, undefined],
        [at, 'not-found'],
      ],
    ],
    [
      '404 since before it was proven',
      before,
      [
        [unfound, 'not-found'],
        [at, 'not-found'],
      ],
    ],
  ] as const)('leaves it on for %s', async (_, provenAt, ends) => {
    const [personId, endpointId, pushId] = [uuid7(), uuid7(), uuid7()];
    const events = tries(personId, endpointId, ...(ends as unknown as [string, string | undefined][]));
    await reactor
      .given(stream(personId, ...provenBefore(endpointId, provenAt)), stream(pushId, ...events.slice(0, -1)))
      .when(stream(pushId, events.at(-1) as Failed))
      .thenNothing();
  });
});

describe('an endpoint whose provider says that it is gone', () => {
  let auth: AuthWorld;
  let ann: Somebody;
  beforeAll(async () => {
    auth = await AuthWorld.start({ HARK_PUBLIC_URL: 'https://hub.example' });
    ann = await auth.somebody('ann');
  });
  afterAll(() => auth.close());

  const list = async (locale: 'zh-CN' | 'en' = 'en') =>
    (await ann.ask<Page<EndpointView>>(authSubjects.listEndpoints, {}, { locale })).body.items;
  const add = async (deviceKey: string) =>
    (await ann.ask<EndpointView>(authSubjects.addEndpoint, { kind: 'bark', deviceKey })).body;
  /** The code of the device's latest challenge. */
  const codeOf = async (deviceKey: string, count: number) => {
    const pushes = () => auth.pushesOf(deviceKey);
    const push = await until(() => pushes()[count - 1], { what: `code ${count} of ${deviceKey}` });
    return /\d{6}/.exec(String(push.body))![0];
  };
  const verified = async (deviceKey: string) => {
    const { id } = await add(deviceKey);
    await ann.ask(authSubjects.verifyEndpoint, { endpointId: id, code: await codeOf(deviceKey, 1) });
    return id;
  };

  const status = async (id: string) => (await list()).find((one) => one.id === id)?.status;

  it('is switched off and says why, and is on again when its person proves it anew', async () => {
    const [id, pushId] = [await verified('DeviceThatGoes'), uuid7()];
    await until(async () => (await status(id)) === 'verified', { what: 'it is verified' });
    for (const events of tried(ann.id, id, 'RECIPIENT_GONE', auth.now())) await auth.append('delivery', pushId, events);
    await until(async () => (await status(id)) === 'disabled', { what: 'it is switched off' });
    const shown = (await list()).find((one) => one.id === id);
    expect(shown).toMatchObject({
      reason: 'recipient-gone',
      detail: expect.stringContaining('no such device') as string,
    });
    expect((await add('DeviceThatGoes')).status).toBe('unverified');
    await ann.ask(authSubjects.verifyEndpoint, { endpointId: id, code: await codeOf('DeviceThatGoes', 2) });
    await until(async () => (await status(id)) === 'verified', { what: 'it is on again' });
    expect((await list()).find((one) => one.id === id)).not.toHaveProperty('reason');
  });

  const tryFails = async (id: string, reason: string, pushId = uuid7()) => {
    const [decided, attempted, failed] = tried(ann.id, id, 'RECIPIENT_GONE', auth.now());
    await auth.append('delivery', pushId, decided!, attempted!, {
      ...failed,
      data: { ...failed!.data, reason },
    } as Failed);
  };
  const seen = (id: string, want: object) =>
    until(
      async () => {
        const found = (await list()).find((one) => one.id === id);
        return found && Object.entries(want).every(([name, value]) => found[name as keyof EndpointView] === value);
      },
      { what: `the endpoint is ${JSON.stringify(want)}` },
    );

  it('proves itself by a signed answer, and is asked again when a try shows that it may be somebody else’s', async () => {
    const [url, secret] = [`${auth.openHooks()}/mine`, `whsec_${'A'.repeat(32)}`];
    const { webhooks } = auth.outside;
    webhooks.sign('/hooks/mine', secret);
    const { id } = (await ann.ask<EndpointView>(authSubjects.addEndpoint, { kind: 'webhook', url, secret })).body;
    await seen(id, { status: 'verified' });
    const answers = async () =>
      (await auth.events('user', ann.id)).filter(({ data }) => 'by' in data && data.by === 'answer');
    expect(await answers()).toMatchObject([{ data: { endpointId: id } }]);

    // Whoever has the address now does not have the secret: only the code, which nobody else can enter, helps.
    webhooks.sign('/hooks/mine');
    await tryFails(id, 'owner-changed');
    await seen(id, { status: 'unverified', reason: 'owner-changed' });
    const second = await until(() => auth.hooks('/mine')[1], { what: 'the second code' });
    const { code } = (second.json as { data: { code: string } }).data;
    expect(await status(id)).toBe('unverified');
    await ann.ask(authSubjects.verifyEndpoint, { endpointId: id, code });
    await seen(id, { status: 'verified' });

    webhooks.sign('/hooks/mine', secret);
    await tryFails(id, 'owner-changed');
    await until(async () => (await answers()).length === 2, { what: 'the third code is answered' });
    await seen(id, { status: 'verified' });
  });

  it('is asked again a year after its last proof, and carries nothing until then', async () => {
    const [asked, used, pushId] = [await verified('DeviceOfLastYear'), await verified('DeviceInUse'), uuid7()];
    await Promise.all([seen(asked, { status: 'verified' }), seen(used, { status: 'verified' })]);
    auth.passTime(200 * 86_400_000);
    const [decided, attempted] = tried(ann.id, used, '', auth.now());
    const { dedupeId: _, bindingRevision: _1, ...attempt } = attempted!.data as never as Record<string, string>;
    const acknowledged = { type: 'delivery.acknowledged', data: { inboxItemId: pushId, at: auth.now() } };
    const sent = { type: 'delivery.sent', data: attempt };
    await auth.append('delivery', pushId, decided!, attempted!, sent, acknowledged);
    const proofs = async () =>
      (await auth.events('user', ann.id)).some(({ data }) => 'by' in data && data.by === 'acknowledgement');
    await until(proofs, { what: 'the proof by use' });
    auth.passTime(166 * 86_400_000);
    await seen(asked, { status: 'unverified', reason: 'proof-due' });
    await ann.ask(authSubjects.verifyEndpoint, { endpointId: asked, code: await codeOf('DeviceOfLastYear', 2) });
    await seen(asked, { status: 'verified' });
    expect(await status(used)).toBe('verified');
    expect(auth.pushesOf('DeviceInUse')).toHaveLength(1);
  });
});
