import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { HarkError } from '@hark/kernel';

const figure = z.number().nullable();
const summary = z.object({ p50: figure, p99: figure });

/** What is compared, of the JSON of an earlier run; earlier versions of the bench had less. */
const savedRun = z.object({
  machine: z.object({ cpu: z.string(), cpus: z.number() }),
  hub: z.object({
    split: z.boolean(),
    people: z.number(),
    replicas: z.string().optional(),
    batch: z.number().optional(),
  }),
  baselines: z.object({ http: z.object({ perSecond: z.number() }), append: z.object({ p50Ms: z.number() }) }),
  load: z.object({
    offeredPerSecond: z.number(),
    acceptedPerSecond: z.number(),
    acceptMs: summary,
    endToEndMs: summary,
    cost: z.object({ cpuMsPerPush: z.number() }),
  }),
  highest: z.object({ perSecond: z.number() }).optional(),
  accept: z.object({ acceptedPerSecond: z.number() }).optional(),
  stored: z.object({ pushes: z.number(), startAfterKillMs: z.number() }).optional(),
  memoryAtRestBytes: z.number().optional(),
});
/** An earlier run of `hark bench --json`. */
export type SavedRun = z.infer<typeof savedRun>;

/** A figure of both runs. */
export interface ComparedFigure {
  readonly name: string;
  readonly before: number;
  readonly now: number;
  /** Now, divided by before. */
  readonly ratio: number;
}

/** This run beside an earlier one. */
export interface Comparison {
  readonly figures: readonly ComparedFigure[];
  /** Where the two are not alike, so that the ratios mean less. */
  readonly differences: readonly string[];
}

/** Reads a run that was saved with `--json`; throws `command.invalid` for any other file. */
export function readSavedRun(file: string): SavedRun {
  const invalid = (why: string, cause?: unknown) =>
    new HarkError('invalid', 'command.invalid', `--baseline ${file} ${why}`, {}, { cause });
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw invalid(cause instanceof SyntaxError ? 'is not JSON' : 'cannot be read', cause);
  }
  const parsed = savedRun.safeParse(json);
  if (parsed.success) return parsed.data;
  const path = parsed.error.issues[0]?.path.join('.');
  throw invalid(`is not what hark bench --json writes: ${path === undefined || path === '' ? 'no run' : path}`);
}

/** The figures that both runs have. */
export function compare(before: SavedRun, now: SavedRun): Comparison {
  const figures = Object.entries(figuresOf).flatMap(([name, of]): ComparedFigure[] => {
    const [then, present] = [of(before), of(now)];
    if (then === undefined || then === null || present === undefined || present === null) return [];
    return [{ name, before: then, now: present, ratio: present / then }];
  });
  const differences = Object.entries(conditions).flatMap(([name, of]) =>
    of(before) === of(now) ? [] : [`${name}: ${of(before)} before, ${of(now)} now`],
  );
  return { figures, differences };
}

type FigureOf = (run: SavedRun) => number | null | undefined;

const figuresOf: Readonly<Record<string, FigureOf>> = {
  'accept p50 ms': ({ load }) => load.acceptMs.p50,
  'accept p99 ms': ({ load }) => load.acceptMs.p99,
  'end to end p50 ms': ({ load }) => load.endToEndMs.p50,
  'end to end p99 ms': ({ load }) => load.endToEndMs.p99,
  'accepted a second': ({ load }) => load.acceptedPerSecond,
  'CPU ms a push': ({ load }) => load.cost.cpuMsPerPush,
  'highest rate a second': ({ highest }) => highest?.perSecond,
  'accepted in batches a second': ({ accept }) => accept?.acceptedPerSecond,
  'ready after a kill ms': ({ stored }) => stored?.startAfterKillMs,
  'memory at rest MiB': ({ memoryAtRestBytes }) => memoryAtRestBytes && memoryAtRestBytes / 1_048_576,
  'this machine: bare POSTs a second': ({ baselines }) => baselines.http.perSecond,
  'this machine: fsynced append p50 ms': ({ baselines }) => baselines.append.p50Ms,
};

const conditions: Readonly<Record<string, (run: SavedRun) => string | number>> = {
  machine: ({ machine }) => `${machine.cpus} × ${machine.cpu}`,
  'pushes a second': ({ load }) => load.offeredPerSecond,
  'pushes in a request': ({ hub }) => hub.batch ?? 'one',
  people: ({ hub }) => hub.people,
  'pushes stored': ({ stored }) => stored?.pushes ?? 0,
  processes: ({ hub }) => (hub.split ? `one a service ${hub.replicas ?? ''}`.trim() : 'one'),
};
