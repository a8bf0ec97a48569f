import { z } from 'zod';
import { isUuid } from '@hark/kernel';
import { controlIn, hiddenIn } from './hidden-characters';

/** A UUID in canonical lower-case form: the only shape of id that may touch a stream name or a subject. */
export const uuid = z.string().refine(isUuid, 'must be a UUID').meta({ format: 'uuid' });

/** ISO 8601 in UTC with milliseconds, as our own code writes it. */
export const isoTime = z.iso.datetime({ precision: 3 });

const timeExamples = '2026-12-01T09:00:00Z or 2026-12-01T09:00:00+08:00';

/** Any ISO 8601 instant a client may send, of the years 1970 to 9999 in UTC; normalised to UTC with milliseconds. */
export const clientTime = z.iso
  .datetime({
    offset: true,
    abort: true,
    error: ({ input }) => (input === undefined ? undefined : `must be a time with its zone, such as ${timeExamples}`),
  })
  .refine(isOfOurTime, 'must be between 1970 and 9999')
  .transform((text) => new Date(text).toISOString());

/** A length of time as ISO 8601 writes it, in days, hours, minutes and seconds; `within` is told to who is outside it. */
export const duration = (minMs: number, maxMs: number, within: string) =>
  z
    .string()
    .max(40)
    .refine((text) => durationMs(text) !== undefined, 'must be a duration such as PT10M')
    .refine((text) => isWithin(durationMs(text), minMs, maxMs), within);

/** The milliseconds of an ISO 8601 duration of days, hours, minutes and whole seconds; undefined for all others. */
export function durationMs(text: string): number | undefined {
  const parts = /^P(?=\d|T\d)(?:(\d{1,4})D)?(?:T(?=\d)(?:(\d{1,5})H)?(?:(\d{1,7})M)?(?:(\d{1,9})S)?)?$/.exec(text);
  if (!parts) return undefined;
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = parts.slice(1).map((part) => Number(part ?? 0));
  return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1_000;
}

/** A personal field, encrypted under its person's key: `v1.<personId>.<iv>.<ciphertext>`. */
export const sealed = z.string().regex(/^v1\.[0-9a-f-]{36}\.[\w-]+\.[\w-]*$/, 'must be sealed');

/** A keyed or plain SHA-256, in hexadecimal. */
export const hash = z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in hexadecimal');

/** 强提醒 inbox and channels · 弱提醒 inbox only · 不提醒 refused. */
export const level = z.enum(['strong', 'weak', 'none']);
export type Level = z.infer<typeof level>;

/** The languages Hark speaks. */
export const locale = z.enum(['zh-CN', 'en']);
export type Locale = z.infer<typeof locale>;

/**
 * At most that many characters as JSON Schema's `maxLength` counts them (Unicode code points): an emoji is one, though
 * JavaScript's `length` has two.
 */
function charactersMax(max: number): z.core.$ZodCheck<string> {
  const check = z.core._check<string>(({ value, issues }) => {
    if (value.length <= max || [...value].length <= max) return;
    issues.push({ code: 'too_big', origin: 'string', maximum: max, inclusive: true, input: value });
  });
  // Where JSON Schema is made from.
  check._zod.onattach.push(({ _zod: { bag } }) => (bag.maximum = max));
  return check;
}

/** Refuses a text with what `wrongIn` says is wrong with it. */
function nothingWrong(wrongIn: (text: string) => string | undefined): z.core.$ZodCheck<string> {
  return z.core._check<string>(({ value, issues }) => {
    const message = wrongIn(value);
    if (message !== undefined) issues.push({ code: 'custom', message, input: value });
  });
}

/** A line of text without control characters. */
export const line = (max: number, min = 1) =>
  z
    .string()
    .min(min)
    .check(charactersMax(max))
    .check(nothingWrong((value) => controlIn(value, 'line')))
    .refine((value) => value.isWellFormed(), 'must be well-formed Unicode');

/** A machine-made value such as a code or a token: printable ASCII without spaces. */
export const token = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^[\x21-\x7e]*$/, 'must be printable ASCII');

/** Text of several lines; only line feeds, carriage returns and tabs of the control characters, and no lone surrogates. */
export const text = (max: number) =>
  z
    .string()
    .check(charactersMax(max))
    .check(nothingWrong((value) => controlIn(value, 'text')))
    .refine((value) => value.isWellFormed(), 'must be well-formed Unicode');

/**
 * A name, or another text that people are shown. Nothing in it may reorder or hide what stands there: no bidi controls, no
 * invisible characters but the joiners that emoji and several scripts need, no blank letters.
 */
export const shown = (field: z.ZodString) => field.check(nothingWrong(hiddenIn));

/** A web address that a person may be sent to. Never fetched by Hark. */
export const webUrl = z.string().max(2_000).refine(isWebUrl, 'must be an http or https address');

/** An app's own name for a person, as the app chose it. */
export const openid = line(128);

/** The bearer token of an app (`has_…`) or a binding (`hk_…`); it names the kind, the id and the secret part. */
export const credential = token(200).min(8);

const isWithin = (ms: number | undefined, minMs: number, maxMs: number): boolean =>
  ms === undefined || (ms >= minMs && ms <= maxMs);

function isOfOurTime(text: string): boolean {
  const ms = Date.parse(text);
  return ms >= 0 && ms <= Date.UTC(9999, 11, 31, 23, 59, 59, 999);
}

// The WHATWG parser silently repairs some addresses, such as one with a line feed. An address that needs repair is
// refused.
function isWebUrl(text: string): boolean {
  if (!/^https?:\/\//i.test(text) || /[\s\p{Cc}\\]/u.test(text) || !text.isWellFormed()) return false;
  return URL.canParse(text);
}
