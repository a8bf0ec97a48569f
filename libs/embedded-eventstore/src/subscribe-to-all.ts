import { CommitSignal } from './commit-signal';
import type { EventLog } from './event-log';
import type { EventFilter } from './filter';
import { pageEventsMax, sendPage, yieldToOthers } from './page';
import type { ReadReply } from './read-reply';
import { type AllStart, beforeExclusive, type ReadRequest } from './read-request';
import { caughtUp, checkpoint, confirmation } from './subscription-messages';

type AllSubscription = Extract<ReadRequest, { is: 'subscribe-to-all' }>;

/** A subscription to `$all`: one cursor over history and present, so that no event is missed or repeated between them. */
export async function subscribeToAll(log: EventLog, request: AllSubscription, reply: ReadReply): Promise<void> {
  const signal = new CommitSignal(log, reply.signal);
  try {
    const after = startAfter(request.from, log.head());
    const live = request.from.is === 'end';
    reply.send(confirmation());
    if (live) reply.send(caughtUp());
    const { filter } = request;
    if (filter === undefined) await followAll(log, request, reply, signal, after, live);
    else await followFiltered(log, request, reply, signal, new Progress(after, live, filter));
  } finally {
    signal.close();
  }
}

async function followAll(
  log: EventLog,
  request: AllSubscription,
  reply: ReadReply,
  signal: CommitSignal,
  after: number,
  startsLive: boolean,
): Promise<void> {
  let cursor = after;
  let live = startsLive;
  while (!reply.closed) {
    const page = log.readAllForwards(cursor, pageEventsMax);
    const last = page.at(-1);
    if (last === undefined) {
      if (live) await signal.grew();
      else reply.send(caughtUp());
      live = true;
      continue;
    }
    await sendPage(log, page, request, reply);
    cursor = last.position;
    await reply.drained();
    if (!live) await yieldToOthers();
  }
}

/** Where a filtered subscription stands: its cursor, and how many events it considered since the last checkpoint. */
class Progress {
  considered = 0;
  private checkpointed = 0;

  constructor(
    public cursor: number,
    public live: boolean,
    private readonly filter: EventFilter,
  ) {}

  /** A page never crosses a checkpoint, so that none can name an event that was not sent. */
  get pageSize(): number {
    return Math.min(pageEventsMax, this.filter.checkpointInterval - this.considered);
  }

  /** The position of a checkpoint that is due now; never one twice, and none before anything was considered. */
  due(force: boolean, moved: boolean): number | undefined {
    const full = this.considered >= this.filter.checkpointInterval;
    if (full || force) this.considered = 0;
    if (!(full || force) || !moved || this.cursor <= this.checkpointed) return undefined;
    this.checkpointed = this.cursor;
    return this.cursor;
  }
}

async function followFiltered(
  log: EventLog,
  request: AllSubscription & { filter?: EventFilter },
  reply: ReadReply,
  signal: CommitSignal,
  progress: Progress,
): Promise<void> {
  const matches = request.filter?.matches ?? (() => true);
  let moved = false;
  while (!reply.closed) {
    const page = log.scanAllForwards(progress.cursor, progress.pageSize, matches);
    if (page.considered === 0) {
      if (progress.live) {
        await signal.grew();
        continue;
      }
      sendCheckpoint(progress.due(true, moved), reply);
      reply.send(caughtUp());
      progress.live = true;
      continue;
    }
    await sendPage(log, page.events, request, reply);
    moved = true;
    progress.cursor = page.upTo;
    progress.considered += page.considered;
    sendCheckpoint(progress.due(false, moved), reply);
    await reply.drained();
    if (!progress.live) await yieldToOthers();
  }
}

const sendCheckpoint = (position: number | undefined, reply: ReadReply): void => {
  if (position !== undefined) reply.send(checkpoint(position));
};

function startAfter(from: AllStart, head: number): number {
  if (from.is === 'start') return 0;
  return from.is === 'end' ? head : beforeExclusive(from);
}
