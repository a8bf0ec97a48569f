import { InboxItemEvent } from '@hark/contracts';
import { specFor } from '@hark/testing';
import { inboxItemDecider } from './inbox-item.decider';

const at = '2026-01-05T09:00:00.000Z';
const later = '2026-01-05T10:00:00.000Z';
const read: InboxItemEvent = { type: 'inbox_item.read', data: { at } };
const unread: InboxItemEvent = { type: 'inbox_item.unread', data: { at: later } };
const item = specFor(inboxItemDecider);

describe('reading a message', () => {
  it('marks it once, with the first time', () => {
    item.given().when({ type: 'Read', at }).then(read);
    item.given(read).when({ type: 'Read', at: later }).thenNothing();
  });
  it('can be taken back, and done again', () => {
    item.given(read).when({ type: 'Unread', at: later }).then(unread);
    item.given(read, unread).when({ type: 'Read', at }).then(read);
  });
  it('is nothing to take back before', () => item.given().when({ type: 'Unread', at }).thenNothing());
});

const acknowledged: InboxItemEvent = { type: 'inbox_item.acknowledged', data: { at } };
const archived: InboxItemEvent = { type: 'inbox_item.archived', data: { at } };
const unarchived: InboxItemEvent = { type: 'inbox_item.unarchived', data: { at: later } };
const took = (actionId: string): InboxItemEvent => ({ type: 'inbox_item.action-taken', data: { actionId, at } });

describe('acknowledging a message', () => {
  it('reads it too, and is for good', () => {
    item.given().when({ type: 'Acknowledge', at }).then(read, acknowledged);
    item.given(read).when({ type: 'Acknowledge', at }).then(acknowledged);
    item.given(read, acknowledged, unread).when({ type: 'Acknowledge', at: later }).thenNothing();
  });
});

describe('putting a message away', () => {
  it('leaves it as read or unread as it was, and can be taken back', () => {
    item.given().when({ type: 'Archive', at }).then(archived);
    item.given(archived).when({ type: 'Archive', at: later }).thenNothing();
    item.given(archived).when({ type: 'Unarchive', at: later }).then(unarchived);
    item.given(archived, unarchived).when({ type: 'Unarchive', at: later }).thenNothing();
  });
});

describe('keeping a message', () => {
  const kept: InboxItemEvent = { type: 'inbox_item.kept', data: { at } };
  const unkept: InboxItemEvent = { type: 'inbox_item.unkept', data: { at: later } };
  it('can be taken back, and is neither reading nor putting away', () => {
    item.given().when({ type: 'Keep', at }).then(kept);
    item.given(kept).when({ type: 'Keep', at: later }).thenNothing();
    item.given(archived, kept).when({ type: 'Unkeep', at: later }).then(unkept);
    item.given(kept, unkept).when({ type: 'Unkeep', at: later }).thenNothing();
  });
});

describe('clearing a message away', () => {
  const cleared: InboxItemEvent = { type: 'inbox_item.cleared', data: { at } };
  it('is for good, once, and not for what is kept', () => {
    item.given(archived).when({ type: 'Clear', at }).then(cleared);
    item.given(cleared).when({ type: 'Clear', at: later }).thenNothing();
    item.given({ type: 'inbox_item.kept', data: { at } }).when({ type: 'Clear', at: later }).thenNothing();
  });
  it.each(['Read', 'Unread', 'Acknowledge', 'Archive', 'Unarchive', 'Keep', 'Unkeep'] as const)(
    'leaves nothing to %s',
    (type) => item.given(cleared).when({ type, at }).thenRefused('inbox.unknown'),
  );
});

describe('pressing a button of a message', () => {
  it('counts once for each, and reads it', () => {
    item.given().when({ type: 'TakeAction', actionId: 'ok', at }).then(read, took('ok'));
    item.given(read, took('ok')).when({ type: 'TakeAction', actionId: 'ok', at: later }).thenNothing();
    item.given(read, took('ok')).when({ type: 'TakeAction', actionId: 'call', at }).then(took('call'));
  });
});
