import { authSubjects, DeliveryEvent, EndpointView, Page } from '@hark/contracts';
import { EventStore } from '@hark/eventstore';
import { plusMs, uuid7 } from '@hark/kernel';
import { until } from '@hark/testing';
import { AuthStack, Somebody } from '../testing/auth-world.fixture';

describe('an endpoint whose provider says that it is gone', () => {
  let auth: AuthStack;
  let ann: Somebody;
  beforeAll(async () => {
    auth = await AuthStack.start();
    ann = await auth.somebody('ann');
  });
  afterAll(() => auth.close());

  const list = async (locale: 'zh-CN' | 'en' = 'en') =>
    (await ann.ask<Page<EndpointView>>(authSubjects.listEndpoints, {}, { locale })).body.items;
  const add = async (deviceKey: string) =>
    (await ann.ask<EndpointView>(authSubjects.addEndpoint, { kind: 'bark', deviceKey })).body;
  /** The code of the device's latest challenge. */
  const codeOf = async (deviceKey: string, count: number) => {
    const pushes = () => auth.world.barkPushes.filter((push) => push.device_key === deviceKey);
    const push = await until(() => pushes()[count - 1], { what: `code ${count} of ${deviceKey}` });
    return /\d{6}/.exec(String(push.body))![0];
  };
  const verified = async (deviceKey: string) => {
    const { id } = await add(deviceKey);
    await ann.ask(authSubjects.verifyEndpoint, { endpointId: id, code: await codeOf(deviceKey, 1) });
    return id;
  };

  /** What the delivery service writes when a try at the endpoint, begun at `at`, ends so. */
  async function tried(endpointId: string, failure: string, at = auth.now()): Promise<void> {
    const pushId = uuid7();
    const commandId = uuid7();
    const attempt = { attemptId: uuid7(), endpointId, channel: 'bark', at };
    const ids = { appId: uuid7(), ownerId: uuid7(), personId: ann.id, bindingId: uuid7() };
    const seen = { bindingRevision: 0, standingRevision: -1, decision: 'deliver' as const, muted: false, at };
    const events: DeliveryEvent[] = [
      { type: 'delivery.decided', data: { ...ids, ...seen, endpoints: [{ endpointId, kind: 'bark' }] } },
      { type: 'delivery.attempted', data: { ...attempt, dedupeId: pushId, bindingRevision: 0 } },
      { type: 'delivery.failed', data: { ...attempt, class: failure, final: true } },
    ];
    const context = { commandId, requestId: commandId, correlationId: commandId, actor: 'service:delivery' };
    await auth.service.app.get(EventStore).append('delivery', pushId, 'no-stream', events, context);
  }
  const status = async (id: string) => (await list()).find((one) => one.id === id)?.status;

  it('is switched off and says why, and is on again when its person proves it anew', async () => {
    const id = await verified('DeviceThatGoes');
    await until(async () => (await status(id)) === 'verified', { what: 'it is verified' });
    await tried(id, 'RECIPIENT_GONE');
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

  it('stays on for any other failure, and for a try from before it was proven', async () => {
    const id = await verified('DeviceThatStays');
    await tried(id, 'TRANSIENT');
    await tried(id, 'CONFIG');
    await tried(id, 'RECIPIENT_GONE', plusMs(auth.now(), -60_000));
    const other = await verified('DeviceThatGoesToo');
    await tried(other, 'RECIPIENT_GONE'); // comes after them
    await until(async () => (await status(other)) === 'disabled', { what: 'the other is switched off' });
    expect(await status(id)).toBe('verified');
  });
});
