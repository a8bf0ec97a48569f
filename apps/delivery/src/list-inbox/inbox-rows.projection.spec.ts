import { DeliveryEvent, InboxItemEvent, MessageEvent, ModerationEvent, NoticeEvent } from '@hark/contracts';
import { projectionSpec, stream } from '@hark/testing';
import { hubItself } from '../inbox-row.read-model';
import { inboxRows } from './inbox-rows.projection';

const at = '2026-01-05T09:00:00.000Z';
const ids = { appId: 'app', ownerId: 'owner', personId: 'person', bindingId: 'binding' };
const pushed: MessageEvent = {
  type: 'message.pushed',
  data: { ...ids, consentId: 'c', bindingRevision: 0, content: 'sealed', contentHash: 'h', priority: 'normal', at },
};
const filed = (filedAt = at, more: object = {}): DeliveryEvent => ({
  type: 'delivery.filed',
  data: { ...ids, content: 'sealed', level: 'strong', pushedAt: at, at: filedAt, ...more },
});
const finished: DeliveryEvent = { type: 'delivery.finished', data: { outcome: 'delivered', at } };
const verdict = { contentHash: 'h', ruleVersion: '1', wechat: 'off', label: 'fraud', at } as const;
const decision = { contentHash: 'h', operatorId: 'op', decisionId: 'd', label: 'fraud', at };
const blocked: ModerationEvent = { type: 'moderation.blocked', data: verdict };
const rejected: ModerationEvent = { type: 'moderation.rejected', data: decision };
const read: InboxItemEvent = { type: 'inbox_item.read', data: { at } };
const unread: InboxItemEvent = { type: 'inbox_item.unread', data: { at } };
const rows = projectionSpec(inboxRows);

describe('the rows of the inbox', () => {
  it('go with their person', () => {
    const ben: DeliveryEvent = {
      type: 'delivery.filed',
      data: { ...ids, personId: 'ben', content: 's', pushedAt: at, at },
    };
    rows
      .given(
        stream('m1', pushed, filed()),
        stream('m2', ben),
        stream('person', { type: 'user.erased', data: { at } } as never),
      )
      .thenRows({ item_id: 'm2' });
  });

  it('stand in the order in which messages were accepted, whichever was filed first', () => {
    const second = '2026-01-05T09:00:30.000Z';
    rows
      .given(
        stream('m1', pushed),
        stream('m2', pushed),
        stream('m2', filed()),
        stream('m1', filed(second, { reason: 'muted' })),
      )
      .thenRows(
        { item_id: 'm1', place: '1', filed_at: second, reason: 'muted', content: 'sealed', read_at: null },
        { item_id: 'm2', place: '2', filed_at: at, reason: null, level: 'strong' },
      );
  });

  it('show the latest text, and that it is not the first, unless the person acknowledged the one before', () => {
    const replaced = (edition: number): DeliveryEvent => ({
      type: 'delivery.replaced',
      data: { edition, content: `sealed ${edition}`, contentHash: 'h', at },
    });
    const known: InboxItemEvent = { type: 'inbox_item.acknowledged', data: { at } };
    rows
      .given(stream('m1', filed()), stream('m1', replaced(1)), stream('m1', known), stream('m1', replaced(2)))
      .thenRows({ content: 'sealed 1', edited_at: at });
  });

  it('stand where they were filed when that was more than a minute late, or when nobody saw them accepted', () => {
    rows.given(stream('m1', pushed), stream('m1', filed('2026-01-05T09:01:00.001Z'))).thenRows({ place: '2' });
    rows.given(stream('m1', filed())).thenRows({ place: '1', pushed_at: at });
  });

  it.each([blocked, rejected, finished])('go with %j when nothing was filed, and stay when it was', (event) => {
    rows.given(stream('m1', pushed), stream('m1', event)).thenRows();
    rows.given(stream('m1', filed()), stream('m1', event)).thenRows({ item_id: 'm1', content: 'sealed' });
  });

  it('say what was read, and not any more what was marked unread', () => {
    rows.given(stream('m1', filed()), stream('m1', read)).thenRows({ read_at: at });
    rows.given(stream('m1', filed()), stream('m1', read, unread)).thenRows({ read_at: null });
    rows.given(stream('m1', read)).thenRows();
  });

  it('say which thread and step the text in the inbox tells of, and what is kept', () => {
    const kept: InboxItemEvent = { type: 'inbox_item.kept', data: { at } };
    const unkept: InboxItemEvent = { type: 'inbox_item.unkept', data: { at } };
    const step = filed(at, { thread: { id: 't', step: { index: 2, of: 6 } } });
    rows
      .given(stream('m1', pushed, step), stream('m1', kept), stream('m2', filed(at, { thread: { id: 't' } })))
      .thenRows(
        { item_id: 'm1', thread_id: 't', step_index: 2, step_of: 6, kept_at: at },
        { item_id: 'm2', thread_id: 't', step_index: null, step_of: null, kept_at: null },
      );
    rows.given(stream('m1', filed()), stream('m1', kept, unkept)).thenRows({ thread_id: null, kept_at: null });
    const cleared: InboxItemEvent = { type: 'inbox_item.cleared', data: { at } };
    rows.given(stream('m1', filed()), stream('m1', cleared, read)).thenRows({
      content: null,
      filed_at: null,
      read_at: null,
      change: 'recalled',
    });
  });

  it('hold what the hub itself tells', () => {
    const notice: NoticeEvent = {
      type: 'notice.filed',
      data: { personId: 'person', content: 'sealed', topic: 'endpoint-disabled', at },
    };
    rows
      .given(stream('n1', notice))
      .thenRows({ app_id: hubItself, binding_id: hubItself, reason: 'endpoint-disabled', filed_at: at });
  });

  it('say where in the log they were filed and last changed, and what that was', () => {
    const recalled: MessageEvent = { type: 'message.recalled', data: { at } };
    const archived: InboxItemEvent = { type: 'inbox_item.archived', data: { at } };
    rows
      .given(
        stream('m1', pushed), // 0
        stream('m2', pushed),
        stream('m3', pushed),
        stream('m1', filed()), // 3
        stream('m1', read),
        stream('m2', filed()), // 5
        stream('m2', read),
        stream('m2', archived),
        stream('m2', recalled), // 8
        stream('m2', finished),
        stream('m3', recalled),
        stream('m3', finished), // never shown: gone without a trace
      )
      .thenRows(
        { item_id: 'm1', filed_position: '4', changed_position: '5', change: 'read' },
        {
          item_id: 'm2',
          filed_position: '6',
          changed_position: '9',
          change: 'recalled',
          filed_at: null,
          content: null,
        },
      );
  });
});
