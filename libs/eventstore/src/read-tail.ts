import { EventStoreDBClient } from '@eventstore/db-client';
import { Empty } from '@eventstore/db-client/generated/shared_pb';
import { ReadReq } from '@eventstore/db-client/generated/streams_pb';
import { withTimeout } from '@hark/resilience';
import { brokenCall } from './append-refusal';
import { LogEvent, LogMessage, logMessageOf } from './log-event';
import { openRead } from './open-client';
import { tooLate } from './store-deadline';

/** How many events of the log the server looks at in one step of a filtered read; by default it would take 32. */
const searchWindow = 1_000;

/**
 * The events of the streams of these categories behind the position `after` (-1: from the beginning), in the order of the
 * log, at most `eventsMax`: fewer mean that there were no more when the read came to the end. One Read call on `$all` with a
 * stream-name filter (EventStoreDB's streams.proto). Throws what the call ends with, or `eventstore.timeout`.
 */
export async function readTail(
  client: EventStoreDBClient,
  categories: readonly string[],
  after: bigint,
  eventsMax: number,
  deadlineMs: number,
): Promise<LogEvent[]> {
  const events: LogEvent[] = [];
  // The first one may be the event at `after` itself: a read forwards begins with it.
  const request = requestOf(categories, after, eventsMax + 1);
  const call = await openRead(client, request, logMessageOf, { requiresLeader: true });
  const ended = new Promise<void>((resolve, reject) => {
    call.on('data', (message: LogMessage) => {
      if (typeof message === 'object' && message.position > after) events.push(message);
    });
    call.on('end', resolve);
    call.on('error', (error) => reject(brokenCall(error)));
  });
  await withTimeout(deadlineMs, ended, () => {
    call.cancel();
    throw tooLate(deadlineMs);
  });
  return events;
}

/**
 * The latest events of these types before the position `before`, or of the whole log, latest first, at most `eventsMax`. Throws
 * as `readTail`.
 */
export async function readLatest(
  client: EventStoreDBClient,
  types: readonly string[],
  before: bigint | undefined,
  eventsMax: number,
  deadlineMs: number,
): Promise<LogEvent[]> {
  const events: LogEvent[] = [];
  const all = new ReadReq.Options.AllOptions();
  if (before === undefined) all.setEnd(new Empty());
  else all.setPosition(positionAt(before));
  const names = new ReadReq.Options.FilterOptions.Expression();
  const filter = new ReadReq.Options.FilterOptions().setEventType(
    names.setRegex(`^(${types.map((type) => type.replaceAll('.', '\\.')).join('|')})$`),
  );
  const backwards = ReadReq.Options.ReadDirection.BACKWARDS;
  // A real EventStoreDB may begin with the event at `before` itself, hence one more.
  const call = await openRead(client, optionsOf(all, filter, backwards, eventsMax + 1), logMessageOf);
  const ended = new Promise<void>((resolve, reject) => {
    call.on('data', (message: LogMessage) => {
      if (typeof message === 'object' && (before === undefined || message.position < before)) events.push(message);
    });
    call.on('end', resolve);
    call.on('error', (error) => reject(brokenCall(error)));
  });
  await withTimeout(deadlineMs, ended, () => {
    call.cancel();
    throw tooLate(deadlineMs);
  });
  return events.slice(0, eventsMax);
}

function requestOf(categories: readonly string[], after: bigint, count: number): ReadReq {
  const all = new ReadReq.Options.AllOptions();
  if (after < 0n) all.setStart(new Empty());
  else all.setPosition(positionAt(after));
  const names = new ReadReq.Options.FilterOptions.Expression();
  const filter = new ReadReq.Options.FilterOptions().setStreamIdentifier(
    names.setPrefixList(categories.map((category) => `${category}-`)),
  );
  return optionsOf(all, filter, ReadReq.Options.ReadDirection.FORWARDS, count);
}

const positionAt = (at: bigint): ReadReq.Options.Position =>
  new ReadReq.Options.Position().setCommitPosition(String(at)).setPreparePosition(String(at));

function optionsOf(
  all: ReadReq.Options.AllOptions,
  filter: ReadReq.Options.FilterOptions,
  direction: ReadReq.Options.ReadDirection,
  count: number,
): ReadReq {
  const options = new ReadReq.Options()
    .setAll(all)
    .setReadDirection(direction)
    .setResolveLinks(false)
    .setCount(String(count))
    .setFilter(filter.setMax(searchWindow).setCheckpointintervalmultiplier(1))
    .setUuidOption(new ReadReq.Options.UUIDOption().setString(new Empty()));
  return new ReadReq().setOptions(options);
}
