import { z } from 'zod';
import { ClientErrorCode, clientErrorCodes, Locale } from '@hark/contracts';
import { ErrorDetail, HarkError } from '@hark/kernel';
import { errorTexts, isClientErrorCode } from '../texts/error-texts';
import { inLanguage } from '../texts/field-messages';

/** An error as RFC 9457 wants it, with our stable `code`, the request's id and what to do next. */
export const problemSchema = z
  .looseObject({
    type: z.string().describe('`urn:hark:problem:` and the code.'),
    title: z.string().describe("In the reader's language, as `detail` is."),
    status: z.int(),
    detail: z.string().describe('What to do next.'),
    code: z.enum(clientErrorCodes).describe('Stable: it is never renamed.'),
    requestId: z.string().describe('For whoever looks into it; also in the header X-Request-Id.'),
    errors: z
      .array(z.strictObject({ path: z.string(), message: z.string() }))
      .optional()
      .describe('Of input that is wrong: which fields, and why. Of an unknown address: which ones come near.'),
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof problemSchema>;

/** The outside view of any failure. An error that is not a `HarkError` reveals nothing about itself. */
export function problemOf(error: unknown, requestId: string, locale: Locale): Problem {
  const {
    code,
    detail: { extra = {}, errors },
  } = publicError(error);
  const { status, en, zh } = errorTexts[code];
  const [title, detail] = locale === 'zh-CN' ? zh : en;
  const members = {
    type: `urn:hark:problem:${code}`,
    title,
    status,
    detail: detail.replace(/\{(\w+)\}/g, (_, name: string) => String(extra[name] ?? '…')),
    code,
    requestId,
    ...(errors && { errors: errors.map(({ path, message }) => ({ path, message: inLanguage(message, locale) })) }),
  };
  // What every problem has stands first for whoever reads it, and no other member takes its place.
  return { ...members, ...extra, ...members };
}

/**
 * A code that is not in the table is not for clients: it becomes `unavailable` for an outage, else an internal error.
 */
function publicError(error: unknown): { readonly code: ClientErrorCode; readonly detail: ErrorDetail } {
  if (!(error instanceof HarkError)) return { code: 'hark.internal', detail: {} };
  const { code, kind, detail } = error;
  if (isClientErrorCode(code)) return { code, detail };
  return { code: kind === 'unavailable' ? 'service.unavailable' : 'hark.internal', detail: {} };
}
