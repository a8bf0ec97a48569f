import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HarkError } from '@hark/kernel';
import { Settings } from './settings';

/** What a running `hark up` says about itself in HARK_HOME, readable by its owner only. */
export interface RunFile {
  readonly pid: number;
  readonly url: string;
  readonly sandboxUrl?: string;
  readonly EVENTSTORE_URL: string;
  readonly NATS_URL: string;
  readonly DATABASE_URL: string;
}

/** The hub that runs on this HARK_HOME, or `hub.not-running`. */
export function readRunFile({ home }: Settings): RunFile {
  try {
    const run = JSON.parse(readFileSync(join(home, 'run.json'), 'utf8')) as RunFile;
    process.kill(run.pid, 0);
    return run;
  } catch (cause) {
    throw new HarkError(
      'unavailable',
      'hub.not-running',
      `no hub is running on ${home}: start one with ./hark up`,
      {},
      { cause },
    );
  }
}
