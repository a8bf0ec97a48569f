import type { HubCost } from './cost-meter';

/** The parts of the budget in `docs/performance.md`, in its order. */
export const partNames = {
  http: 'HTTP, authorisation, validation',
  nats: 'NATS, client and broker',
  gate: 'gate, seal, ids',
  'event-store-client': 'event store, client',
  'event-store-server': 'event store, server',
  rules: 'local rules',
  services: "the services' own code",
  channel: 'the request to the channel',
  'read-models': 'read models',
  postgres: 'Postgres, client and server',
  v8: "V8's own: collecting, compiling",
  native: 'outside JavaScript: system calls, sockets',
  profiler: 'the profiler itself',
  rest: 'the rest',
} as const;
export type PartName = keyof typeof partNames;

/** The form of a `.cpuprofile`, as far as it is read here. */
export interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string };
    readonly children?: readonly number[];
  }[];
  readonly samples: readonly number[];
  /** Microseconds before each sample. */
  readonly timeDeltas: readonly number[];
}

/** The profile of one thread. */
export interface ThreadProfile {
  readonly part: string;
  /** The name its worker was given; empty for a main thread. */
  readonly thread: string;
  readonly profile: CpuProfile;
}

/** The CPU of a push in one part. */
export interface BudgetCost {
  readonly name: PartName;
  readonly cpuMsPerPush: number;
}

/** Which part a file belongs to; the first that fits counts. What fits none belongs to its caller. */
const files: readonly (readonly [RegExp, PartName | 'idle'])[] = [
  // Beginning and ending a profile lies outside what is measured.
  [/\/bench\/profiled\.preload|^node:inspector/, 'idle'],
  [/\/libs\/embedded-eventstore\//, 'event-store-server'],
  [/\/(libs\/eventstore|@eventstore|@grpc|google-protobuf)\/|^node:(internal\/)?http2/, 'event-store-client'],
  [/\/(libs\/(embedded-)?nats|node_modules\/nats|@nestjs\/microservices)\//, 'nats'],
  [/\/libs\/(gate|vault|credentials)\//, 'gate'],
  [/\/libs\/readmodel\//, 'read-models'],
  [/\/node_modules\/(pg|pg-[a-z]+|postgres-[a-z]+|typeorm)\//, 'postgres'],
  [/\/(libs\/(channels|outbound|wechat)|node_modules\/(undici|nodemailer))\/|^node:internal\/deps\/undici/, 'channel'],
  [/\/(apps\/gateway|node_modules\/(fastify|@fastify|find-my-way|avvio|ajv|fast-[a-z-]+))\/|^node:_http_/, 'http'],
  [/\/apps\/moderation\//, 'rules'],
  [/\/(apps\/(auth|intake|delivery|complaints)|libs\/service)\//, 'services'],
];
const outside: Readonly<Record<string, PartName | 'idle'>> = {
  '(idle)': 'idle',
  '(garbage collector)': 'v8',
  '(program)': 'native',
};
/** Threads that are one part as a whole, but for V8's own. */
const wholeThreads: Readonly<Record<string, PartName>> = {
  'hark-eventstore': 'event-store-server',
  'hark-broker': 'nats',
  'v8:ProfEvntProc': 'profiler',
};
/** Names that Linux shows of threads without a profile, or with that of a worker without a name. */
const mainThread = 'MainThread';
const namelessWorker = 'WorkerThread';
const comm = (name: string): string => name.slice(0, 15);
const sandbox = 'sandbox';
const sandboxThread = 'hark-sandbox';

/**
 * The CPU of a push by the parts of the budget: what Linux counted for each thread, divided as its profile is. Sums up
 * to the CPU of a push; the sandbox is in neither.
 */
export function budgetOf(cost: Pick<HubCost, 'parts' | 'threads'>, profiles: readonly ThreadProfile[]) {
  const sums = new Map<PartName, number>();
  const add = (name: PartName, cpuMs: number) => sums.set(name, (sums.get(name) ?? 0) + cpuMs);
  const threads = cost.threads.filter(({ part, thread }) => part !== sandbox && thread !== sandboxThread);
  for (const { part, thread, cpuMsPerPush } of threads) {
    for (const [name, share] of sharesOf(
      thread,
      profiles.filter((one) => isOf(one, part, thread)),
    ))
      add(name, share * cpuMsPerPush);
  }
  for (const { name, apart, cpuMsPerPush } of cost.parts) {
    if (apart) continue;
    const inThreads = threads.reduce((all, { part, cpuMsPerPush }) => (part === name ? all + cpuMsPerPush : all), 0);
    // Of PostgreSQL nothing else is known; of the others the threads that ended meanwhile.
    add(name === 'postgres' ? 'postgres' : 'rest', Math.max(0, cpuMsPerPush - inThreads));
  }
  return (Object.keys(partNames) as PartName[]).map((name): BudgetCost => ({
    name,
    cpuMsPerPush: sums.get(name) ?? 0,
  }));
}

const isOf = (profiled: ThreadProfile, part: string, thread: string): boolean =>
  profiled.part === part &&
  (thread === mainThread ? profiled.thread === '' : comm(profiled.thread || namelessWorker) === thread) &&
  (thread === mainThread || profiled.thread !== '');

/** The shares of the parts in the busy time of the threads of one name. */
function sharesOf(thread: string, profiles: readonly ThreadProfile[]): ReadonlyMap<PartName, number> {
  const busy = new Map<PartName, number>();
  for (const { thread: name, profile } of profiles) {
    for (const [part, us] of busyTimes(profile, wholeThreads[name])) busy.set(part, (busy.get(part) ?? 0) + us);
  }
  const all = [...busy.values()].reduce((sum, us) => sum + us, 0);
  if (all === 0) return new Map([[wholeThreads[thread] ?? (thread.startsWith('V8') ? 'v8' : 'rest'), 1]]);
  return new Map([...busy].map(([part, us]) => [part, us / all]));
}

/** Microseconds of a profile by part, without the idle ones. `whole`: the part that all of the program's own is. */
export function busyTimes(profile: CpuProfile, whole?: PartName): ReadonlyMap<PartName, number> {
  const parts = partsOfNodes(profile);
  const times = new Map<PartName, number>();
  profile.samples.forEach((id, index) => {
    const part = parts.get(id) ?? 'rest';
    if (part === 'idle') return;
    const counted = whole !== undefined && part !== 'v8' ? whole : part;
    times.set(counted, (times.get(counted) ?? 0) + Math.max(0, profile.timeDeltas[index] ?? 0));
  });
  return times;
}

/** The part of each node: that of its file, else that of its caller. */
function partsOfNodes({ nodes }: CpuProfile): ReadonlyMap<number, PartName | 'idle'> {
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)));
  const parts = new Map<number, PartName | 'idle'>();
  // A node stands behind its caller in what V8 writes.
  for (const { id, callFrame } of nodes) {
    const own = callFrame.url === '' ? outside[callFrame.functionName] : partOfFile(callFrame.url);
    parts.set(id, own ?? parts.get(parents.get(id) ?? -1) ?? 'rest');
  }
  return parts;
}

const partOfFile = (url: string): PartName | 'idle' | undefined => files.find(([pattern]) => pattern.test(url))?.[1];
