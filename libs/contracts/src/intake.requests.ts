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
 * `credential` is the binding key, or the app secret together with `openid` or with a binding's `key`: whoever shows both
 * says that the app itself was handed the key.
 */
export const pushRequest = z.strictObject({
  ...pushFields,
  openid: openid.optional(),
  credential,
  key: credential.optional(),
});
export interface PushReply {
  readonly id: string;
  readonly status: 'accepted';
}

export const getPushRequest = z.strictObject({ pushId: uuid, credential });
export type PushStatus =
  | 'accepted'
  | 'moderating'
  | 'held'
  | 'blocked'
  | 'filed'
  | 'delivering'
  | 'delivered'
  | 'inbox-only'
  | 'failed'
  | 'suppressed';
export interface PushView {
  readonly id: string;
  readonly status: PushStatus;
  readonly reason?: string;
  readonly timeline: readonly {
    readonly event: string;
    readonly at: string;
    readonly channel?: string;
    readonly detail?: string;
    /** Of what was put off: when it is tried again, at the earliest. */
    readonly retryAt?: string;
  }[];
  readonly recipients: readonly { readonly openid: string; readonly status: PushStatus; readonly reason?: string }[];
}
