import { z } from 'zod';
import { changesFields } from './changes';
import { line, token, uuid } from './fields';
import { page } from './paging';

export const deliverySubjects = {
  listInbox: 'delivery.list-inbox',
  getInboxItem: 'delivery.get-inbox-item',
  inboxChanges: 'delivery.inbox-changes',
  read: 'delivery.read',
  unread: 'delivery.unread',
  acknowledge: 'delivery.acknowledge',
  archive: 'delivery.archive',
  unarchive: 'delivery.unarchive',
  keep: 'delivery.keep',
  unkeep: 'delivery.unkeep',
  takeAction: 'delivery.take-action',
  readAll: 'delivery.read-all',
  markMany: 'delivery.mark-many',
  countUnread: 'delivery.count-unread',
  grantCredits: 'delivery.grant-credits',
  checkWechatUrl: 'delivery.check-wechat-url',
  takeWechatEvent: 'delivery.take-wechat-event',
  testEndpoint: 'delivery.test-endpoint',
} as const;

const yesOrNo = z.enum(['true', 'false']).optional();

/** Every term of a search must be found. */
const searchTermsMax = 8;

export const listInboxRequest = z
  .strictObject({
    ...page,
    appId: uuid.optional(),
    unread: yesOrNo,
    archived: yesOrNo.describe('Those put away; without it, those that are not.'),
    kept: yesOrNo,
    thread: line(100).optional().describe("Of the threads of that name, each app's its own."),
    q: line(100)
      .refine((q) => q.trim() !== '', 'must not be empty')
      .refine((q) => q.trim().split(/\s+/u).length <= searchTermsMax, `must have at most ${searchTermsMax} words`)
      .optional()
      .describe(
        'Messages that hold each of these words, in any of their texts or the app’s name, also as a part of a longer one; those put ' +
          'away too. A page may have fewer than `limit` before the last one: a call looks through 10 000 messages.',
      ),
    folded: yesOrNo.describe(
      'One item for each thread, with `threadState`: its newest message that no later step has overtaken.',
    ),
  })
  .refine(({ q, folded }) => q === undefined || folded !== 'true', {
    path: ['folded'],
    error: 'must be absent in a search',
  });
/** What `wx.requestSubscribeMessage` answered: by template, `accept`, `reject` and the like (WeChat docs). */
export const grantCreditsRequest = z.strictObject({
  endpointId: uuid,
  results: z
    .record(token(64), z.string().max(40))
    .refine((results) => Object.keys(results).length > 0, 'must name a template')
    .refine((results) => Object.keys(results).length <= 5, 'must have at most 5 fields'),
});
const sha1 = z.string().max(64);
const signed = { timestamp: z.string().max(20), nonce: z.string().max(64) };
/** What stands in the address when WeChat checks it, and when it pushes (WeChat docs: message push). */
export const checkWechatUrlRequest = z.strictObject({ ...signed, signature: sha1, echostr: z.string().max(256) });
export const wechatPushQuery = z.strictObject({
  ...signed,
  signature: sha1.optional(),
  openid: z.string().max(128).optional(),
  encrypt_type: z.string().max(16).optional(),
  msg_signature: sha1.optional(),
});
/** Of any event, also of those that the hub does not know. */
export const wechatPushBody = z.record(z.string().max(64), z.unknown());
export const takeWechatEventRequest = z.strictObject({ ...wechatPushQuery.shape, event: wechatPushBody });
/** How many messages one call marks. */
export const marksMax = 200;
/** What may be done to many messages at once. */
export const manyMarks = z.enum(['read', 'unread', 'acknowledge', 'archive', 'unarchive', 'keep', 'unkeep']);
export const markManyRequest = z
  .strictObject({
    mark: manyMarks.describe('What `POST /v1/inbox/:id/…` does to one.'),
    ids: z.array(uuid).min(1).max(marksMax).optional(),
    where: z
      .strictObject({
        appId: uuid.optional(),
        thread: line(100).optional(),
        unread: z.boolean().optional(),
        archived: z.boolean().optional(),
        kept: z.boolean().optional(),
      })
      .optional()
      .describe('As in `GET /v1/inbox`; `{}` is everything in the list.'),
  })
  .refine(({ ids, where }) => (ids === undefined) !== (where === undefined), {
    path: ['ids'],
    error: 'is needed, or where',
  });
/** What changed after a position. */
export const inboxChangesRequest = z.strictObject(changesFields);
export const inboxItemIdRequest = z.strictObject({ inboxItemId: uuid });
/** `actionId` is one of the message's own `actions`; whatever else it says is unknown. */
export const takeActionRequest = z.strictObject({ inboxItemId: uuid, actionId: z.string() });
