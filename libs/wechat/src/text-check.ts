import { graphemes } from '@hark/kernel';
import { AccessTokens } from './access-tokens';
import { WechatError } from './wechat-error';
import { WechatHttp } from './wechat-http';

/** A text for WeChat to judge. */
export interface TextToCheck {
  readonly text: string;
  /** A user of this mini program who has visited it within the last two hours (WeChat docs: msgSecCheck). */
  readonly openid: string;
  /** 1 profile, 2 comment (default), 3 forum, 4 social log. */
  readonly scene?: 1 | 2 | 3 | 4;
}

/**
 * Why WeChat gave no verdict. `not-active`: the person was not in the mini program within two hours · `openid`: not a
 * user of it · `quota`: the minute's or day's quota is used up · `token`, `config`: our credentials · `busy`,
 * `network`, `timeout`: WeChat or the connection to it · `malformed`: the answer is not understood · `too-long`: more
 * than the bound here.
 */
export type NoVerdict =
  'not-active' | 'openid' | 'quota' | 'token' | 'config' | 'busy' | 'network' | 'timeout' | 'malformed' | 'too-long';

/**
 * `label` is WeChat's number (100 normal, 20002 porn, …; WeChat docs: msgSecCheck, return value); an appeal needs
 * `traceId`.
 */
export type TextVerdict =
  | { readonly is: 'pass' | 'review' | 'risky'; readonly label: number; readonly traceId: string }
  | { readonly is: 'unavailable'; readonly why: NoVerdict };

type Judged = Extract<TextVerdict, { traceId: string }>;

const chunkCodePointsMax = 2_500;
/** Longer than any phrase worth finding: where two pieces meet, one of them holds the phrase whole. */
const overlapCodePoints = 200;
/** How much shorter than the limit a piece may be, so that it ends at a blank or a line's end. */
const lookBackCodePoints = 100;
const chunksMax = 16;
const attemptsMax = 2;
const labelNormal = 100;
const labelOther = 21_000;
const riskyInVersion1 = 87_014;
const busyCode = -1;
const severity = { pass: 0, review: 1, risky: 2 } as const;

/**
 * The verdict on a text of up to some 33 000 characters: judged in overlapping pieces, the worst verdict counts. Never
 * throws for what WeChat or the network does: that is `unavailable`, which is not `pass`. One risky piece makes the
 * whole risky; otherwise one piece without a verdict makes the whole `unavailable`. An empty text passes without a
 * call.
 */
export async function checkText(http: WechatHttp, tokens: AccessTokens, input: TextToCheck): Promise<TextVerdict> {
  const pieces = piecesOf(input.text.toWellFormed());
  if (pieces.length > chunksMax) return { is: 'unavailable', why: 'too-long' };
  let worst: Judged = { is: 'pass', label: labelNormal, traceId: '' };
  let missing: TextVerdict | null = null;
  for (const piece of pieces) {
    const verdict = await checkPiece(http, tokens, { ...input, text: piece });
    if (verdict.is === 'unavailable') {
      missing = verdict;
      if (verdict.why !== 'malformed') break; // the next piece would fare no better
      continue;
    }
    if (verdict.is === 'risky') return verdict;
    if (worst.traceId === '' || severity[verdict.is] > severity[worst.is]) worst = verdict;
  }
  return missing ?? worst;
}

/**
 * The text in pieces of at most 2 500 code points (WeChat docs: msgSecCheck, `content`), each starting at least 200
 * before the end of the one before. They begin and end between grapheme clusters, at a blank or a line's end where one
 * is near.
 */
export function piecesOf(text: string): string[] {
  if (text !== '' && text.length <= chunkCodePointsMax) return [text];
  const characters = graphemes(text).flatMap((one) => (one.length <= overlapCodePoints ? [one] : [...one]));
  const pieces: string[] = [];
  for (let start = 0; start < characters.length && pieces.length <= chunksMax;) {
    const end = endOf(characters, start);
    pieces.push(characters.slice(start, end).join(''));
    if (end === characters.length) break;
    start = backFrom(characters, end, overlapCodePoints);
  }
  return pieces;
}

function endOf(characters: readonly string[], start: number): number {
  let [end, size] = [start, 0];
  for (; end < characters.length; end += 1) {
    size += lengthOf(characters[end]!);
    if (size > chunkCodePointsMax) break;
  }
  if (end === characters.length) return end;
  const least = backFrom(characters, end, lookBackCodePoints);
  const blank = characters.findLastIndex((one, index) => index < end && /^\s/.test(one));
  return blank >= least ? blank + 1 : end;
}

/** The greatest index that is at least `codePoints` code points before `end`. */
function backFrom(characters: readonly string[], end: number, codePoints: number): number {
  let [start, size] = [end, 0];
  while (start > 0 && size < codePoints) size += lengthOf(characters[--start]!);
  return start;
}

const lengthOf = (character: string): number => [...character].length;

async function checkPiece(http: WechatHttp, tokens: AccessTokens, input: TextToCheck): Promise<TextVerdict> {
  const body = { content: input.text, version: 2, scene: input.scene ?? 2, openid: input.openid };
  for (let attempt = 1; ; attempt += 1) {
    try {
      const { json } = await tokens.with((token) =>
        http.call({ method: 'POST', path: '/wxa/msg_sec_check', query: { access_token: token }, body }),
      );
      return judged(json);
    } catch (error) {
      if (!(error instanceof WechatError)) throw error;
      if (error.errcode === riskyInVersion1) return { is: 'risky', label: labelOther, traceId: error.rid ?? '' };
      if (error.errcode !== busyCode || attempt === attemptsMax) return { is: 'unavailable', why: whyOf(error) };
    }
  }
}

function judged(json: Readonly<Record<string, unknown>>): TextVerdict {
  const result = json['result'];
  const traceId = json['trace_id'];
  if (typeof result !== 'object' || result === null) return { is: 'unavailable', why: 'malformed' };
  const { suggest, label } = result as Record<string, unknown>;
  if (suggest !== 'pass' && suggest !== 'review' && suggest !== 'risky') return { is: 'unavailable', why: 'malformed' };
  return {
    is: suggest,
    label: typeof label === 'number' ? label : labelOther,
    traceId: typeof traceId === 'string' ? traceId : '',
  };
}

function whyOf(error: WechatError): NoVerdict {
  if (error.errcode === 61010) return 'not-active';
  if (error.errcode === 40003 || error.errcode === 43104) return 'openid';
  if (error.detail === 'malformed') return 'malformed';
  if (error.detail === 'timeout' || error.detail === 'unknown-outcome') return 'timeout';
  if (error.errcode === undefined && error.providerClass !== 'CONFIG') return 'network';
  if (error.providerClass === 'THROTTLED' || error.providerClass === 'QUOTA_DAY') return 'quota';
  if (error.providerClass === 'AUTH_REFRESH') return 'token';
  return error.providerClass === 'TRANSIENT' ? 'busy' : 'config';
}
