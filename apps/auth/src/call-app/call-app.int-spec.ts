import { verifyWebhook } from '@hark/channels';
import {
  authSubjects,
  CallbackView,
  ChangeAppReply,
  DeliveryEvent,
  Page,
  RotateCallbackSecretReply,
} from '@hark/contracts';
import { uuid7 } from '@hark/kernel';
import { RpcOptions } from '@hark/nats';
import { WebhookCall } from '@hark/sandbox';
import { idempotent, until } from '@hark/testing';
import { AuthWorld, Somebody } from '../testing/auth-world.fixture';

describe('an app that is called back', () => {
  let auth: AuthWorld;
  let owner: Somebody;
  let ann: Somebody;
  let hooks: string;
  beforeAll(async () => {
    auth = await AuthWorld.start();
    [owner, ann] = [await auth.somebody('owner'), await auth.somebody('ann')];
    hooks = auth.openHooks();
  });
  afterAll(() => auth.close());

  const called = async (path: string) => {
    const { appId, credential } = await auth.app(owner);
    const asked = { appId, callbackUrl: `${hooks}${path}` };
    const { body } = await owner.ask<ChangeAppReply>(authSubjects.changeApp, asked);
    return { appId, credential, secret: body.callbackSecret! };
  };
  const calls = (path: string, count: number) =>
    until(() => (auth.hooks(path).length >= count ? auth.hooks(path) : undefined), {
      what: `${count} calls to ${path}`,
    });
  const verified = (secret: string, { headers, body }: WebhookCall) => {
    const verdict = verifyWebhook(secret, headers as object, body, Date.parse(auth.now()));
    if (verdict !== 'valid') throw new Error(verdict);
    return JSON.parse(body) as { type: string; data: object };
  };
  const listed = async (appId: string) =>
    (await owner.ask<Page<CallbackView>>(authSubjects.listCallbacks, { appId })).body.items;

  it('hears who bound it and who left, signed with its own secret', async () => {
    const { appId, secret } = await called('/bound');
    const { bindingId } = await auth.bindTo(appId, ann, 'o-1');
    await calls('/bound', 1);
    await ann.ask(authSubjects.unbind, { bindingId });
    const seen = (await calls('/bound', 2)).map((call) => verified(secret, call));
    expect(seen.find(({ type }) => type === 'binding.bound')).toMatchObject({
      timestamp: expect.any(String) as string,
      data: { appId, bindingId, openid: 'o-1' },
    });
    expect(seen.find(({ type }) => type === 'binding.unbound')).toMatchObject({
      data: { bindingId, openid: 'o-1', reason: 'requested' },
    });
    const delivered = async () => (await listed(appId)).filter(({ status }) => status === 'delivered');
    await until(async () => (await delivered()).length === 2, { what: 'both are listed' });
  });

  it('gives another address another secret, and an old call does not pass for a new one', async () => {
    const { appId, secret } = await called('/first');
    const moved = await owner.ask<ChangeAppReply>(authSubjects.changeApp, { appId, callbackUrl: `${hooks}/second` });
    expect(moved.body.callbackSecret).not.toBe(secret);
    const same = await owner.ask<ChangeAppReply>(authSubjects.changeApp, { appId, callbackUrl: `${hooks}/second` });
    expect(same.body).not.toHaveProperty('callbackSecret');
    await owner.ask(authSubjects.testCallback, { appId });
    const [call] = (await calls('/second', 1)) as [WebhookCall];
    expect(verified(moved.body.callbackSecret!, call)).toMatchObject({ type: 'callback.test', data: { appId } });
    expect(() => verified(secret, call)).toThrow('forged');
    const changed = { ...call, body: call.body.replace('callback.test', 'binding.bound') };
    expect(() => verified(moved.body.callbackSecret!, changed)).toThrow('forged');
    expect(auth.hooks('/first')).toEqual([]);
    auth.passTime(301_000);
    expect(() => verified(moved.body.callbackSecret!, call)).toThrow('old');
  });

  it('is called again under the same id when it did not take the call, and not when it is gone', async () => {
    const { appId, secret } = await called('/status/500/x');
    await owner.ask(authSubjects.testCallback, { appId });
    await calls('/status/500/x', 1);
    await until(async () => (await listed(appId))[0]?.retryAt, { what: 'it is put off' });
    auth.passTime(6_000);
    const [first, second] = (await calls('/status/500/x', 2)) as [WebhookCall, WebhookCall];
    expect(second.headers['webhook-id']).toBe(first.headers['webhook-id']);
    expect(second.body).toBe(first.body);
    expect(verified(secret, second)).toMatchObject({ type: 'callback.test' });
    await until(async () => (await listed(appId))[0]?.tries.length === 2, { what: 'both tries are listed' });
    expect((await listed(appId))[0]).toMatchObject({
      status: 'pending',
      tries: [{ status: 500, reason: 'answered' }, { status: 500 }],
    });
    await owner.ask(authSubjects.changeApp, { appId, callbackUrl: `${hooks}/status/410/x` });
    auth.passTime(400_000);
    await until(async () => (await listed(appId))[0]?.status === 'failed', { what: 'it is given up' });
  });

  it('hears of its owner’s standing', async () => {
    const { appId, secret } = await called('/standing');
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
    const told = await until(() => auth.hooks('/standing').map((call) => verified(secret, call))[0], {
      what: 'the call',
    });
    expect(told).toMatchObject({
      type: 'standing.changed',
      data: { appId, status: 'suspended', points: 12, until: '2099-01-01T00:00:00.000Z' },
    });
  });

  it('hears how its pushes ended and what people answered, and that they were read only where they allow it', async () => {
    const { appId } = await called('/pushes');
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
    await calls('/pushes', 9); // one for the binding
    await ann.ask(authSubjects.changeBinding, { bindingId, readReceipts: true });
    const marks = ['inbox_item.read', 'inbox_item.unread', 'inbox_item.read'] as const;
    for (const type of marks) await auth.append('inbox_item', read, { type, data: { at } });
    await calls('/pushes', 10);
    await ann.ask(authSubjects.changeBinding, { bindingId, readReceipts: false });
    await auth.append('inbox_item', failed, { type: 'inbox_item.read', data: { at } });
    await auth.append('inbox_item', failed, { type: 'inbox_item.acknowledged', data: { at } });
    await calls('/pushes', 11);
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

  it('is called with both signatures while its secret changes, and with one where the old one is revoked', async () => {
    const { appId, secret } = await called('/rotated');
    const rotate = async (more: object = {}, meta?: RpcOptions) =>
      (await owner.ask<RotateCallbackSecretReply>(authSubjects.rotateCallbackSecret, { appId, ...more }, meta)).body;
    const callOf = async (count: number) => {
      await owner.ask(authSubjects.testCallback, { appId });
      return (await calls('/rotated', count))[count - 1]!;
    };
    const key = idempotent();
    const next = await rotate({}, key);
    expect(await rotate({}, key)).toEqual(next);
    const oldSecretUntil = expect.stringMatching(/Z$/) as string;
    expect(next).toEqual({ callbackSecret: expect.stringMatching(/^whsec_/) as string, oldSecretUntil });
    const both = await callOf(1);
    for (const known of [secret, next.callbackSecret]) expect(verified(known, both)).toMatchObject({ data: { appId } });
    const last = await rotate({ revokeNow: true });
    expect(last).not.toHaveProperty('oldSecretUntil');
    const one = await callOf(2);
    expect(verified(last.callbackSecret, one)).toMatchObject({ data: { appId } });
    for (const known of [secret, next.callbackSecret]) expect(() => verified(known, one)).toThrow('forged');
    await rotate();
    auth.passTime(24 * 3_600_000 + 1);
    const late = await callOf(3);
    expect(() => verified(last.callbackSecret, late)).toThrow('forged');
    expect(await ann.refusal(authSubjects.rotateCallbackSecret, { appId })).toBe('app.unknown');
  });

  it('is nobody else’s to look into, and nothing without an address', async () => {
    const { appId } = await auth.app(owner);
    for (const subject of [authSubjects.testCallback, authSubjects.rotateCallbackSecret]) {
      expect(await owner.refusal(subject, { appId })).toBe('app.no-callback-url');
    }
    expect(await ann.refusal(authSubjects.testCallback, { appId })).toBe('app.unknown');
    expect(await ann.refusal(authSubjects.listCallbacks, { appId })).toBe('app.unknown');
    await auth.bindTo(appId, ann, 'o-9');
    expect(await listed(appId)).toEqual([]);
  });
});
