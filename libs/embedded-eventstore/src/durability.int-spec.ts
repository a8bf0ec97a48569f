import { randomUUID } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { AppendOutcome, ExpectedRevision, NewEvent } from './event-log';
import { HeldDisk } from './held-disk.fixture';
import { SqliteEventLog } from './sqlite-event-log';
import { eventually, useDir } from './store.fixture';

const newDir = useDir();
const any: ExpectedRevision = { is: 'any' };
const exact = (revision: bigint): ExpectedRevision => ({ is: 'exact', revision });
const none = new Uint8Array(0);
const event = (id: string = randomUUID()): NewEvent => ({ id, type: 't', isJson: false, data: none, metadata: none });
const metadata = (text: string): NewEvent => ({
  ...event(),
  type: '$metadata',
  isJson: true,
  data: Buffer.from(text),
});

let disk: HeldDisk;
let log: SqliteEventLog;
let dataDir: string;
let unexpected: unknown[];
beforeEach(() => {
  disk = new HeldDisk();
  unexpected = [];
  dataDir = newDir();
  log = new SqliteEventLog(dataDir, { sync: disk.sync, onUnexpected: (error) => unexpected.push(error) });
});
afterEach(async () => {
  const closed = log.close();
  let open = true;
  void closed.then(() => (open = false));
  await eventually(() => {
    if (disk.holds) disk.release();
    return !open;
  });
});

/** An append and whether it was answered. */
function follow(appended: Promise<AppendOutcome>) {
  const seen: { outcome?: AppendOutcome; error?: unknown } = {};
  appended.then(
    (outcome) => (seen.outcome = outcome),
    (error: unknown) => (seen.error = error),
  );
  return seen;
}

/** Several turns of the event loop: enough for anything that is not held back by the disk. */
async function turns(): Promise<void> {
  for (let n = 0; n < 20; n += 1) await setImmediate();
}

const begun = (count: number) => eventually(() => disk.begun === count && disk.holds);

/** Everything a reader can ask about two streams and `$all`. */
const seenBy = (from: number) => ({
  state: log.state('s'),
  forwards: log.readStreamForwards('s', 0n, 10).map(({ revision }) => revision),
  backwards: log.readStreamBackwards('s', 100n, 10).map(({ revision }) => revision),
  all: log.readAllForwards(from, 10).map(({ streamId }) => streamId),
  allBackwards: log
    .readAllBackwards(Number.MAX_SAFE_INTEGER, 10)
    .map(({ position }) => position)
    .filter((position) => position > from),
  scanned: log.scanAllForwards(from, 10, () => true).considered,
  head: log.head(),
});

it('answers nobody and shows nobody an event before the disk has it', async () => {
  const heads: number[] = [];
  log.onCommitted((head) => heads.push(head));
  const start = log.head();
  const before = seenBy(start);
  expect(before).toMatchObject({ state: { is: 'absent' }, forwards: [], all: [], scanned: 0 });
  const first = follow(log.append('s', any, [event(), event()]));
  await begun(1);
  await turns();
  expect([first, heads]).toEqual([{}, []]);
  expect(seenBy(start)).toEqual(before);
  disk.release();
  await eventually(() => first.outcome !== undefined);
  expect(heads).toEqual([start + 2]);
  expect(seenBy(start)).toEqual({
    state: { is: 'present', last: 1n, first: 0n, softDeleted: false, maxAgeMs: undefined },
    forwards: [0n, 1n],
    backwards: [1n, 0n],
    all: ['s', 's'],
    allBackwards: [start + 2, start + 1],
    scanned: 2,
    head: start + 2,
  });
});

it('shows the stream, its metadata and its deletions as they were, while a change of them is not durable', async () => {
  const settled = async (append: Promise<AppendOutcome>) => {
    await begun(disk.begun + 1);
    disk.release();
    return append;
  };
  await settled(log.append('s', any, [event(), event(), event()]));
  const start = log.head();
  const before = seenBy(start);
  const changes = [
    () => log.append('s', exact(2n), [event()]),
    () => log.append('$$s', any, [metadata('{"$maxCount":1}')]),
    () => log.softDelete('s', any),
    () => log.append('s', any, [event()]),
    () => log.tombstone('s', any),
  ];
  const replies: ReturnType<typeof follow>[] = [];
  for (const change of changes) {
    replies.push(follow(change()));
    if (replies.length === 1) await begun(disk.begun + 1);
    // A full group would be committed beside the sync; this one by hand, so that there is something to be hidden.
    void log.flushAll();
    await turns();
    expect(seenBy(start)).toEqual(before);
    expect(log.state('$$s')).toEqual({ is: 'absent' });
  }
  disk.release();
  await begun(disk.begun + 1);
  expect(replies.map(({ outcome }) => outcome?.is)).toEqual([
    'appended',
    ...Array.from({ length: 4 }, () => undefined),
  ]);
  expect(log.state('s')).toMatchObject({ is: 'present', last: 3n, first: 0n });
  disk.release();
  await eventually(() => replies.every(({ outcome }) => outcome?.is === 'appended'));
  expect(log.state('s')).toEqual({ is: 'tombstoned' });
});

