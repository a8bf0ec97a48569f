import { chmodSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { NatsContext } from '@nestjs/microservices';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { parse, Reply, uuid } from '@hark/contracts';
import type { CopiedLog } from '@hark/embedded-eventstore';
import { HarkError, Running, uuid7 } from '@hark/kernel';
import { HarkNatsServer, requestContextOf, RpcClient } from '@hark/nats';
import { Keys } from '@hark/service';

const subject = 'hub.copy-event-log';
const requestShape = z.strictObject({ copyId: uuid });
const filePrefix = 'event-log-copy.';
/** How many copies are remembered, so that a repeated question joins its copy. */
const copiesMax = 4;
/** How long one answer is awaited, and how often a longer copy is joined again. */
const answerTimeoutMs = 55_000;
const joinsMax = 200;

/** A hub's answer: where in its HARK_HOME the copy is, or that its event store is external. */
type CopyAnswer = { readonly external: true } | (CopiedLog & { readonly file: string });

/** An event store that can copy its log while it is written to. */
export interface CopiedStore {
  copyTo(file: string): Promise<CopiedLog>;
}

/**
 * Serves copies of the hub's event log to `hark backup`, another process, which cannot open a file that is in use. Only
 * for callers signed as a service, which needs the master key; copies go only into HARK_HOME.
 */
export async function serveEventLogCopies(
  natsUrl: string,
  masterKey: string,
  home: string,
  store: CopiedStore | undefined,
): Promise<Running> {
  for (const name of readdirSync(home)) if (name.startsWith(filePrefix)) rmSync(join(home, name), { force: true });
  const copies = new LRUCache<string, Promise<CopyAnswer>>({ max: copiesMax });
  const copy = async (copyId: string): Promise<CopyAnswer> => {
    if (!store) return { external: true };
    const file = join(home, `${filePrefix}${copyId}`);
    const copied = await store.copyTo(file);
    chmodSync(file, 0o600);
    return { ...copied, file };
  };
  const requests = await connect(natsUrl, masterKey, 'hub');
  const { caller: callerKey } = keysOf(masterKey);
  const server = new HarkNatsServer({ connection: requests.connection, queue: 'hub', callerKey });
  server.addHandler(subject, async (data: unknown, context: NatsContext): Promise<Reply<CopyAnswer>> => {
    if (requestContextOf(context).caller.kind !== 'service')
      throw new HarkError('refused', 'role.required', 'copying is for services', { extra: { role: 'service' } });
    const { copyId } = parse(requestShape, data);
    const copied = copies.get(copyId) ?? copy(copyId);
    copies.set(copyId, copied);
    return { body: await copied };
  });
  server.listen((error) => {
    if (error) throw error as Error;
  });
  await server.flushed();
  return {
    close: async () => {
      await server.close();
      await requests.close();
    },
  };
}

/** Asks the running hub for a copy of its log; undefined when its event store is external. */
export async function requestEventLogCopy(
  natsUrl: string,
  masterKey: string,
): Promise<(CopiedLog & { readonly file: string }) | undefined> {
  const requests = await connect(natsUrl, masterKey, 'cli');
  const copyId = uuid7();
  try {
    for (let joins = 1; ; joins += 1) {
      try {
        const { body } = await requests.request<CopyAnswer>(subject, { copyId }, { timeoutMs: answerTimeoutMs });
        return 'external' in body ? undefined : body;
      } catch (error) {
        const running = error instanceof HarkError && error.code === 'request.timeout';
        if (!running || joins >= joinsMax) throw error;
      }
    }
  } finally {
    await requests.close();
  }
}

const keysOf = (masterKey: string): Keys => new Keys(Buffer.from(masterKey, 'base64'));
const connect = (url: string, masterKey: string, service: string): Promise<RpcClient> =>
  RpcClient.connect({ url, name: service, service, callerKey: keysOf(masterKey).caller });
