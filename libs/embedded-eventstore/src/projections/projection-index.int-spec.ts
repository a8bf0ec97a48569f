import { existsSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type EventData, EventStoreDBClient, type ResolvedEvent } from '@eventstore/db-client';
import { type EventStore, startEventStore } from '..';
import type { NewEvent } from '../event-log';
import { SqliteEventLog } from '../sqlite-event-log';
import { exclusively } from '../sqlite-location';
import { collect, describeEmbedded, eventually, newEvents, useDir } from '../store.fixture';
import { eventsPerTurnMax } from './projection-index';

import { ProjectedLog } from '.';

const newDir = useDir();
const stopped: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const stop of stopped.splice(0).toReversed()) await stop();
});

const fail = (error: unknown): never => {
  throw error;
};

/** A running store and its client; both are stopped by `stop`, or at the end of the test. */
async function start(dataDir: string, onUnexpected: (error: unknown) => void = fail) {
  const server: EventStore = await startEventStore({ dataDir, onUnexpected });
  const client = EventStoreDBClient.connectionString(server.url);
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopping ??= client.dispose().then(() => server.close()));
  stopped.push(stop);
  const read = (stream: string): Promise<ResolvedEvent[]> => collect(client.readStream(stream));
  return { client, stop, read };
}
const indexFiles = (dir: string): string[] => readdirSync(dir).filter((file) => file.startsWith('projections.db'));
const dropIndex = (dir: string): void => indexFiles(dir).forEach((file) => rmSync(join(dir, file)));

describeEmbedded('the index of projected streams', () => {
  it('is not there until somebody asks for one of them', async () => {
    const dir = newDir();
    const { client, read } = await start(dir);
    await client.appendToStream('order-1', newEvents(3));
    await collect(client.readStream('order-1'));
    await expect(client.appendToStream('$ce-order', newEvents(1))).rejects.toMatchObject({ type: 'access-denied' });
    expect(indexFiles(dir)).toEqual([]);
    expect(await read('$ce-order')).toHaveLength(3);
    expect(existsSync(join(dir, 'projections.db'))).toBe(true);
  });

  it('goes on after a restart, with the same events and no repeats', async () => {
    const dir = newDir();
    const first = await start(dir);
    await first.client.appendToStream('order-1', newEvents(3));
    const before = await first.read('$ce-order');
    await first.stop();
    const second = await start(dir);
    expect(await second.read('$ce-order')).toEqual(before);
    await second.client.appendToStream('order-2', newEvents(2));
    const after = await second.read('$ce-order');
    expect(after.slice(0, 3)).toEqual(before);
    expect(after.map(({ event }) => event?.revision)).toEqual([0n, 1n, 2n, 3n, 4n]);
  });

  it.each([
    ['is deleted', dropIndex],
    ['cannot be read', (dir: string) => (dropIndex(dir), writeFileSync(join(dir, 'projections.db'), 'no database'))],
  ])('gives the same answers after it %s', async (_, damage) => {
    const dir = newDir();
    const first = await start(dir);
    await first.client.appendToStream('order-1', newEvents(3, 'placed'));
    await first.client.deleteStream('order-1');
    await first.client.appendToStream('order-2', newEvents(2, 'placed'));
    const streams = ['$ce-order', '$et-placed', '$et-$deleted'];
    const before = await Promise.all(streams.map(first.read));
    await first.stop();
    damage(dir);
    const second = await start(dir);
    expect(await Promise.all(streams.map(second.read))).toEqual(before);
  });

  it('is made anew for another log in the same folder', async () => {
    const dir = newDir();
    const first = await start(dir);
    await first.client.appendToStream('order-1', newEvents(9));
    expect(await first.read('$ce-order')).toHaveLength(9);
    await first.stop();
    for (const file of readdirSync(dir)) if (file.startsWith('events.db')) rmSync(join(dir, file));
    const second = await start(dir);
    await second.client.appendToStream('order-7', newEvents(20, 'x'));
    expect(
      (await second.read('$ce-order')).map(({ event }) => Buffer.from(event?.data as Uint8Array).toString()),
    ).toEqual(Array.from({ length: 20 }, (_, n) => `${n}@order-7`));
  });
});