it('lets what arrives during a sync share the next one, more than one group of them', async () => {
  const first = follow(log.append('s', any, [event()]));
  await begun(1);
  const later = Array.from({ length: 600 }, (_, n) => follow(log.append(`s-${n % 7}`, any, [event()])));
  await turns();
  disk.release();
  await begun(2);
  expect(first.outcome).toMatchObject({ is: 'appended' });
  expect(later.every(({ outcome }) => outcome === undefined)).toBe(true);
  disk.release();
  // Two full groups were committed beside the first sync; the rest of the third came after it.
  await eventually(() => later.slice(0, 512).every(({ outcome }) => outcome !== undefined));
  if (!later.every(({ outcome }) => outcome !== undefined)) {
    await begun(3);
    disk.release();
  }
  await eventually(() => later.every(({ outcome }) => outcome?.is === 'appended'));
  expect(disk.begun).toBeLessThanOrEqual(3);
});

it('holds back a repeat and a refusal until what they stand on is durable, and no longer', async () => {
  const repeated = event();
  const first = follow(log.append('s', any, [repeated]));
  await begun(1);
  const repeat = follow(log.append('s', any, [repeated]));
  const wrong = follow(log.append('s', { is: 'no-stream' }, [event()]));
  void log.flushAll();
  await turns();
  expect([first, repeat, wrong]).toEqual([{}, {}, {}]);
  disk.release();
  await eventually(() => wrong.outcome !== undefined);
  expect(repeat.outcome).toEqual(first.outcome);
  expect(wrong.outcome).toMatchObject({ is: 'wrong-expected-version', actual: 0n });
  // Nothing new was written: neither did they need a sync of their own, nor do others now.
  expect(await log.append('s', any, [repeated])).toEqual(first.outcome);
  expect(disk.begun).toBe(1);
});

it('closes after the running sync, with everything answered', async () => {
  const first = follow(log.append('s', any, [event()]));
  await begun(1);
  const second = follow(log.append('s', any, [event()]));
  let closed = false;
  void log.close().then(() => (closed = true));
  await turns();
  expect([closed, first, second]).toEqual([false, {}, {}]);
  await expect(log.append('s', any, [event()])).rejects.toMatchObject({ code: 'event-store.closed' });
  disk.release();
  await begun(2);
  await turns();
  expect(closed).toBe(false);
  disk.release();
  await eventually(() => closed);
  expect([first.outcome?.is, second.outcome?.is]).toEqual(['appended', 'appended']);
});

describe('a sync that failed', () => {
  it('refuses what waits and what comes, says so once, and leaves what was durable readable', async () => {
    const kept = follow(log.append('s', any, [event()]));
    await begun(1);
    disk.release();
    await eventually(() => kept.outcome !== undefined);
    const start = log.head() - 1;
    const before = seenBy(start);
    const heads: number[] = [];
    log.onCommitted((head) => heads.push(head));
    const lost = follow(log.append('s', any, [event()]));
    await begun(2);
    const committed = follow(log.append('s', any, [event()]));
    void log.flushAll();
    const waiting = follow(log.append('s', any, [event()]));
    disk.fail();
    await eventually(() => waiting.error !== undefined);
    const refusal = { kind: 'unavailable', code: 'event-store.not-durable' };
    expect([lost.error, committed.error, waiting.error]).toMatchObject([refusal, refusal, refusal]);
    await expect(log.append('s', any, [event()])).rejects.toMatchObject(refusal);
    await expect(log.tombstone('s', any)).rejects.toMatchObject(refusal);
    expect(unexpected).toMatchObject([{ ...refusal, cause: { code: 'EIO' } }]);
    expect(seenBy(start)).toEqual(before);
    expect(before).toMatchObject({ forwards: [0n], all: ['s'] });
    expect([heads, disk.begun]).toEqual([[], 2]);
  });

  it('leaves the write-ahead log where it is, and the log opens again with all that was durable', async () => {
    const kept = event();
    const first = follow(log.append('s', any, [kept]));
    await begun(1);
    disk.release();
    await eventually(() => first.outcome !== undefined);
    const lost = follow(log.append('s', any, [event()]));
    await begun(2);
    const file = join(dataDir, 'events.db');
    const sizes = () => [statSync(file).size, statSync(`${file}-wal`).size];
    const before = sizes();
    disk.fail();
    await eventually(() => lost.error !== undefined);
    await log.close();
    // An orderly close would have emptied and removed it.
    expect(existsSync(`${file}-wal`)).toBe(true);
    expect(sizes()).toEqual(before);
    const again = new SqliteEventLog(dataDir);
    expect(again.readStreamForwards('s', 0n, 1).map(({ id }) => id)).toEqual([kept.id]);
    expect(await again.append('s', any, [event()])).toMatchObject({ is: 'appended' });
    await again.close();
    expect(existsSync(`${file}-wal`)).toBe(false);
  });
});
