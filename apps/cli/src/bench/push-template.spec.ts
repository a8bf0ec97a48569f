import { createHmac } from 'node:crypto';
import { eventSchemas } from '@hark/contracts';
import { RecordedEvent } from '@hark/eventstore';
import { DomainEvent } from '@hark/kernel';
import { copyOf, PushTemplate, templateOf } from './push-template';

const id = (number: number): string => `0190a5e2-0000-7000-8000-${String(number).padStart(12, '0')}`;
const [pushId, personId, bindingId, consentId, attemptId] = [1, 2, 3, 4, 5].map(id) as [
  string,
  string,
  string,
  string,
  string,
];
const [appId, ownerId, endpointId] = [6, 7, 8].map(id) as [string, string, string];
const at = '2026-01-05T09:00:00.000Z';
const later = '2026-01-05T09:00:01.500Z';
const content = `v1.${personId}.AAAAAAAAAAAAAAAA.c2VhbGVk`;
const contentHash = 'a'.repeat(64);
const ids = { appId, ownerId, personId, bindingId };
const attempt = { attemptId, endpointId, channel: 'bark', at: later };

const recorded = (category: string, command: number, event: DomainEvent): RecordedEvent => ({
  event,
  category,
  id: pushId,
  streamId: `${category}-${pushId}`,
  revision: 0,
  position: 0n,
  eventId: id(90),
  recordedAt: at,
  metadata: { actor: 'service:x', requestId: id(20), $correlationId: id(21), commandId: id(command), schema: 1 },
});

const real: PushTemplate = templateOf(pushId, [
  recorded('message', 1, {
    type: 'message.pushed',
    data: { ...ids, consentId, bindingRevision: 1, content, contentHash, priority: 'normal', sentBy: 'key', at },
  }),
  recorded('moderation', 30, {
    type: 'moderation.passed',
    data: { contentHash, ruleVersion: '1', wechat: 'off', at: later },
  }),
  recorded('delivery', 31, {
    type: 'delivery.decided',
    data: {
      ...ids,
      ...{ bindingRevision: 1, standingRevision: -1, decision: 'deliver', level: 'strong', muted: false },
      ...{ endpoints: [{ endpointId, kind: 'bark' }], at: later },
    },
  }),
  recorded('delivery', 31, { type: 'delivery.filed', data: { ...ids, content, pushedAt: at, at: later } }),
  recorded('delivery', 31, { type: 'delivery.attempted', data: { ...attempt, dedupeId: pushId, bindingRevision: 1 } }),
  recorded('delivery', 32, { type: 'delivery.sent', data: attempt }),
  recorded('delivery', 32, { type: 'delivery.finished', data: { outcome: 'delivered', at: later } }),
]);

const to = { personId: id(42), bindingId: id(43), consentId: id(44) };
const contentHashKey = Buffer.alloc(32, 1);
const seal = async (person: string, text: string, aad: string) =>
  `v1.${person}.AAAAAAAAAAAAAAAA.${Buffer.from(`${aad} ${text}`).toString('base64url')}`;

describe('a copy of a push', () => {
  const copied = () => copyOf(real, to, 'another text', -60_000, { contentHashKey, seal });

  it('has the same appends to the same streams', async () => {
    const { steps } = await copied();
    expect(steps.map(({ category, events }) => [category, events.map(({ type }) => type)])).toEqual([
      ['message', ['message.pushed']],
      ['moderation', ['moderation.passed']],
      ['delivery', ['delivery.decided', 'delivery.filed', 'delivery.attempted']],
      ['delivery', ['delivery.sent', 'delivery.finished']],
    ]);
    for (const { type, data } of steps.flatMap(({ events }) => events))
      expect(eventSchemas[type]!.parse(data)).toEqual(data);
  });

  it('goes to another person, with a text sealed for its own place', async () => {
    const { pushId: copyId, steps } = await copied();
    const [pushed, passed, , filed] = steps.flatMap(({ events }) => events.map(({ data }) => data));
    const sealed = await seal(to.personId, 'another text', `message:${copyId}`);
    const hash = createHmac('sha256', contentHashKey).update('another text').digest('hex');
    expect(pushed).toMatchObject({ ...to, appId, ownerId, content: sealed, contentHash: hash });
    expect(passed).toMatchObject({ contentHash: hash });
    expect(filed).toMatchObject({ personId: to.personId, content: sealed });
  });

  it('happened at another time and shares no id of the push itself', async () => {
    const { steps } = await copied();
    const [pushed] = steps[0]!.events;
    expect(pushed!.data).toMatchObject({ at: '2026-01-05T08:59:00.000Z' });
    const text = JSON.stringify(steps);
    for (const own of [pushId, personId, bindingId, consentId, attemptId, ...[20, 21, 30, 31, 32].map(id)])
      expect(text).not.toContain(own);
    const commands = steps.map(({ context }) => context.commandId);
    expect(new Set(commands).size).toBe(4);
    expect((await copied()).pushId).not.toBe((await copied()).pushId);
  });
});
