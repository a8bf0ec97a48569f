import { z } from 'zod';
import { changesFields } from './changes';
import { clientTime, credential, duration, line, openid, uuid } from './fields';
import { priority } from './intake.events';
import { pushStatus } from './intake.replies';
import { page } from './paging';
import { pushContentFields } from './push-content';

export const intakeSubjects = {
  push: 'intake.push',
  pushBatch: 'intake.push-batch',
  previewPush: 'intake.preview-push',
  getPush: 'intake.get-push',
  listPushes: 'intake.list-pushes',
  tellPushes: 'intake.tell-pushes',
  pushChanges: 'intake.push-changes',
  editPush: 'intake.edit-push',
  recallPush: 'intake.recall-push',
} as const;

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

const repeat = z
  .strictObject({
    every: duration(minuteMs, dayMs, 'must be from one minute to one day').describe('An ISO 8601 duration.'),
    times: z.int().min(1).max(50),
    until: z.literal('acknowledged').optional(),
  })
  .describe('Said again every so long, at most so often, until its person acknowledges it or presses a button.');

/** How many people a push may go to one after the other while nobody acknowledges it. */
export const escalationsMax = 3;
const escalate = z
  .array(
    z.strictObject({
      after: duration(minuteMs, 7 * dayMs, 'must be from one minute to seven days').describe('An ISO 8601 duration.'),
      openid,
    }),
  )
  .min(1)
  .max(escalationsMax)
  .refine((steps) => new Set(steps.map((step) => step.openid)).size === steps.length, 'must name different people')
  .describe('Whom it goes to when nobody has acknowledged it so long after it came. Only with an app secret.');

/** Something to read. Texts that were stored before may be blank, so `pushContent` does not ask for it. */
const readable = pushContentFields.body.refine((text) => text === '' || text.trim() !== '', 'must not be empty');

const pushFields = {
  ...pushContentFields,
  body: readable,
  priority: priority.optional(),
  sendAt: clientTime.optional().describe('Not before; at most 366 days ahead. Consent is looked up again then.'),
  expiresAt: clientTime.optional().describe('Not after: whatever has not left by then stays here.'),
  repeat: repeat.optional(),
  escalate: escalate.optional(),
};

/** `POST /v1/pushes` as clients send it; `key` in the body is for clients that cannot set headers. */
export const pushBody = z.strictObject({ ...pushFields, openid: openid.optional(), key: credential.optional() });

/**
 * `credential` is the binding key, or the app secret together with `openid` or with a binding's `key`. Showing secret
 * and key together proves that the app itself was given the key.
 */
export const pushRequest = z.strictObject({
  ...pushFields,
  openid: openid.optional(),
  credential,
  key: credential.optional(),
});

/** The most pushes in one batch. */
export const batchPushesMax = 1_000;
/** The most pushes of a batch in one request to intake: their answers fit one message of NATS, errors and all. */
export const chunkPushesMax = 64;

/** `POST /v1/pushes/batch`: the frame only. Each push is checked by itself, so that a wrong one fails alone. */
export const pushBatchBody = z.strictObject({ pushes: z.array(z.unknown()).min(1).max(batchPushesMax) });

/** The same with what each push has to be. */
export const pushBatchDocument = pushBatchBody.extend({ pushes: z.array(pushBody).min(1).max(batchPushesMax) });

/** A part of a batch: its pushes `from`, `from` + 1 and so on. All parts have the command id of the whole batch. */
export const pushBatchRequest = z.strictObject({
  credential,
  from: z.int().min(0).max(batchPushesMax),
  pushes: z.array(z.unknown()).min(1).max(chunkPushesMax),
});

/** Of an app's pushes, or a key's; `since`: accepted then or later. */
export const listPushesQuery = z.strictObject({
  ...page,
  thread: line(100).optional(),
  status: pushStatus.optional(),
  since: clientTime.optional(),
});
export const listPushesRequest = listPushesQuery.extend({ credential });
/** By a service, for an operator: of one app, counted since then. */
export const tellPushesRequest = z.strictObject({ appId: uuid, since: clientTime });
/** What became of an app's pushes, or a key's, after a position. */
export const pushChangesRequest = z.strictObject({ ...changesFields, credential });

/** `PATCH /v1/pushes/:id`: what is named changes, `null` takes it away, all else stays. */
export const editPushBody = z.strictObject({
  ...nullable(pushContentFields),
  body: readable.optional(),
  priority: priority.nullable().optional().describe('Of what has not rung yet, such as a later try or a reminder.'),
  sendAt: clientTime.nullable().optional().describe('`null` sends it now. Only before it was sent.'),
  expiresAt: clientTime.nullable().optional().describe('Only before it is in the inbox.'),
});

export const editPushRequest = editPushBody.extend({ pushId: uuid, credential });

/** Of reading a push and of taking it back. */
export const pushIdRequest = z.strictObject({ pushId: uuid, credential });

function nullable<Shape extends z.ZodRawShape>(shape: Shape): { [Name in keyof Shape]: z.ZodNullable<Shape[Name]> } {
  return Object.fromEntries(Object.entries(shape).map(([name, field]) => [name, z.nullable(field)])) as never;
}