describeEmbedded('a log further ahead than one turn allows', () => {
  const total = eventsPerTurnMax * 3;
  const perAppend = 512;
  const numbers = Array.from({ length: total }, (_, n) => n);

  it('is caught up with in the background, and a subscription sees every event once', async () => {
    const dir = newDir();
    const writer = await start(dir);
    const one: EventData[] = newEvents(perAppend);
    for (let n = 0; n < total; n += perAppend) await writer.client.appendToStream(`order-${n}`, one);
    const seen: number[] = [];
    const other: number[] = [];
    writer.client
      .subscribeToStream('$ce-order')
      .on('error', () => undefined)
      .on('data', ({ event }) => seen.push(Number(event?.revision)));
    writer.client
      .subscribeToStream('$et-counted', { fromRevision: BigInt(total - 10) })
      .on('error', () => undefined)
      .on('data', ({ event }) => other.push(Number(event?.revision)));
    await eventually(() => seen.length >= total && other.length >= 9);
    await writer.client.appendToStream('order-last', newEvents(1));
    await eventually(() => seen.length >= total + 1 && other.length >= 10);
    expect(seen).toEqual([...numbers, total]);
    expect(other).toEqual([...numbers, total].slice(total - 9));
  });

  it('answers from what is indexed, and calls back once there is more', async () => {
    const dir = newDir();
    const events = new SqliteEventLog(dir, { onUnexpected: fail });
    stopped.push(() => events.close());
    const one: NewEvent[] = Array.from({ length: perAppend }, (_, n) => ({
      id: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
      type: 'counted',
      isJson: false,
      data: new Uint8Array(0),
      metadata: new Uint8Array(0),
    }));
    for (let n = 0; n < total; n += perAppend) await events.append(`order-${n}`, { is: 'any' }, one);
    const log = new ProjectedLog(events, { dataDir: dir, onUnexpected: fail });
    stopped.push(() => log.close());
    let calls = 0;
    log.onCommitted(() => (calls += 1));
    const lastOf = (): number => {
      const state = log.state('$ce-order');
      return state.is === 'present' ? Number(state.last) : -1;
    };
    // However often it is asked in one turn: the first two events of a log are the store's own.
    for (let n = 0; n < 5; n += 1) expect(lastOf()).toBe(eventsPerTurnMax - 3);
    expect(calls).toBe(0);
    await eventually(() => lastOf() === total - 1);
    expect(calls).toBeGreaterThan(0);
  });
});

describeEmbedded('an index that cannot be had', () => {
  it('fails reads of projected streams alone, until it can', async () => {
    const dir = newDir();
    const errors: unknown[] = [];
    const { client, read } = await start(dir, (error) => errors.push(error));
    await client.appendToStream('order-1', newEvents(2));
    // A link to nowhere can be neither opened nor made.
    symlinkSync(join(dir, 'no-folder', 'projections.db'), join(dir, 'projections.db'));
    await expect(read('$ce-order')).rejects.toMatchObject({ code: 2 });
    expect(errors).toHaveLength(1);
    expect(await read('order-1')).toHaveLength(2);
    await client.appendToStream('order-1', newEvents(1));
    rmSync(join(dir, 'projections.db'));
    expect(await read('$ce-order')).toHaveLength(3);
  });
});

describeEmbedded('an index that cannot be written', () => {
  it('lags, says so once, and goes on when it can', async () => {
    const dir = newDir();
    const errors: unknown[] = [];
    const { client, read } = await start(dir, (error) => errors.push(error));
    await client.appendToStream('order-1', newEvents(2));
    expect(await read('$ce-order')).toHaveLength(2);
    const seen: number[] = [];
    let live = false;
    client
      .subscribeToStream('$ce-order')
      .on('error', () => undefined)
      .on('caughtUp', () => (live = true))
      .on('data', ({ event }) => seen.push(Number(event?.revision)));
    await eventually(() => live);
    const other = new DatabaseSync(exclusively(join(dir, 'projections.db')));
    try {
      other.exec('BEGIN IMMEDIATE');
      for (let n = 0; n < 3; n += 1) await client.appendToStream('order-1', newEvents(1));
      expect(await read('$ce-order')).toHaveLength(2);
      expect(errors).toHaveLength(1);
    } finally {
      other.close();
    }
    await client.appendToStream('order-1', newEvents(1));
    expect(await read('$ce-order')).toHaveLength(6);
    await eventually(() => seen.length >= 6);
    expect(seen).toEqual([0, 1, 2, 3, 4, 5]);
    expect(errors).toHaveLength(1);
  });
});
