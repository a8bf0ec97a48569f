import { textOf } from './codec';
import type { EventLog, LogEvent } from './event-log';

/** The type of an event that points to another one. */
export const linkType = '$>';

/** What a reader is given: `event` is absent when a link's target cannot be seen; `link` is present when one was followed. */
export interface ResolvedEvent {
  readonly event?: LogEvent;
  readonly link?: LogEvent;
}

/** The event whose position a reply names: the link if there is one. */
export const originalOf = ({ event, link }: ResolvedEvent): LogEvent | undefined => link ?? event;

/**
 * Follows a link one level when the reader asked for it. A target that is missing, truncated, expired or deleted leaves
 * the link alone (`event` absent), as does a revision without a stream; data that names no revision is no link and
 * comes back as an ordinary event.
 */
export function resolveLink(
  log: EventLog,
  event: LogEvent,
  resolveLinkTos: boolean,
  nowMs = Date.now(),
): ResolvedEvent {
  if (!resolveLinkTos || event.type !== linkType) return { event };
  const target = linkTarget(event.data);
  if (target === undefined) return revisionAlone.test(textOf(event.data)) ? { link: event } : { event };
  const found = visibleEvent(log, target.streamId, target.revision, nowMs);
  return found === undefined ? { link: event } : { event: found, link: event };
}

/** The stream and revision a link's data names, `<revision>@<stream>`, or `undefined` when it names none. */
export function linkTarget(data: Uint8Array): { streamId: string; revision: bigint } | undefined {
  const text = textOf(data);
  const at = text.indexOf('@');
  if (at < 0 || !revisionAlone.test(text.slice(0, at))) return undefined;
  return { revision: BigInt(text.slice(0, at).trim().replace(/^\+/, '')), streamId: text.slice(at + 1) };
}

const revisionAlone = /^\s*[+-]?\d+\s*$/;

/** One event of a stream as a reader of that stream would see it, metadata rules applied. */
export function visibleEvent(
  log: EventLog,
  streamId: string,
  revision: bigint,
  nowMs = Date.now(),
): LogEvent | undefined {
  const state = log.state(streamId);
  if (state.is !== 'present' || state.softDeleted || revision < state.first || revision > state.last) return undefined;
  const [event] = log.readStreamForwards(streamId, revision, 1);
  if (event === undefined || event.revision !== revision) return undefined;
  return state.maxAgeMs !== undefined && event.createdMs < nowMs - state.maxAgeMs ? undefined : event;
}
