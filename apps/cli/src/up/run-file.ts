import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { HarkError, Running } from '@hark/kernel';
import { HeldHome, holdHome, homeIsHeld } from './home';
import { writePrivate } from './private-file';
import { Settings } from './settings';

/** What a running `hark up` writes about itself into HARK_HOME, readable only by its owner. */
export interface RunFile {
  readonly pid: number;
  readonly url: string;
  readonly sandboxUrl?: string;
  /** Where `/livez`, `/readyz` and `/metrics` of all services are. */
  readonly healthUrl: string;
  readonly EVENTSTORE_URL: string;
  readonly NATS_URL: string;
  readonly DATABASE_URL: string;
}

/** A HARK_HOME on which a hub of this process runs. */
export interface HubHome extends Running {
  /** Writes where the hub is, once it answers. */
  ready(run: Omit<RunFile, 'pid'>): void;
}

/**
 * Holds HARK_HOME for a hub of this process. Throws `hub.already-runs` with its address when another hub runs on it.
 */
export function takeHome(home: string): HubHome {
  const held = heldOr(home);
  const file = fileOf(home);
  // Overwrites what a killed hub left, so that readers find this process.
  writePrivate(file, JSON.stringify({ pid: process.pid }));
  return {
    ready: (run) => writePrivate(file, JSON.stringify({ pid: process.pid, ...run }, null, 2)),
    close: async () => {
      rmSync(file, { force: true });
      await held.close();
    },
  };
}

/** The hub that runs on this HARK_HOME; throws `hub.not-running`. */
export function readRunFile({ home }: Settings): RunFile {
  const run = homeIsHeld(home) ? readFile(home) : undefined;
  if (run?.url !== undefined) return run as RunFile;
  const message = run
    ? `the hub on ${home} is still starting`
    : `no hub is running on ${home}: start one with ./hark up`;
  throw new HarkError('unavailable', 'hub.not-running', message);
}

function heldOr(home: string): HeldHome {
  try {
    return holdHome(home);
  } catch (cause) {
    if (!(cause instanceof HarkError) || cause.code !== 'hub.home-held') throw cause;
    const { url, pid } = readFile(home) ?? {};
    const where = [url ?? 'it is still starting', ...(pid === undefined ? [] : [`process ${pid}`])].join(', ');
    const message = `a hub already runs on ${home}: ${where}. Use that one, stop it, or name another HARK_HOME`;
    throw new HarkError(
      'conflict',
      'hub.already-runs',
      message,
      { extra: { home, url: url ?? '', pid: pid ?? '' } },
      { cause },
    );
  }
}

/** Undefined when there is no file, or it is not a run file. */
function readFile(home: string): Partial<RunFile> | undefined {
  try {
    return JSON.parse(readFileSync(fileOf(home), 'utf8')) as Partial<RunFile>;
  } catch {
    return undefined;
  }
}

const fileOf = (home: string): string => join(home, 'run.json');
