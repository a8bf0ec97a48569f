import { Empty } from '@eventstore/db-client/generated/shared_pb';
import { ReadResp } from '@eventstore/db-client/generated/streams_pb';
import { fillRecordedEvent, type UuidForm } from './codec';
import { originalOf, type ResolvedEvent } from './links';

/** One event as a reply to `Read`. */
export function readEvent(resolved: ResolvedEvent, form: UuidForm): ReadResp {
  const message = new ReadResp.ReadEvent();
  const { event, link } = resolved;
  if (event !== undefined) message.setEvent(fillRecordedEvent(new ReadResp.ReadEvent.RecordedEvent(), event, form));
  if (link !== undefined) message.setLink(fillRecordedEvent(new ReadResp.ReadEvent.RecordedEvent(), link, form));
  const original = originalOf(resolved);
  if (original === undefined) message.setNoPosition(new Empty());
  else message.setCommitPosition(String(original.position));
  return new ReadResp().setEvent(message);
}
