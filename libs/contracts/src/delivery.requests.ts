import { z } from 'zod';
import { token, uuid } from './fields';
import { page } from './paging';

export const deliverySubjects = {
  listInbox: 'delivery.list-inbox',
  getInboxItem: 'delivery.get-inbox-item',
  read: 'delivery.read',
  unread: 'delivery.unread',
  acknowledge: 'delivery.acknowledge',
  archive: 'delivery.archive',
  unarchive: 'delivery.unarchive',
  takeAction: 'delivery.take-action',
  readAll: 'delivery.read-all',
  grantCredits: 'delivery.grant-credits',
  testEndpoint: 'delivery.test-endpoint',
} as const;

export const listInboxRequest = z.strictObject({
  ...page,
  appId: uuid.optional(),
  unread: z.enum(['true', 'false']).optional(),
  archived: z.enum(['true', 'false']).optional(),
});
/** What `wx.requestSubscribeMessage` answered: by template, `accept`, `reject` and the like (WeChat docs). */
export const grantCreditsRequest = z.strictObject({
  endpointId: uuid,
  results: z
    .record(token(64), z.string().max(40))
    .refine((results) => Object.keys(results).length > 0, 'must name a template')
    .refine((results) => Object.keys(results).length <= 5, 'must have at most 5 fields'),
});
export const inboxItemIdRequest = z.strictObject({ inboxItemId: uuid });
/** `actionId` is one of the message's own `actions`; whatever else it says is unknown. */
export const takeActionRequest = z.strictObject({ inboxItemId: uuid, actionId: z.string() });
