import { HarkError } from '@hark/kernel';

/** The error for somebody whom WeChat keeps waiting, with `retryAfter` in seconds where its answer implies a time. */
export function providerUnavailable(cause: Error & { readonly retryAfterMs?: number | undefined }): HarkError {
  const { retryAfterMs, message } = cause;
  const extra = retryAfterMs === undefined ? {} : { extra: { retryAfter: Math.ceil(retryAfterMs / 1_000) } };
  return new HarkError('unavailable', 'session.provider-unavailable', message, extra, { cause });
}
