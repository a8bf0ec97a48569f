import { z } from 'zod';
import { uuid } from './fields';
import { page } from './paging';

export const deliverySubjects = {
  listInbox: 'delivery.list-inbox',
  getInboxItem: 'delivery.get-inbox-item',
  read: 'delivery.read',
  unread: 'delivery.unread',
  readAll: 'delivery.read-all',
  testEndpoint: 'delivery.test-endpoint',
} as const;

export const listInboxRequest = z.strictObject({
  ...page,
  appId: uuid.optional(),
  unread: z.enum(['true', 'false']).optional(),
});
export const inboxItemIdRequest = z.strictObject({ inboxItemId: uuid });
