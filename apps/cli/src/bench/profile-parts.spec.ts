import { budgetOf, busyTimes, CpuProfile, ThreadProfile } from './profile-parts';

/** A profile in which each path of frames from the root was on top for some microseconds. */
function profileOf(...paths: readonly (readonly [us: number, ...frames: string[]])[]): CpuProfile {
  const nodes: { id: number; callFrame: { functionName: string; url: string }; children: number[] }[] = [];
  const node = (functionName: string, url: string) => {
    const made = { id: nodes.length + 1, callFrame: { functionName, url }, children: [] };
    nodes.push(made);
    return made;
  };
  const root = node('(root)', '');
  const samples = paths.map(([, ...frames]) =>
    frames.reduce((parent: { children: number[]; id: number }, frame) => {
      const made = frame.startsWith('(') ? node(frame, '') : node('f', frame);
      parent.children.push(made.id);
      return made;
    }, root),
  );
  return { nodes, samples: samples.map(({ id }) => id), timeDeltas: paths.map(([us]) => us) };
}

const file = (path: string): string => `file:///somewhere/hark/${path}`;

describe('the parts of a profile', () => {
  it.each([
    ['apps/gateway/dist/http/route-server.js', 'http'],
    ['node_modules/fastify/lib/route.js', 'http'],
    ['libs/nats/dist/rpc-client.js', 'nats'],
    ['node_modules/nats/lib/nats-base-client/protocol.js', 'nats'],
    ['libs/vault/dist/sealed.js', 'gate'],
    ['node_modules/@grpc/grpc-js/build/src/client.js', 'event-store-client'],
    ['libs/embedded-eventstore/dist/log-writer.js', 'event-store-server'],
    ['apps/moderation/dist/domain/local-rules.js', 'rules'],
    ['apps/delivery/dist/consent.store.js', 'services'],
    ['node_modules/undici/lib/dispatcher/pool.js', 'channel'],
    ['libs/readmodel/dist/pipeline.js', 'read-models'],
    ['node_modules/pg-protocol/dist/parser.js', 'postgres'],
  ])('are known by the file %s', (path, part) => {
    expect([...busyTimes(profileOf([10, file(path)]))]).toEqual([[part, 10]]);
  });

  it('count what belongs to nobody with its caller', () => {
    const profile = profileOf(
      [5, 'node:internal/process/task_queues', file('apps/intake/dist/x.js'), file('node_modules/zod/x.js')],
      [7, file('libs/vault/dist/sealed.js'), 'node:internal/crypto/cipher'],
      [9, 'node:internal/timers'],
    );
    expect([...busyTimes(profile)]).toEqual([
      ['services', 5],
      ['gate', 7],
      ['rest', 9],
    ]);
  });

  it('leave idle time and the order to begin out, and keep collecting and system calls apart', () => {
    const profile = profileOf([100, '(idle)'], [50, 'node:inspector'], [3, '(garbage collector)'], [2, '(program)']);
    expect([...busyTimes(profile)]).toEqual([
      ['v8', 3],
      ['native', 2],
    ]);
  });
});

describe('the CPU of a push by part', () => {
  const part = (name: string, cpuMsPerPush: number, apart = false) => ({
    ...{ name, cpuMsPerPush, apart, processes: 1, cpuMs: 0, memoryBytes: 0 },
  });
  const thread = (part: string, thread: string, cpuMsPerPush: number) => ({ part, thread, cpuMsPerPush });

  it("divides what Linux counted as each thread's profile is, and sums up to it", () => {
    const profiles: readonly ThreadProfile[] = [
      {
        part: 'hub',
        thread: '',
        profile: profileOf([300, file('libs/nats/dist/x.js')], [100, file('apps/gateway/dist/x.js')], [600, '(idle)']),
      },
      {
        part: 'hub',
        thread: 'hark-eventstore',
        profile: profileOf([90, file('node_modules/@grpc/grpc-js/x.js')], [10, '(garbage collector)']),
      },
    ];
    const cost = {
      parts: [part('hub', 7.5), part('postgres', 0.5), part('sandbox', 3, true)],
      threads: [
        thread('hub', 'MainThread', 4),
        thread('hub', 'hark-eventstore', 2),
        thread('hub', 'V8Worker', 1),
        thread('hub', 'hark-sandbox', 3),
      ],
    };
    const found = Object.fromEntries(budgetOf(cost, profiles).map((one) => [one.name, one.cpuMsPerPush]));
    expect(found).toMatchObject({ nats: 3, http: 1, 'event-store-server': 1.8, postgres: 0.5, rest: 0.5, channel: 0 });
    expect(found.v8).toBeCloseTo(1.2);
    expect(Object.values(found).reduce((all, one) => all + one, 0)).toBeCloseTo(8);
  });
});
