/**
 * What became of a call to a provider, as far as the caller can act on it. Every adapter maps into this one set.
 *
 * `OK` accepted (never "seen") · `BAD_REQUEST` our payload is wrong, no retry · `RECIPIENT_GONE` this address will never
 * work again, disable it · `RECIPIENT_REFUSED` address fine, permission or room missing, try another channel ·
 * `AUTH_REFRESH` our short-lived token was stale · `CONFIG` a long-lived credential or setting is wrong, no retry ·
 * `THROTTLED` retry after a pause · `QUOTA_DAY` not before the provider's day rolls · `TRANSIENT` retry with back-off ·
 * `UNKNOWN_OUTCOME` bytes left, no answer: retry only where the channel has an idempotency key.
 */
export type ProviderClass =
  | 'OK'
  | 'BAD_REQUEST'
  | 'RECIPIENT_GONE'
  | 'RECIPIENT_REFUSED'
  | 'AUTH_REFRESH'
  | 'CONFIG'
  | 'THROTTLED'
  | 'QUOTA_DAY'
  | 'TRANSIENT'
  | 'UNKNOWN_OUTCOME';

/** The class of something that did not succeed. */
export type FailureClass = Exclude<ProviderClass, 'OK'>;
