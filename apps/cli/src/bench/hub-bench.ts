import { Disposables, HarkError } from '@hark/kernel';
import { readRunFile, RunFile } from '../up/run-file';
import { readSettings } from '../up/settings';
import { gatherAudience } from './audience';
import { BarkStream } from './bark-stream';
import { Baselines, measureBaselines } from './baselines';
import { BenchOptions } from './bench-options';
import { CostMeter } from './cost-meter';
import { holds, rateThatHolds, RateTry } from './highest-rate';
import { describeMachine, Machine } from './machine';
import { MeasuredLoad } from './measured-load';
import { startOwnHub } from './own-hub';
import { PushLoad } from './push-load';
import { untilQuiet } from './quiet';
import { Ratios, ratiosOf } from './ratios';
import { familyUsage } from './usage';

/** Before anything counts: lets code compile, and connections and caches be made. */
const warmUp = { ratePerSecond: 50, seconds: 2 };
const baselineSecondsMax = 3;

/** The result of a hub's bench. */
export interface HubReport {
  readonly machine: Machine;
  readonly hub: { readonly url: string; readonly own: boolean; readonly split: boolean; readonly people: number };
  readonly baselines: Baselines;
  readonly load: MeasuredLoad;
  /** With `--find-rate`: the highest rate that held, measured like `load`. */
  readonly highest?: { readonly perSecond: number; readonly load?: MeasuredLoad; readonly tries: readonly RateTry[] };
  readonly ratios: Ratios;
  readonly notes: readonly string[];
}

interface Target {
  readonly run: RunFile;
  readonly home: string;
  readonly own: boolean;
}

/** Measures the running hub, or one of its own. Progress goes to `say`; everything started goes into `started`. */
export async function benchHub(
  options: BenchOptions,
  env: NodeJS.ProcessEnv,
  started: Disposables,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<HubReport> {
  const { run, home, own } = await targetOf(options, env, started, say);
  const { url, sandboxUrl } = run;
  if (sandboxUrl === undefined)
    throw new HarkError(
      'refused',
      'bench.no-sandbox',
      'this hub has real providers and no sandbox, so nobody sees what arrives: run ./hark bench --own',
    );

  const split = familyUsage(run.pid, '').some(({ name }) => name === 'gateway');
  say(`Measuring a bare POST, a bare NATS round trip and a bare fsynced append …`);
  const baselines = await measureBaselines(home, Math.min(baselineSecondsMax, options.seconds), started);
  say(`Preparing ${options.people} people with a verified Bark device and a binding each …`);
  const audience = await gatherAudience(url, sandboxUrl, options.people);
  const stream = started.add(await BarkStream.open(sandboxUrl));
  const pushes = started.add(new PushLoad(url, audience, stream));
  say('Warming up …');
  await pushes.run({ ...warmUp, signal });

  const measure = async (ratePerSecond: number, seconds: number): Promise<MeasuredLoad> => {
    await untilQuiet(run.pid, signal);
    signal.throwIfAborted();
    const meter = new CostMeter(run.pid, split);
    const result = await pushes.run({ ratePerSecond, seconds, signal });
    return { ...result, cost: meter.per(result.accepted), held: holds(result).held };
  };
  say(`Pushing ${options.ratePerSecond} a second for ${options.seconds} s …`);
  const load = await measure(options.ratePerSecond, options.seconds);
  const highest = options.findRate ? await rateThatHolds(measure, options, say) : undefined;
  return {
    machine: describeMachine(),
    hub: { url, own, split, people: options.people },
    baselines,
    load,
    ...(highest && { highest }),
    ratios: ratiosOf(highest?.load ?? load, baselines),
    notes: notesOn(split, load),
  };
}

async function targetOf(
  options: BenchOptions,
  env: NodeJS.ProcessEnv,
  started: Disposables,
  say: (line: string) => void,
): Promise<Target> {
  const settings = readSettings(env);
  const running = options.own ? undefined : runningHub(settings);
  if (running) return { run: running, home: settings.home, own: false };
  say(`Starting a hub of the bench's own${options.split ? ' with a process per service' : ''} …`);
  const profile = options.profileDir && { profileDir: options.profileDir };
  const hub = await startOwnHub(env, { split: options.split, ...profile }, started);
  return { run: hub.run, home: hub.home, own: true };
}

function runningHub(settings: ReturnType<typeof readSettings>): RunFile | undefined {
  try {
    return readRunFile(settings);
  } catch (error) {
    if (error instanceof HarkError && error.code === 'hub.not-running') return undefined;
    throw error;
  }
}

function notesOn(split: boolean, { cost }: MeasuredLoad): readonly string[] {
  return [
    'The load generator runs on the same machine and takes its share of it.',
    split
      ? 'The sandbox and the embedded stores share the main process, counted as "stores and sandbox"; stores that run elsewhere are not counted.'
      : 'Services, sandbox and embedded stores share one process, counted as "hub"; stores that run elsewhere are not counted.',
    ...(cost.parts.some(({ name }) => name === 'postgres') ? [] : ['PostgreSQL runs elsewhere and is not counted.']),
    'Memory is the proportional share (PSS): pages that processes share are counted once.',
  ];
}
