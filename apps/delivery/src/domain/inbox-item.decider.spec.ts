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
