import { HarkError } from '@hark/kernel';
import { type CopiedEvent, isCopied, isTombstone, type LogPosition, nameOf } from './copied-event';
import { GroupBirths } from './group-births';
import type { StreamDigests } from './stream-digests';

/** The content of the source. */
export interface SourceSurvey {
  /** The position of its last event, of any kind; later events are left to a later run. */
  readonly head: LogPosition;
  /** Events to be copied. */
  readonly events: number;
  /** Events of the server's own streams, which are not copied. */
  readonly systemEvents: number;
  readonly births: GroupBirths;
}

/**
 * Reads the whole source before anything is written: count and hash of every stream, and whether it can be copied.
 * Throws `refused` for a stream with a gap: a scavenge removed events, and an event after the gap would get another
 * revision in the target.
 */
export async function surveySource(
  source: AsyncIterable<CopiedEvent>,
  digests: StreamDigests,
  progress: (events: number) => void,
): Promise<SourceSurvey> {
  const births = new GroupBirths();
  let head: LogPosition = { commit: 0n, prepare: 0n };
  let events = 0;
  let systemEvents = 0;
  for await (const event of source) {
    head = event.position;
    births.see(event, (streamId) => digests.of('source', streamId).nextRevision);
    if (!isCopied(event.streamId)) {
      systemEvents += 1;
      continue;
    }
    const { nextRevision } = digests.of('source', event.streamId);
    if (!isTombstone(event) && event.revision !== nextRevision) throw gap(event, nextRevision);
    digests.add('source', event);
    events += 1;
    progress(events);
  }
  return { head, events, systemEvents, births };
}

const gap = (event: CopiedEvent, expected: bigint): HarkError =>
  new HarkError(
    'refused',
    'migrate.scavenged',
    `in the source ${nameOf(event)} follows where event ${expected} belongs: a scavenge has removed events, ` +
      'so revisions cannot be kept',
  );
