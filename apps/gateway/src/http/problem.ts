import { ClientErrorCode, Locale } from '@hark/contracts';
import { ErrorDetail, HarkError } from '@hark/kernel';
import { errorTexts, isClientErrorCode } from '../texts/error-texts';
import { inLanguage } from '../texts/field-messages';

/** An error as RFC 9457 wants it, with our stable `code`, the request's id and what to do next. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ClientErrorCode;
  readonly requestId: string;
  readonly [extra: string]: unknown;
}

/** What any failure looks like from outside. An error that is not a `HarkError` says nothing of itself. */
export function problemOf(error: unknown, requestId: string, locale: Locale): Problem {
  const {
    code,
    detail: { extra = {}, errors },
  } = publicError(error);
  const { status, en, zh } = errorTexts[code];
  const [title, detail] = locale === 'zh-CN' ? zh : en;
  return {
    ...extra,
    type: `urn:hark:problem:${code}`,
    title,
    status,
    detail: detail.replace(/\{(\w+)\}/g, (_, name: string) => String(extra[name] ?? '…')),
    code,
    requestId,
    ...(errors && { errors: errors.map(({ path, message }) => ({ path, message: inLanguage(message, locale) })) }),
  };
}

/** A code that is not in the table is not for clients: it is told as an outage when it is one, as our fault otherwise. */
function publicError(error: unknown): { readonly code: ClientErrorCode; readonly detail: ErrorDetail } {
  if (!(error instanceof HarkError)) return { code: 'hark.internal', detail: {} };
  const { code, kind, detail } = error;
  if (isClientErrorCode(code)) return { code, detail };
  return { code: kind === 'unavailable' ? 'service.unavailable' : 'hark.internal', detail: {} };
}
