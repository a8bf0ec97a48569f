/** What the load did before anything counted. */
export interface WarmUp {
  readonly seconds: number;
  /** Whether V8's helper threads had become steady; else the time was over first. */
  readonly steady: boolean;
  /** CPU of V8's helper threads a push, in each piece of the warm-up. */
  readonly helperCpuMsPerPush: readonly number[];
}

/** How a hub is warmed up. */
export interface WarmUpOptions {
  /** The most seconds of load. */
  readonly secondsMax: number;
  /** Runs the load for some seconds; answers how many pushes it sent. */
  readonly run: (seconds: number) => Promise<number>;
  /** CPU that V8's helper threads have spent so far. They compile, and collect garbage beside the program. */
  readonly helperCpuMs: () => number;
  readonly signal: AbortSignal;
}

const pieceSecondsMax = 3;
/** Two pieces that differ by no more than this are alike: garbage goes on being collected, compiling ends. */
const shareMax = 0.15;
const differenceMaxMs = 0.03;

/** Runs the load in pieces until two in a row cost V8's helper threads the same for each push, or the time is over. */
export async function warmUp({ secondsMax, run, helperCpuMs, signal }: WarmUpOptions): Promise<WarmUp> {
  const pieceSeconds = Math.min(pieceSecondsMax, secondsMax);
  const pieces: number[] = [];
  let seconds = 0;
  while (seconds + pieceSeconds <= secondsMax && !signal.aborted) {
    const before = helperCpuMs();
    const pushes = await run(pieceSeconds);
    pieces.push((helperCpuMs() - before) / Math.max(1, pushes));
    seconds += pieceSeconds;
    if (areSteady(pieces)) return { seconds, steady: true, helperCpuMsPerPush: pieces };
  }
  return { seconds, steady: false, helperCpuMsPerPush: pieces };
}

/** Whether the last piece cost about as much as the one before it. */
function areSteady(pieces: readonly number[]): boolean {
  const [before, last] = pieces.slice(-2);
  if (before === undefined || last === undefined) return false;
  return Math.abs(before - last) <= Math.max(differenceMaxMs, before * shareMax);
}
