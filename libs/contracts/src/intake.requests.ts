import { z } from 'zod';
import { credential, line, openid, text, uuid, webUrl } from './fields';
import { priority } from './intake.events';

export const intakeSubjects = { push: 'intake.push', getPush: 'intake.get-push' } as const;

/** All text of a push together, in UTF-8 bytes. */
export const pushTextBytesMax = 16_384;

const pushFields = {
  title: line(200).optional(),
  body: text(4_000).min(1),
  url: webUrl.optional(),
  priority: priority.optional(),
  tags: z.array(line(40)).max(10).optional(),
  thread: line(100).optional(),
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

export const getPushRequest = z.strictObject({ pushId: uuid, credential });
