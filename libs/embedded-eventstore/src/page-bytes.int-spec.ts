import { randomUUID } from 'node:crypto';
import type { LogEvent } from './event-log';
import { SqliteEventLog } from './sqlite-event-log';
import { describeEmbedded, useDir } from './store.fixture';

const newDir = useDir();
const eventBytes = 300_000;
const pageBytes = 1_048_576;
const count = 12;

describeEmbedded('a page of large events', () => {
  let log: SqliteEventLog;
  let before: number;
  beforeAll(async () => {
    log = new SqliteEventLog(newDir());
    before = log.head();
    const [data, metadata] = [Buffer.alloc(eventBytes, 'x'), new Uint8Array(0)];
    const event = { type: 't', isJson: false, data, metadata };
    for (let n = 0; n < count; n += 1) await log.append('large', { is: 'any' }, [{ ...event, id: randomUUID() }]);
  });
  afterAll(() => log.close());

  /** What each kind of read gives after (or before) a position or revision, and where to go on. */
  const reads: Readonly<Record<string, (from: LogEvent | undefined) => LogEvent[]>> = {
    'of a stream': (from) => log.readStreamForwards('large', from === undefined ? 0n : from.revision + 1n, 100),
    'of a stream backwards': (from) =>
      from?.revision === 0n ? [] : log.readStreamBackwards('large', from === undefined ? 99n : from.revision - 1n, 100),
    'of $all': (from) => log.readAllForwards(from?.position ?? before, 100),
    'of $all backwards': (from) =>
      log.readAllBackwards(from?.position ?? Infinity, 100).filter(({ position }) => position > before),
    'of $all with a filter': (from) => log.scanAllForwards(from?.position ?? before, 100, () => true).events,
  };

  it.each(Object.keys(reads))('%s ends early and goes on without a gap', (kind) => {
    const seen: LogEvent[] = [];
    for (;;) {
      const page = reads[kind]?.(seen.at(-1)) ?? [];
      if (page.length === 0) break;
      expect(page.length * eventBytes).toBeLessThan(pageBytes + eventBytes);
      seen.push(...page);
    }
    const revisions = seen.map(({ revision }) => Number(revision)).sort((a, b) => a - b);
    expect(revisions).toEqual(Array.from({ length: count }, (_, n) => n));
  });

  it('with a filter says how far it looked', () => {
    const page = log.scanAllForwards(before, 100, ({ position }) => position % 2 === 0);
    const last = page.events.at(-1)?.position ?? 0;
    expect(page).toMatchObject({ considered: last - before, upTo: last });
    expect(page.events.length).toBeLessThan(count / 2);
  });
});
