import { errorTexts, inLanguage, Locale, statusOfKind } from '@hark/contracts';
import { HarkError } from '@hark/kernel';

/** An error as RFC 9457 wants it, with our stable `code`, the request's id and what to do next. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly requestId: string;
  readonly [extra: string]: unknown;
}

/** What any failure looks like from outside. An error that is not a `HarkError` says nothing of itself. */
export function problemOf(error: unknown, requestId: string, locale: Locale): Problem {
  const known = toldError(error);
  const text = errorTexts[known.code]!;
  const [title, detail] = locale === 'zh-CN' ? text.zh : text.en;
  const extra = known.detail.extra ?? {};
  return {
    ...extra,
    type: `urn:hark:problem:${known.code}`,
    title,
    status: text.status ?? statusOfKind[known.kind],
    detail: detail.replace(/\{(\w+)\}/g, (_, name: string) => String(extra[name] ?? '…')),
    code: known.code,
    requestId,
    ...(known.detail.errors && {
      errors: known.detail.errors.map(({ path, message }) => ({ path, message: inLanguage(message, locale) })),
    }),
  };
}

/** A code that is not in the table is not for clients: it is told as an outage when it is one, as our fault otherwise. */
function toldError(error: unknown): HarkError {
  if (!(error instanceof HarkError)) return internal();
  if (Object.hasOwn(errorTexts, error.code)) return error;
  return error.kind === 'unavailable' ? new HarkError('unavailable', 'service.unavailable', error.message) : internal();
}

const internal = () => new HarkError('unavailable', 'hark.internal', 'an unexpected error');
