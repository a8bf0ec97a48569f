import { randomUUID } from 'node:crypto';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { NewEvent } from './event-log';
import { SqliteEventLog } from './sqlite-event-log';
import { useDir } from './store.fixture';

const newDir = useDir();
const none = new Uint8Array(0);
const event = (): NewEvent => ({ id: randomUUID(), type: 't', isJson: false, data: none, metadata: none });
const groups = 150;
const eventsPerGroup = 100;
/** Well below what that many events take when no checkpoint ever lets the write-ahead log begin anew. */
const walBytesMax = 48 * 1_048_576;

it('keeps the write-ahead log small while others write, and loses nothing', async () => {
  const dataDir = newDir();
  const log = new SqliteEventLog(dataDir);
  for (let n = 0; n < groups; n += 1) {
    // Streams of their own, so that every event touches pages of its own.
    await Promise.all(
      Array.from({ length: eventsPerGroup }, () => log.append(`s-${randomUUID()}`, { is: 'any' }, [event()])),
    );
    await setTimeout(1);
  }
  expect(statSync(join(dataDir, 'events.db-wal')).size).toBeLessThan(walBytesMax);
  expect(statSync(join(dataDir, 'events.db')).size).toBeGreaterThan(1_048_576);
  const head = log.head();
  await log.close();
  const again = new SqliteEventLog(dataDir);
  expect(again.head()).toBe(head);
  let seen = 0;
  for (let at = 0; ;) {
    const page = again.readAllForwards(at, 1_000);
    if (page.length === 0) break;
    seen += page.filter(({ type }) => type === 't').length;
    at = page.at(-1)?.position ?? 0;
  }
  expect(seen).toBe(groups * eventsPerGroup);
  await again.close();
});
