import { randomUUID } from 'node:crypto';
import { Actors } from './actors';
import { call, expecting, Json } from './http';

/** Somebody with a binding to the load's app. */
export interface Reader {
  readonly token: string;
  readonly key: string;
  readonly openid: string;
  /** The app's secret. */
  readonly secret: string;
}

/** Pushes that go in one call. */
export interface Batch {
  readonly idempotencyKey: string;
  readonly pushes: readonly { readonly reader: Reader; readonly text: string }[];
}

const pushesPerBatch = 20;

/** Registers an app and binds `count` people to it, the first of them with a verified Bark device. */
export async function bindReaders(actors: Actors, count: number): Promise<Reader[]> {
  const owner = await actors.logIn(actors.newOpenid());
  const registered = await actors.hub('POST', '/v1/apps', { token: owner.token, body: { name: '压力测试' } });
  const app = expecting(registered, 201).body;
  const appId = String(app.app?.id);
  const readers: Reader[] = [];
  for (let index = 0; index < count; index += 1) {
    const { token } = await actors.logIn(actors.newOpenid());
    if (index === 0) await actors.addPhone(token);
    const openid = `reader-${index}`;
    const body = { appId, openid };
    const bound = expecting(await actors.hub('POST', '/v1/bindings', { token, body }), 201);
    readers.push({ token, key: String(bound.body.key), openid, secret: String(app.secret) });
  }
  return readers;
}

/** Pushes to the readers in turn until `signal`, `lanes` at a time; answers the ids that were answered 202, by reader. */
export async function pushUntil(
  signal: AbortSignal,
  hubUrl: string,
  readers: readonly Reader[],
  lanes: number,
): Promise<Map<Reader, string[]>> {
  const accepted = new Map(readers.map((reader) => [reader, [] as string[]]));
  const run = randomUUID();
  let sent = 0;
  const lane = async (): Promise<void> => {
    while (!signal.aborted) {
      const reader = readers[sent % readers.length]!;
      sent += 1;
      // Once the hub is gone every call fails; what was not answered was not promised.
      const answer = await call(hubUrl, 'POST', '/v1/pushes', {
        token: reader.key,
        body: { body: `${run} 第 ${sent} 条` },
      }).catch(() => undefined);
      if (answer?.status === 202) accepted.get(reader)!.push(String(answer.body.id));
      else if (answer === undefined) return;
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return accepted;
}

/**
 * Sends batches to all readers until `signal`, `lanes` at a time; answers those that got no answer. What was accepted is
 * added to `accepted`.
 */
export async function batchesUntil(
  signal: AbortSignal,
  hubUrl: string,
  readers: readonly Reader[],
  lanes: number,
  accepted: Map<Reader, string[]>,
): Promise<Batch[]> {
  const unanswered: Batch[] = [];
  const lane = async (): Promise<void> => {
    while (!signal.aborted) {
      const idempotencyKey = randomUUID();
      const pushes = Array.from({ length: pushesPerBatch }, (_, index) => ({
        reader: readers[index % readers.length]!,
        text: `${idempotencyKey} 第 ${index} 条`,
      }));
      const batch = { idempotencyKey, pushes };
      if (await sendBatch(hubUrl, batch, accepted)) continue;
      unanswered.push(batch);
      return;
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return unanswered;
}

/** Sends a batch; false when it got no answer. What was accepted is added to `accepted`. */
export async function sendBatch(hubUrl: string, batch: Batch, accepted: Map<Reader, string[]>): Promise<boolean> {
  const { idempotencyKey, pushes } = batch;
  const answer = await call(hubUrl, 'POST', '/v1/pushes/batch', {
    token: pushes[0]!.reader.secret,
    headers: { 'idempotency-key': idempotencyKey },
    body: { pushes: pushes.map(({ reader: { key, openid }, text }) => ({ key, openid, body: text })) },
  }).catch(() => undefined);
  if (answer?.status !== 200) return false;
  for (const [index, { id }] of (answer.body.results as unknown as Json[]).entries())
    if (id !== undefined) accepted.get(pushes[index]!.reader)!.push(String(id));
  return true;
}

/** How many messages a reader has not read: all, where nobody reads. */
export async function unreadOf(actors: Actors, { token }: Reader): Promise<number> {
  return Number(expecting(await actors.hub('GET', '/v1/inbox?limit=1', { token }), 200).body.unread);
}

/** Every message id in a reader's inbox, page by page. */
export async function inboxOf(actors: Actors, reader: Reader): Promise<string[]> {
  return (await messagesOf(actors, reader)).map(({ id }) => String(id));
}

/** Every message in a reader's inbox, page by page. */
export async function messagesOf(actors: Actors, { token }: Reader): Promise<Json[]> {
  const messages: Json[] = [];
  let cursor: string | undefined;
  do {
    const query: string = cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const { body } = expecting(await actors.hub('GET', `/v1/inbox?limit=200${query}`, { token }), 200);
    messages.push(...(body.items as unknown as Json[]));
    cursor = typeof body.nextCursor === 'string' ? body.nextCursor : undefined;
  } while (cursor !== undefined);
  return messages;
}
