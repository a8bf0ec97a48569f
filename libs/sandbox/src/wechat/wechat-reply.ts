import { randomBytes } from 'node:crypto';
import { type Reply, reply } from '../http/exchange';

/** A business error of the platform: HTTP 200 and an errcode. `message` comes without the rid, which is added. */
export class WeChatRefusal extends Error {
  constructor(
    readonly errcode: number,
    message: string,
  ) {
    super(message);
  }
}

/** Three groups of eight hex digits: the shape of a rid and of a trace_id. */
export function requestId(): string {
  const hex = randomBytes(12).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 16)}-${hex.slice(16)}`;
}

/** The platform labels its JSON as text and answers HTTP 200 whatever happened. */
export const platformReply = (body: string): Reply => reply(200, 'text/plain', body);

export const success = (fields: object): Reply =>
  platformReply(JSON.stringify({ errcode: 0, errmsg: 'ok', ...fields }));

/** Older calls put a comma before the rid, newer ones a blank. Whole messages are never the same twice. */
export const failure = ({ errcode, message }: WeChatRefusal): Reply =>
  platformReply(JSON.stringify({ errcode, errmsg: `${message} rid: ${requestId()}` }));
