import { Disposables } from '@hark/kernel';
import { gatherAudience } from './audience';
import { BarkStream } from './bark-stream';
import { Baselines, measureBaselines } from './baselines';
import { BenchOptions } from './bench-options';
import { compare, Comparison, readSavedRun } from './comparison';
import { CostMeter, rootNameOf } from './cost-meter';
import { holds, rateThatHolds, RateTry } from './highest-rate';
import { describeMachine, Machine } from './machine';
import { MeasuredLoad } from './measured-load';
import { budgetOf } from './profile-parts';
import { AcceptResult, PushLoad } from './push-load';
import { untilQuiet } from './quiet';
import { Ratios, ratiosOf } from './ratios';
import { StoredReport, storePushes } from './stored-pushes';
import { sandboxOf, targetOf } from './target';
import { familyThreads, familyUsage } from './usage';
import { WarmUp, warmUp } from './warm-up';

/** A short run is not preceded by a long warm-up. */
const warmUpSecondsMax = 30;
const warmUpRunsMax = 3;
const helperThread = 'V8Worker';
const baselineSecondsMax = 3;
/** What it leaves behind is still delivered afterwards. */
const acceptSecondsMax = 10;

/** The result of a hub's bench. */
export interface HubReport {
  /** When the load was over. */
  readonly at: string;
  readonly machine: Machine;
  readonly hub: {
    readonly url: string;
    readonly own: boolean;
    readonly split: boolean;
    readonly people: number;
    /** As `hark up` was told: `intake=2`; absent where each service runs once. */
    readonly replicas?: string;
    /** Pushes in one request; absent where each is one of its own. */
    readonly batch?: number;
  };
  readonly baselines: Baselines;
  /** With `--stored`. */
  readonly stored?: StoredReport;
  /** Of all processes of the hub, idle, before the load. */
  readonly memoryAtRestBytes: number;
  readonly warmUp: WarmUp;
  readonly load: MeasuredLoad;
  /** With `--find-rate`: the highest rate that held, measured like `load`. */
  readonly highest?: { readonly perSecond: number; readonly load?: MeasuredLoad; readonly tries: readonly RateTry[] };
  /** With `--batch`: the most that can be accepted, in a closed loop. */
  readonly accept?: AcceptResult;
  readonly ratios: Ratios;
  /** With `--baseline`. */
  readonly comparison?: Comparison;
  readonly notes: readonly string[];
}

/** Measures the running hub, or one of its own. Progress goes to `say`; everything started goes into `started`. */
export async function benchHub(
  options: BenchOptions,
  env: NodeJS.ProcessEnv,
  started: Disposables,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<HubReport> {
  const before = options.baseline === undefined ? undefined : readSavedRun(options.baseline);
  const target = await targetOf(options, env, started, say);
  const { own } = target;
  const { batch } = options;
  say(`Measuring a bare POST, a bare NATS round trip and a bare fsynced append …`);
  const baselines = await measureBaselines(target.home, Math.min(baselineSecondsMax, options.seconds), started);
  say(`Preparing ${options.people} people with a verified Bark device and a binding each …`);
  const audience = await gatherAudience(target.run.url, sandboxOf(target), options.people);
  const stored = own && options.stored > 0 ? await storePushes(own, audience, options.stored, signal, say) : undefined;
  const { pid, url } = target.run;
  const split = familyUsage(pid, '').some(({ name }) => name === 'gateway');
  const stream = started.add(await BarkStream.open(sandboxOf(target)));
  const pushes = started.add(new PushLoad(url, audience, stream));
  await untilQuiet(pid, signal);
  const memoryAtRestBytes = familyUsage(pid, '').reduce((all, { memoryBytes }) => all + memoryBytes, 0);
  const warm = await warmed(pid, pushes, options, signal, say);

  const measure = async (ratePerSecond: number, seconds: number): Promise<MeasuredLoad> => {
    await untilQuiet(pid, signal);
    signal.throwIfAborted();
    const meter = new CostMeter(pid, split);
    const result = await pushes.run({ ratePerSecond, seconds, batch, signal });
    return { ...result, cost: meter.per(result.accepted), held: holds(result).held };
  };
  say(`Pushing ${options.ratePerSecond} a second for ${options.seconds} s …`);
  await target.profiles?.begin();
  const measured = await measure(options.ratePerSecond, options.seconds);
  const profiles = await target.profiles?.end(rootNameOf(split));
  const load = profiles ? { ...measured, budget: budgetOf(measured.cost, profiles) } : measured;
  const highest = options.findRate ? await rateThatHolds(measure, options, say) : undefined;
  if (batch !== undefined) say(`Sending batches of ${batch} as fast as they are answered …`);
  const accept =
    batch === undefined ? undefined : await pushes.acceptOnly(batch, Math.min(acceptSecondsMax, options.seconds));
  const report: HubReport = {
    at: new Date().toISOString(),
    machine: describeMachine(),
    hub: {
      url,
      own: own !== undefined,
      split,
      people: options.people,
      ...(batch !== undefined && { batch }),
      ...(options.replicas !== undefined && { replicas: options.replicas }),
    },
    baselines,
    ...(stored && { stored }),
    memoryAtRestBytes,
    warmUp: warm,
    load,
    ...(highest && { highest }),
    ...(accept && { accept }),
    ratios: ratiosOf(highest?.load ?? load, baselines),
    notes: notesOn(split, load, warm),
  };
  return before ? { ...report, comparison: compare(before, report) } : report;
}

/** Lets code compile, and connections and caches be made. */
export async function warmed(
  pid: number,
  pushes: PushLoad,
  { ratePerSecond, seconds, batch }: BenchOptions,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<WarmUp> {
  const secondsMax = Math.min(warmUpSecondsMax, warmUpRunsMax * seconds);
  say(`Warming up at ${ratePerSecond} a second until V8 has compiled, at most ${secondsMax} s …`);
  const run = async (seconds: number) => (await pushes.run({ ratePerSecond, seconds, batch, signal })).offered;
  const helperCpuMs = () =>
    familyThreads(pid, '').reduce((all, { thread, cpuMs }) => (thread === helperThread ? all + cpuMs : all), 0);
  return warmUp({ secondsMax, run, helperCpuMs, signal });
}

function notesOn(split: boolean, { cost }: MeasuredLoad, { seconds, steady }: WarmUp): readonly string[] {
  const has = (part: string) => cost.parts.some(({ name }) => name === part);
  return [
    `Warmed up for ${seconds} s at the rate, ${steady ? "until V8's helper threads were steady" : "and V8's helper threads were not steady yet"}.`,
    'The load generator runs on the same machine and takes its share of it; its CPU is not in that of a push.',
    ...(has('sandbox')
      ? ["The sandbox's CPU is not in that of a push."]
      : [`The sandbox has no thread of its own here: its CPU is counted with "${split ? 'stores' : 'hub'}".`]),
    'Stores that run elsewhere are not counted.',
    ...(has('postgres') ? [] : ['PostgreSQL runs elsewhere and is not counted.']),
    'Memory is the proportional share (PSS): pages that processes share are counted once.',
  ];
}
