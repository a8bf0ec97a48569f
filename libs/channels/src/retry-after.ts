const secondsMax = 24 * 3_600;

/** What a server says in `Retry-After`, in seconds (RFC 9110 10.2.3), as part of a failure; a day at the most, and dates are ignored. */
export const retryAfterOf = (header: string | undefined): { readonly retryAfterMs?: number } =>
  /^\d{1,6}$/.test(header ?? '') ? { retryAfterMs: Math.min(Number(header), secondsMax) * 1_000 } : {};
