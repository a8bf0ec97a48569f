import { z } from 'zod';
import { appView, bindingView, endpointView, meView, sessionView } from './auth.replies';
import { complaintView, ownAppealView } from './complaints.replies';
import { inboxItemView } from './delivery.replies';
import { isoTime, uuid } from './fields';

/** `?cursor=` of an export: the `nextCursor` of the page before. */
export const exportRequest = z.strictObject({ cursor: z.string().max(2_000).optional() });

const all = <Item extends z.ZodType>(item: Item) => z.array(item).readonly();

/** What Hark holds on a person, page by page. Texts and names are plain, secrets of endpoints masked as everywhere. */
export const exportReply = z
  .strictObject({
    exportedAt: isoTime,
    me: meView,
    logIn: z.strictObject({
      provider: z.enum(['wechat', 'email']),
      subject: z
        .string()
        .describe('The address; of an openid, which never leaves the server, the last four characters.'),
    }),
    blockedApps: all(uuid),
    sessions: all(sessionView),
    endpoints: all(endpointView),
    bindings: all(bindingView),
    apps: all(appView),
    inbox: all(inboxItemView),
    complaints: all(complaintView),
    appeals: all(ownAppealView).describe('Those you made against penalties, as the owner of apps.'),
    nextCursor: z
      .string()
      .nullable()
      .describe('For `?cursor=`; null on the last page. A list that is through stays empty.'),
  })
  .meta({ id: 'Export' });
export type ExportReply = z.infer<typeof exportReply>;
