import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { EventStoreDBClient } from '@eventstore/db-client';
import { Empty, StreamIdentifier, UUID } from '@eventstore/db-client/generated/shared_pb';
import { StreamsClient } from '@eventstore/db-client/generated/streams_grpc_pb';
import { AppendReq } from '@eventstore/db-client/generated/streams_pb';
import { credentials } from '@grpc/grpc-js';
import { type EventStore, type EventStoreOptions, startEventStoreInWorker } from '@hark/embedded-eventstore';
import { type CopiedEvent, isTombstone } from './copied-event';
import { copiedEvents } from './copied-events';
import { StoreConnection } from './store-connection';

/** An event as bytes. */
export interface RawEvent {
  readonly id?: string;
  readonly type?: string;
  readonly contentType?: string;
  readonly data?: Uint8Array | string;
  readonly metadata?: Uint8Array | string;
}

/** An event without its position, bytes as base64; a tombstone without its id, which is the server's own. */
export type ComparableEvent = Omit<CopiedEvent, 'position' | 'data' | 'metadata'> & { data: string; metadata: string };

export interface StoreUnderTest {
  readonly url: string;
  readonly client: EventStoreDBClient;
  /** Appends the very bytes, which the ordinary client cannot. */
  append(streamId: string, ...events: RawEvent[]): Promise<void>;
  /** All that is copied, in the order of the log. */
  events(): Promise<ComparableEvent[]>;
}

/** Stores of their own for every test of a file, and temporary folders; all gone at the end. */
export function useStores(): {
  newStore(options?: Partial<EventStoreOptions>): Promise<StoreUnderTest>;
  newDir(): string;
} {
  const closing: (() => Promise<unknown>)[] = [];
  const dirs: string[] = [];
  const newDir = (): string => {
    const dir = mkdtempSync(join(tmpdir(), 'hark-migrate-'));
    dirs.push(dir);
    return dir;
  };
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
    for (const dir of dirs.splice(0)) rmSync(dir, { recursive: true, force: true });
  });
  return {
    newDir,
    async newStore(options = {}) {
      const store: EventStore = await startEventStoreInWorker({ ...options, dataDir: newDir() });
      const client = EventStoreDBClient.connectionString(store.url);
      const raw = new StreamsClient(new URL(store.url).host, credentials.createInsecure());
      closing.push(
        () => store.close(),
        () => client.dispose(),
        async () => raw.close(),
      );
      return {
        url: store.url,
        client,
        append: (streamId, ...events) => appendRaw(raw, streamId, events),
        events: () => all(store.url),
      };
    },
  };
}

async function all(url: string): Promise<ComparableEvent[]> {
  const connection = StoreConnection.to(url);
  const found: ComparableEvent[] = [];
  for await (const { position: _, ...event } of copiedEvents(connection.readAll())) {
    const [data, metadata] = [event.data, event.metadata].map((bytes) => Buffer.from(bytes).toString('base64'));
    found.push({ ...event, data: data!, metadata: metadata!, id: isTombstone(event) ? '' : event.id });
  }
  await connection.close();
  return found;
}

function appendRaw(raw: StreamsClient, streamId: string, events: readonly RawEvent[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const call = raw.append((error) => (error ? reject(error) : resolve()));
    const identifier = new StreamIdentifier().setStreamName(Buffer.from(streamId));
    call.write(new AppendReq().setOptions(new AppendReq.Options().setStreamIdentifier(identifier).setAny(new Empty())));
    for (const {
      id = randomUUID(),
      type = 'noted',
      contentType = 'application/json',
      data = '{}',
      metadata = '',
    } of events) {
      const message = new AppendReq.ProposedMessage().setId(new UUID().setString(id));
      message.getMetadataMap().set('type', type).set('content-type', contentType);
      message.setData(Buffer.from(data)).setCustomMetadata(Buffer.from(metadata));
      call.write(new AppendReq().setProposedMessage(message));
    }
    call.end();
  });
}

/** A run of the command in a process of its own, from these sources. */
export interface CommandRun {
  readonly child: ChildProcess;
  readonly lines: string[];
  /** Resolves with the exit code, `null` after a kill. */
  readonly exited: Promise<number | null>;
  /** Resolves at the first line that begins so, or when the process ends before one. */
  seen(begin: string): Promise<void>;
}

/** Compiles what it requires, as the workers of a store under test do. */
export function runHark(...args: string[]): CommandRun {
  const compiler = JSON.stringify(require.resolve('@swc/core'));
  const settings = JSON.stringify({
    swcrc: false,
    jsc: { target: 'es2023', parser: { syntax: 'typescript', decorators: true } },
    module: { type: 'commonjs' },
  });
  const program = `
    const { transformFileSync } = require(${compiler});
    require.extensions['.ts'] = (module, file) => module._compile(transformFileSync(file, ${settings}).code, file);
    const { Module } = require('node:module');
    const resolve = Module._resolveFilename;
    Module._resolveFilename = (name, ...rest) => {
      const isSource = name.startsWith('.') && name.endsWith('.command.js');
      return resolve(isSource ? name.replace(/js$/, 'ts') : name, ...rest);
    };
    process.argv.splice(1, 0, 'hark');
    require(${JSON.stringify(join(__dirname, '..', 'main.ts'))});`;
  const flags = ['--conditions=@hark/source', '--disable-warning=ExperimentalWarning'];
  const child = spawn(process.execPath, [...flags, '-e', program, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  const waiting = new Set<{ begin: string; resolve: () => void }>();
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line);
      for (const each of waiting) if (line.startsWith(each.begin)) each.resolve();
    });
  }
  const exited = once(child, 'close').then(([code]) => code as number | null);
  return {
    child,
    lines,
    exited,
    seen: (begin) =>
      new Promise((resolve) => {
        waiting.add({ begin, resolve });
        if (lines.some((line) => line.startsWith(begin))) resolve();
        void exited.then(() => resolve());
      }),
  };
}
