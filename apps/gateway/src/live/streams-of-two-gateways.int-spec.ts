import { randomUUID } from 'node:crypto';
import { until } from '@hark/testing';
import { RunningGateway, startGateway } from '../gateway';
import { WholeHub } from '../matrix/whole-hub.fixture';
import { ReadEvent, StreamReader } from './stream-reader.fixture';

/** How often the client is cut. `HARK_STREAM_CUTS=1000` with ten messages for each takes some minutes. */
const cuts = Number(process.env.HARK_STREAM_CUTS ?? 20);
const itemsOfCut = 10;
const batchMax = 50;
const deadlineMs = 60_000 + cuts * 4_000;

describe('a client that is cut again and again, at two gateways that are restarted in turn', () => {
  it(
    `has every message once and in order after ${cuts} cuts`,
    async () => {
      const hub = await WholeHub.start();
      let over = false;
      const gateways: (RunningGateway | undefined)[] = [await startGateway(hub.env), await startGateway(hub.env)];
      try {
        const { session, key } = await hub.side('ann');
        const seen: ReadEvent[] = [];
        const pushed: string[] = [];
        let lastEventId = '';
        let made = 0;
        let restarts = 0;

        const read = async () => {
          while (!over) {
            const url = gateways[Math.floor(Math.random() * 2)]?.url;
            let left = 1 + Math.floor(Math.random() * 2 * itemsOfCut);
            const reader = await StreamReader.open(`${url}/v1/inbox/stream`, session, lastEventId, (event, open) => {
              seen.push(event);
              left -= 1;
              if (left === 0 && made < cuts) {
                made += 1;
                open.close();
              }
            }).catch(() => undefined);
            if (!reader) continue; // that gateway is being started again
            await until(
              () => {
                // The moment a client leaves need not be one at which an event arrives.
                if (made < cuts && Math.random() < 0.02) {
                  made += 1;
                  reader.close();
                }
                return reader.ended || over;
              },
              { what: 'the end of a stream', deadlineMs },
            );
            reader.close();
            if (reader.lastEventId !== '') lastEventId = reader.lastEventId;
          }
        };
        const restart = async () => {
          while (!over) {
            for (const at of [0, 1]) {
              const gateway = gateways[at]!;
              gateways[at] = undefined;
              await gateway.close();
              gateways[at] = await startGateway(hub.env);
              restarts += 1;
              const before = seen.length;
              await until(() => over || seen.length > before, { what: 'the client goes on', deadlineMs });
              if (over) return;
            }
          }
        };
        const reading = read();
        await until(() => lastEventId !== '' || seen.length > 0 || made > 0, {
          what: 'the stream is open',
          deadlineMs,
        });
        const restarting = restart();
        while (pushed.length < cuts * itemsOfCut) {
          const pushes = Array.from({ length: batchMax }, (_, at) => ({ body: `message ${pushed.length + at}` }));
          const sent = { token: key, body: { pushes }, headers: { 'idempotency-key': randomUUID() } };
          // What a busy machine does not answer in time is asked for again under its key.
          const accepted = async (): Promise<string[] | undefined> => {
            const { status, text, body } = await hub.call('POST', '/v1/pushes/batch', sent);
            if (status !== 200 && status !== 503) throw new Error(text);
            const ids = ((body.results ?? []) as { id?: string }[]).flatMap(({ id }) => id ?? []);
            return ids.length === pushes.length ? ids : undefined;
          };
          pushed.push(...(await until(accepted, { what: 'a batch is accepted', deadlineMs })));
        }
        await until(() => new Set(seen.map(({ id }) => id)).size >= pushed.length && made >= cuts, {
          what: 'all messages and all cuts',
          deadlineMs,
        });
        over = true;
        await Promise.all([reading, restarting]);
        const filed = seen.filter(({ event }) => event === 'filed').map(({ data }) => (data as { id: string }).id);
        expect(filed).toHaveLength(pushed.length);
        expect(new Set(filed)).toEqual(new Set(pushed));
        const places = seen.map(({ id }) => Number(id.split('-')[0]));
        expect(places).toEqual([...new Set(places)].sort((one, other) => one - other));
        expect(restarts).toBeGreaterThan(0);
      } finally {
        over = true;
        for (const gateway of gateways) await gateway?.close();
        await hub.close();
      }
    },
    2 * deadlineMs + 60_000,
  );
});
