import { Disposables, HarkError } from '@hark/kernel';
import { readRunFile, RunFile } from '../up/run-file';
import { readSettings } from '../up/settings';
import { BenchOptions } from './bench-options';
import { OwnHub } from './own-hub';
import { ProfileControl } from './profile-control';

/** The hub that is measured. */
export interface Target {
  /** Where it is at present: an own hub has another address after each start. */
  readonly run: RunFile;
  readonly home: string;
  readonly own?: OwnHub;
  /** With `--cpu-prof`. */
  readonly profiles?: ProfileControl;
}

/** The address of its sandbox; throws `bench.no-sandbox` for a hub that has none. */
export function sandboxOf({ run: { sandboxUrl } }: Target): string {
  if (sandboxUrl !== undefined) return sandboxUrl;
  throw new HarkError(
    'refused',
    'bench.no-sandbox',
    'this hub has real providers and no sandbox, so nobody sees what arrives: run ./hark bench --own',
  );
}

/** The running hub, or one of the bench's own when none runs or one is asked for. */
export async function targetOf(
  options: BenchOptions,
  env: NodeJS.ProcessEnv,
  started: Disposables,
  say: (line: string) => void,
): Promise<Target> {
  const settings = readSettings(env);
  const running = options.own ? undefined : runningHub(settings);
  if (running) return { run: running, home: settings.home };
  say(`Starting a hub of the bench's own${options.split ? ' with a process per service' : ''} …`);
  const profiles =
    options.profileDir === undefined ? undefined : started.add(await ProfileControl.open(options.profileDir));
  const own = await OwnHub.start(env, { args: upArgs(options), env: profiles?.env }, started);
  return {
    get run() {
      return own.run;
    },
    home: own.settings.home,
    own,
    profiles,
  };
}

const upArgs = ({ split, replicas }: BenchOptions): readonly string[] => [
  ...(split ? ['--split'] : []),
  ...(replicas === undefined ? [] : ['--replicas', replicas]),
];

function runningHub(settings: ReturnType<typeof readSettings>): RunFile | undefined {
  try {
    return readRunFile(settings);
  } catch (error) {
    if (error instanceof HarkError && error.code === 'hub.not-running') return undefined;
    throw error;
  }
}
