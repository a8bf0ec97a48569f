import { MessageEvent, PushedEvent } from '@hark/contracts';
import { projectionSpec, stream } from '@hark/testing';
import { dueRows } from './due-rows.projection';

const at = '2026-11-22T09:00:00.000Z';
const sendAt = '2026-11-29T09:00:00.000Z';
const expiresAt = '2026-11-29T10:00:00.000Z';
const pushed = (times: { sendAt?: string; expiresAt?: string }): PushedEvent => ({
  type: 'message.pushed',
  data: {
    ...{ appId: 'app', ownerId: 'owner', personId: 'person', bindingId: 'binding', consentId: 'c', bindingRevision: 0 },
    ...{ content: 'v1.person.aa.bb', contentHash: 'h', priority: 'normal', ...times, at },
  },
});
const scheduled: MessageEvent = { type: 'message.scheduled', data: { number: 1, sendAt, at } };
const fired: MessageEvent = { type: 'message.fired', data: { number: 1, epoch: 1, at: sendAt } };
const rows = projectionSpec(dueRows);

describe('what pushes wait for', () => {
  it('is not changed by what becomes of others it was to go to', () => {
    const data = { number: 1, reason: 'binding.ended', at };
    const dropped: MessageEvent = { type: 'message.escalation-dropped', data };
    rows.given(stream('p1', pushed({ expiresAt }), dropped)).thenRows({ due_key: 'p1', task: 'expire' });
  });

  it('is nothing, for most', () => rows.given(stream('p1', pushed({}))).thenRows());

  it('is to be sent', () =>
    rows
      .given(stream('p1', pushed({ sendAt }), scheduled))
      .thenRows({ due_key: 'p1', due_at: sendAt, task: 'fire', data: { pushId: 'p1', number: 1, revision: 1 } }));

  it('is over once it was sent', () => rows.given(stream('p1', pushed({ sendAt }), scheduled, fired)).thenRows());

  it('is to be over, after it was sent', () =>
    rows
      .given(stream('p1', pushed({ sendAt, expiresAt }), scheduled, fired))
      .thenRows({ due_key: 'p1', due_at: expiresAt, task: 'expire', data: { pushId: 'p1', expiresAt } }));

  it('is what its sender last said', () => {
    const edited = (end: string | null): MessageEvent => ({
      type: 'message.edited',
      data: { ownerId: 'owner', personId: 'person', expiresAt: end, at },
    });
    const moved: MessageEvent = { type: 'message.scheduled', data: { number: 2, sendAt: expiresAt, at } };
    rows
      .given(stream('p1', pushed({ sendAt, expiresAt }), scheduled, edited(null), moved))
      .thenRows({ due_at: expiresAt, task: 'fire', data: { pushId: 'p1', number: 2, revision: 3 } });
    rows
      .given(stream('p1', pushed({ sendAt }), scheduled, edited(expiresAt), fired))
      .thenRows({ due_at: expiresAt, task: 'expire', data: { pushId: 'p1', expiresAt } });
    rows.given(stream('p1', pushed({ expiresAt }), edited(null))).thenRows();
  });

  it.each<MessageEvent>([
    { type: 'message.recalled', data: { at } },
    { type: 'message.expired', data: { epoch: 1, at } },
  ])('is nothing after %j', (event) =>
    rows.given(stream('p1', pushed({ sendAt, expiresAt }), scheduled, event)).thenRows(),
  );
});
