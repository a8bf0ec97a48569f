import { Actors } from './actors';
import { call, expecting, Json } from './http';

/** Somebody with a binding to the load's app. */
export interface Reader {
  readonly token: string;
  readonly key: string;
}

/** Registers an app and binds `count` people to it, the first of them with a verified Bark device. */
export async function bindReaders(actors: Actors, count: number): Promise<Reader[]> {
  const owner = await actors.logIn(actors.newOpenid());
  const registered = await actors.hub('POST', '/v1/apps', { token: owner.token, body: { name: '压力测试' } });
  const appId = String(expecting(registered, 201).body.app?.id);
  const readers: Reader[] = [];
  for (let index = 0; index < count; index += 1) {
    const { token } = await actors.logIn(actors.newOpenid());
    if (index === 0) await actors.addPhone(token);
    const body = { appId, openid: `reader-${index}` };
    const bound = expecting(await actors.hub('POST', '/v1/bindings', { token, body }), 201);
    readers.push({ token, key: String(bound.body.key) });
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
  let sent = 0;
  const lane = async (): Promise<void> => {
    while (!signal.aborted) {
      const reader = readers[sent % readers.length]!;
      sent += 1;
      // Once the hub is gone every call fails; what was not answered was not promised.
      const answer = await call(hubUrl, 'POST', '/v1/pushes', {
        token: reader.key,
        body: { body: `第 ${sent} 条` },
      }).catch(() => undefined);
      if (answer?.status === 202) accepted.get(reader)!.push(String(answer.body.id));
      else if (answer === undefined) return;
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return accepted;
}

/** Every message id in a reader's inbox, page by page. */
export async function inboxOf(actors: Actors, { token }: Reader): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const query: string = cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const { body } = expecting(await actors.hub('GET', `/v1/inbox?limit=200${query}`, { token }), 200);
    ids.push(...(body.items as unknown as Json[]).map(({ id }) => String(id)));
    cursor = typeof body.nextCursor === 'string' ? body.nextCursor : undefined;
  } while (cursor !== undefined);
  return ids;
}
