import { authSubjects, ChangeAppReply, DeliveryEvent } from '@hark/contracts';
import { uuid7 } from '@hark/kernel';
import { WebhookCall } from '@hark/sandbox';
import { until } from '@hark/testing';
import { AuthWorld, Somebody } from '../testing/auth-world.fixture';
import { CallbackWorld, verified } from '../testing/callback-world.fixture';

describe('an app that is called back', () => {
  let world: CallbackWorld;
  let auth: AuthWorld;
  let owner: Somebody;
  let ann: Somebody;
  let hooks: string;
  beforeAll(async () => {
    world = await CallbackWorld.start();
    ({ auth, owner, ann, hooks } = world);
  });
  afterAll(() => world.auth.close());

  it('hears who bound it and who left, signed with its own secret', async () => {
    const { appId, secret } = await world.called('/bound');
    const { bindingId } = await auth.bindTo(appId, ann, 'o-1');
    await world.calls('/bound', 1);
    await ann.ask(authSubjects.unbind, { bindingId });
    const seen = (await world.calls('/bound', 2)).map((call) => verified(auth, secret, call));
    expect(seen.find(({ type }) => type === 'binding.bound')).toMatchObject({
      timestamp: expect.any(String) as string,
      data: { appId, bindingId, openid: 'o-1' },
    });
    expect(seen.find(({ type }) => type === 'binding.unbound')).toMatchObject({
      data: { bindingId, openid: 'o-1', reason: 'requested' },
    });
    const delivered = async () => (await world.listed(appId)).filter(({ status }) => status === 'delivered');
    await until(async () => (await delivered()).length === 2, { what: 'both are listed' });
  });

  it('gives another address another secret, and an old call does not pass for a new one', async () => {
    const { appId, secret } = await world.called('/first');
    const moved = await owner.ask<ChangeAppReply>(authSubjects.changeApp, { appId, callbackUrl: `${hooks}/second` });
    expect(moved.body.callbackSecret).not.toBe(secret);
    const same = await owner.ask<ChangeAppReply>(authSubjects.changeApp, { appId, callbackUrl: `${hooks}/second` });
    expect(same.body).not.toHaveProperty('callbackSecret');
    await owner.ask(authSubjects.testCallback, { appId });
    const [call] = (await world.calls('/second', 1)) as [WebhookCall];
    expect(verified(auth, moved.body.callbackSecret!, call)).toMatchObject({ type: 'callback.test', data: { appId } });
    expect(() => verified(auth, secret, call)).toThrow('forged');
    const changed = { ...call, body: call.body.replace('callback.test', 'binding.bound') };
    expect(() => verified(auth, moved.body.callbackSecret!, changed)).toThrow('forged');
    expect(auth.hooks('/first')).toEqual([]);
    auth.passTime(301_000);
    expect(() => verified(auth, moved.body.callbackSecret!, call)).toThrow('old');
  });

  it('is called again under the same id when it did not take the call, and not when it is gone', async () => {
    const { appId, secret } = await world.called('/status/500/x');
    await owner.ask(authSubjects.testCallback, { appId });
    await world.calls('/status/500/x', 1);
    await until(async () => (await world.listed(appId))[0]?.retryAt, { what: 'it is put off' });
    auth.passTime(6_000);
    const [first, second] = (await world.calls('/status/500/x', 2)) as [WebhookCall, WebhookCall];
    expect(second.headers['webhook-id']).toBe(first.headers['webhook-id']);
    expect(second.body).toBe(first.body);
    expect(verified(auth, secret, second)).toMatchObject({ type: 'callback.test' });
    await until(async () => (await world.listed(appId))[0]?.tries.length === 2, { what: 'both tries are listed' });
    expect((await world.listed(appId))[0]).toMatchObject({
      status: 'pending',
      tries: [{ status: 500, reason: 'answered' }, { status: 500 }],
    });
    await owner.ask(authSubjects.changeApp, { appId, callbackUrl: `${hooks}/status/410/x` });
    auth.passTime(400_000);
    await until(async () => (await world.listed(appId))[0]?.status === 'failed', { what: 'it is given up' });
  });

  it('hears of its owner’s standing', async () => {
    const { appId, secret } = await world.called('/standing');
    await until(
      async () =>
        (await auth.harness.sql(`select from auth.apps where facts ? 'callbackUrl' and app_id = $1`, [appId])).length,
      {
        what: 'the address is in the table',
      },
    );
    const at = auth.now();
    await auth.append('standing', owner.id, {
      type: 'standing.suspended',
      data: { until: '2099-01-01T00:00:00.000Z', at },
    });
    const told = await until(() => auth.hooks('/standing').map((call) => verified(auth, secret, call))[0], {
      what: 'the call',
    });
    expect(told).toMatchObject({
      type: 'standing.changed',
      data: { appId, status: 'suspended', points: 12, until: '2099-01-01T00:00:00.000Z' },
    });
  });

  it('hears how its pushes ended and what people answered, and that they were read only where they allow it', async () => {
    const { appId } = await world.called('/pushes');
    const { bindingId } = await auth.bindTo(appId, ann, 'o-1');
    const ids = { appId, ownerId: owner.id, personId: ann.id, bindingId };
    const content = await auth.vault.seal(ann.id, '{"body":"x"}', 'message');
    const at = auth.now();
    const filed: DeliveryEvent = { type: 'delivery.filed', data: { ...ids, content, pushedAt: at, at } };
    const owed = (outcome: 'delivered' | 'failed' | 'inbox-only' | 'suppressed', reason?: string): DeliveryEvent => {
      const data = { appId, bindingId, outcome, ...(reason !== undefined && { reason }), at };
      return { type: 'delivery.callback-owed', data };
    };
    const [read, acted, failed, muted] = [uuid7(), uuid7(), uuid7(), uuid7()];
    const [late, blocked, notice] = [uuid7(), uuid7(), uuid7()];
    for (const [pushId, ...events] of [
      [read, filed, owed('delivered')],
      [acted, filed, owed('delivered')],
      [failed, filed, owed('failed')],
      [muted, filed, owed('inbox-only', 'muted')],
      [late, owed('suppressed', 'expired')],
    ] as const) {
      await auth.append('delivery', pushId, ...events);
    }
    const contentHash = 'c'.repeat(64);
    const consent = { consentId: uuid7(), bindingRevision: 0 };
    await auth.append('message', blocked, {
      type: 'message.pushed',
      data: { ...ids, ...consent, content, contentHash, priority: 'normal', at },
    });
    const verdict = { ruleVersion: '1', wechat: 'off' as const, at };
    for (const hash of ['d'.repeat(64), contentHash]) {
      const data = { ...verdict, contentHash: hash, label: 'fraud' };
      await auth.append('moderation', blocked, { type: 'moderation.blocked', data });
    }
    // Read before they allowed it, and a notice of the hub itself: not the app's business.
    for (const id of [acted, notice]) await auth.append('inbox_item', id, { type: 'inbox_item.read', data: { at } });
    await auth.append(
      'inbox_item',
      acted,
      { type: 'inbox_item.acknowledged', data: { at } },
      { type: 'inbox_item.action-taken', data: { actionId: 'ok', at } },
    );
    await world.calls('/pushes', 9); // one for the binding
    await ann.ask(authSubjects.changeBinding, { bindingId, readReceipts: true });
    const marks = ['inbox_item.read', 'inbox_item.unread', 'inbox_item.read'] as const;
    for (const type of marks) await auth.append('inbox_item', read, { type, data: { at } });
    await world.calls('/pushes', 10);
    await ann.ask(authSubjects.changeBinding, { bindingId, readReceipts: false });
    await auth.append('inbox_item', failed, { type: 'inbox_item.read', data: { at } });
    await auth.append('inbox_item', failed, { type: 'inbox_item.acknowledged', data: { at } });
    await world.calls('/pushes', 11);
    const told = auth.hooks('/pushes').map(({ body }) => JSON.parse(body) as { type: string; data: object });
    const push = (type: string, pushId: string, more: object = {}) =>
      expect.objectContaining({ type, data: { appId, bindingId, openid: 'o-1', pushId, ...more } }) as object;
    expect(told.filter(({ type }) => type.startsWith('push.'))).toHaveLength(10);
    expect(told).toEqual(
      expect.arrayContaining([
        push('push.delivered', read, { status: 'delivered' }),
        push('push.delivered', acted, { status: 'delivered' }),
        push('push.failed', failed, { status: 'failed' }),
        push('push.delivered', muted, { status: 'inbox-only', reason: 'muted' }),
        push('push.failed', late, { status: 'expired' }),
        push('push.failed', blocked, { status: 'blocked', reason: 'moderation.fraud' }),
        push('push.acknowledged', acted),
        push('push.action', acted, { actionId: 'ok' }),
        push('push.read', read),
        push('push.acknowledged', failed),
      ]),
    );
  });
});
