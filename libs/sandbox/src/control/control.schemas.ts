import { z } from 'zod';
import { deviceKeyPattern, deviceStates } from '../bark/bark-devices';
import { suggestions } from '../wechat/content-check';
import { faultModes } from './faults';
import { providers } from './journal';

/** Longest wait of one long poll. */
export const waitMaxMs = 10_000;
/** Longest delay and farthest step of the clock that may be asked for. */
export const delayMaxMs = 60_000;
export const advanceMaxMs = 366 * 86_400_000;

const name = z.string().min(1).max(256);
const whole = (min: number, max: number) => z.coerce.number().int().min(min).max(max);

/** What every list of arrivals takes beside its own key. */
const polling = {
  atLeast: whole(1, 20_000).optional(),
  waitMs: whole(0, waitMaxMs).optional(),
  after: whole(0, Number.MAX_SAFE_INTEGER).optional(),
};

type Polling = { [K in keyof typeof polling]?: number };

/** The query of a list whose own key is called `key`. */
export const listQuery = (key: string): z.ZodType<Polling & Record<string, unknown>> =>
  z.strictObject({ ...polling, [key]: name.optional() });

export const journalQuery = z.strictObject({ provider: z.enum(providers).optional(), after: polling.after });
export const streamQuery = z.strictObject({ deviceKey: name.optional() });
export const nothing = z.strictObject({});

export const codeBody = z.strictObject({
  openid: name,
  unionid: name.optional(),
  appId: name.optional(),
  sessionKey: z
    .string()
    .refine((key) => Buffer.from(key, 'base64').length === 16, 'must be 16 bytes in base64')
    .optional(),
});
export const verdictBody = z.strictObject({
  contains: z.string().min(1).max(2_500),
  suggest: z.enum(suggestions),
  label: z.number().int(),
});
export const subscriptionBody = z.strictObject({
  openid: name,
  templateId: name,
  count: z.number().int().min(1).max(1_000_000),
});
export const deviceBody = z.strictObject({
  deviceKey: z.string().regex(deviceKeyPattern, 'must be 16 to 64 letters or digits').optional(),
  state: z.enum(deviceStates).default('ok'),
});
export const browserBody = z.strictObject({ applicationServerKey: z.string().regex(/^B[\w-]{86}$/) });
export const unsubscriptionBody = z.strictObject({ path: name });
export const faultBody = z.strictObject({
  provider: z.enum(providers),
  mode: z.enum(faultModes),
  times: z.number().int().min(1).max(1_000_000).optional(),
  status: z.number().int().min(300).max(599).optional(),
  errcode: z.number().int().optional(),
  message: z.string().min(1).max(500).optional(),
  delayMs: z.number().int().min(0).max(delayMaxMs).optional(),
  match: name.optional(),
  accepted: z.boolean().optional(),
});
export const clockBody = z.strictObject({ advanceMs: z.number().int().min(0).max(advanceMaxMs) });
