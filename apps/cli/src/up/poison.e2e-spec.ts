import { BACKWARDS, END, EventStoreDBClient } from '@eventstore/db-client';
import {
  authSubjects,
  complaintsSubjects,
  deliverySubjects,
  intakeSubjects,
  moderationSubjects,
} from '@hark/contracts';
import { RpcClient } from '@hark/nats';
import { Keys } from '@hark/service';
import { poisonSubject } from '@hark/testing';
import { HubHome, hubHome } from '../demo/hub.fixture';
import { HubProcess } from './hub-process';
import { readMasterKey } from './master-key';
import { readRunFile, RunFile } from './run-file';
import { serviceNames } from './services';
import { readSettings } from './settings';

/** Ten thousand on every subject take some minutes; the normal run sends fewer of the same. */
const count = Number(process.env.HARK_POISON_COUNT ?? 300);
const seed = 20_261_122;
const minuteMs = 60_000;

const subjects = [authSubjects, intakeSubjects, moderationSubjects, deliverySubjects, complaintsSubjects].flatMap(
  (all) => Object.values(all),
);
/** These take no fields and look at none, so that any readable JSON fits them. */
const takesAnything: readonly string[] = [authSubjects.listEndpointKinds];

describe(`${count} malformed requests on every NATS subject of a running hub`, () => {
  let home: HubHome;
  let hub: HubProcess;
  let run: RunFile;
  let requests: RpcClient;
  let keys: Keys;
  let headBefore: bigint;

  beforeAll(async () => {
    home = await hubHome();
    hub = await home.start();
    const settings = readSettings(home.env);
    run = readRunFile(settings);
    keys = new Keys(Buffer.from(readMasterKey(settings), 'base64'));
    requests = await RpcClient.connect({
      url: run.NATS_URL,
      name: 'poison',
      service: 'poison',
      callerKey: keys.caller,
    });
    headBefore = await headOf(run.EVENTSTORE_URL);
  }, minuteMs);

  afterAll(async () => {
    await requests.close();
    await home.remove();
  });

  it.each(subjects)(
    '%s answers each with a typed error',
    async (subject) => {
      const caller = {
        kind: 'user',
        userId: '00000000-0000-7000-8000-000000000001',
        roles: ['user', 'operator'],
      } as const;
      const unfit = !takesAnything.includes(subject);
      await poisonSubject(requests.connection, subject, { caller, callerKey: keys.caller, count, seed, unfit });
    },
    10 * minuteMs,
  );

  it.each(serviceNames.filter((name) => name !== 'gateway'))(
    '%s.rebuild-read-models answers each with a typed error',
    async (service) => {
      const caller = { kind: 'anonymous', roles: [] } as const;
      await poisonSubject(requests.connection, `${service}.rebuild-read-models`, {
        caller,
        callerKey: keys.caller,
        count,
        seed,
        unfit: true,
      });
    },
    10 * minuteMs,
  );

  it('stores nothing of it, and the hub still lives', async () => {
    expect(await headOf(run.EVENTSTORE_URL)).toBe(headBefore);
    expect(await hub.stop()).toBe(0);
  });
});

/** Position of the last event that is not a persistent group's own bookkeeping. */
async function headOf(url: string): Promise<bigint> {
  const client = EventStoreDBClient.connectionString(url);
  try {
    for await (const { event } of client.readAll({ direction: BACKWARDS, fromPosition: END, maxCount: 1_000 })) {
      if (event && !event.streamId.startsWith('$')) return event.position.commit;
    }
    return 0n;
  } finally {
    await client.dispose();
  }
}
