import { z } from 'zod';
import { line, Locale, text, webUrl } from './fields';

/** All texts of a push together, in UTF-8 bytes. */
export const pushTextBytesMax = 16_384;

const actionUrl = z.string().max(2_000).refine(isActionUrl, 'must be an http, https, tel or mailto address');

/** What may be said otherwise to readers of another language. */
const worded = {
  title: line(200).optional(),
  body: text(4_000).min(1),
  markdown: text(20_000).min(1).optional(),
  summary: line(200).optional(),
};
const variant = z.strictObject({ ...worded, body: worded.body.optional() });

/** Which step of a thread a push tells of. */
export const step = z
  .strictObject({ index: z.int().min(1).max(50), of: z.int().min(1).max(50), label: line(40).optional() })
  .refine(({ index, of }) => index <= of, { path: ['index'], error: 'must not be beyond the last step' })
  .describe('Where a thread stands: step `index` of `of`, such as 2 of 6, 已出发.');

const action = z.strictObject({
  id: z.string().regex(/^[A-Za-z0-9_-]{1,40}$/, 'must be letters, digits, - and _'),
  label: line(40),
  url: actionUrl.optional(),
});

/** What a push says, as its sender writes it: the fields of `POST /v1/pushes` that are shown or handed on. */
export const pushContentFields = {
  ...worded,
  url: webUrl.optional(),
  icon: webUrl.optional(),
  image: webUrl.optional(),
  tags: z.array(line(40)).max(10).optional(),
  thread: line(100).optional(),
  collapseId: line(100).optional().describe('A later push of the same binding with this id replaces it on the phone.'),
  step: step.optional(),
  actions: z
    .array(action)
    .max(3)
    .refine((actions) => new Set(actions.map(({ id }) => id)).size === actions.length, 'must have ids of their own')
    .optional(),
  variants: z
    .strictObject({ 'zh-CN': variant.optional(), en: variant.optional() })
    .optional()
    .describe('Other words for readers of that language; what a variant leaves out stays.'),
  data: z.record(z.string().max(100), z.unknown()).optional().describe('Handed to the reader’s client as it is.'),
};

/** What a push says, sealed as JSON inside `message.pushed`, `message.edited` and `delivery.filed`. */
export const pushContent = z.strictObject(pushContentFields);
export type PushContent = z.infer<typeof pushContent>;

/** What readers of one language see of a push. */
export const localContent = pushContent.omit({ variants: true });
export type LocalContent = z.infer<typeof localContent>;

/** The push in the words for readers of `locale`; where it has none for them, as it is. */
export function contentFor(locale: Locale, { variants, ...content }: PushContent): LocalContent {
  return { ...content, ...variants?.[locale] };
}

// A button may also call or write to somebody. Everything else, `javascript:` above all, is refused.
function isActionUrl(value: string): boolean {
  if (/[\s\p{Cc}\\]/u.test(value) || !value.isWellFormed()) return false;
  return /^(https?:\/\/|tel:|mailto:)/i.test(value) && URL.canParse(value);
}
