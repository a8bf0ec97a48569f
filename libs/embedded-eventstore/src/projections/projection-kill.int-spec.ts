import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { EventStoreDBClient } from '@eventstore/db-client';
import type { LogEvent } from '../event-log';
import { programOf } from '../from-sources';
import { SqliteEventLog } from '../sqlite-event-log';
import { describeEmbedded, eventually, newEvents, useDir } from '../store.fixture';

import { ProjectedLog } from '.';

const newDir = useDir();
const rounds = 3;
const seenPerRound = 300;
const pageSize = 500;
let running: ChildProcess | undefined;
afterEach(() => running?.kill('SIGKILL'));

async function startChild(dataDir: string): Promise<{ child: ChildProcess; url: string }> {
  const { code, execArgv } = programOf('child.fixture');
  const child = spawn(process.execPath, [...execArgv, '-e', code, dataDir], { stdio: ['pipe', 'pipe', 'inherit'] });
  running = child;
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, url: line.toString().trim() };
}

/** Everything of a stream, or of the log without a name. */
function all(log: ProjectedLog, streamId?: string): LogEvent[] {
  const events: LogEvent[] = [];
  for (;;) {
    const last = events.at(-1);
    const page =
      streamId === undefined
        ? log.readAllForwards(last?.position ?? 0, pageSize)
        : log.readStreamForwards(streamId, (last?.revision ?? -1n) + 1n, pageSize);
    if (page.length === 0) return events;
    events.push(...page);
  }
}

describeEmbedded('kill -9 while projected streams are followed', () => {
  it('leaves an index that misses and repeats nothing', async () => {
    const dataDir = newDir();
    for (let round = 0; round < rounds; round += 1) {
      const { child, url } = await startChild(dataDir);
      const client = EventStoreDBClient.connectionString(url);
      let seen = 0;
      client
        .subscribeToStream('$ce-killed')
        .on('error', () => undefined)
        .on('data', () => (seen += 1));
      const exited = once(child, 'exit');
      const write = async (stream: string): Promise<void> => {
        while (child.exitCode === null && child.signalCode === null) {
          await client.appendToStream(stream, newEvents(3, 'killed')).catch(() => undefined);
        }
      };
      const writers = [0, 1, 2, 3].map((n) => write(`killed-${n}`));
      await eventually(() => seen >= seenPerRound * (round + 1));
      child.kill('SIGKILL');
      await exited;
      await Promise.all(writers);
      await client.dispose();
      await verify(dataDir);
    }
  });
});

async function verify(dataDir: string): Promise<void> {
  const fail = (error: unknown): never => {
    throw error;
  };
  const events = new SqliteEventLog(dataDir, { onUnexpected: fail });
  const log = new ProjectedLog(events, { dataDir, onUnexpected: fail });
  try {
    const targets = all(log)
      .filter(({ type }) => type === 'killed')
      .map(({ revision, streamId }) => `${revision}@${streamId}`);
    expect(targets.length).toBeGreaterThanOrEqual(seenPerRound);
    for (const stream of ['$ce-killed', '$et-killed']) {
      await eventually(() => all(log, stream).length >= targets.length);
      const links = all(log, stream);
      expect(links.map(({ data }) => Buffer.from(data).toString())).toEqual(targets);
      expect(links.map(({ revision }) => Number(revision))).toEqual(targets.map((_, n) => n));
    }
  } finally {
    log.close();
    await events.close();
  }
}
