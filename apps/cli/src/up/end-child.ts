import { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { withTimeout } from '@hark/resilience';

/** Waits until a process that `ask` has told to end is gone; kills it after `timeoutMs`. Returns its exit code. */
export async function endChild(
  child: ChildProcess,
  timeoutMs: number,
  ask: () => void = () => child.kill('SIGTERM'),
): Promise<number | null> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const gone = once(child, 'exit') as Promise<[number | null]>;
  ask();
  await withTimeout(timeoutMs, gone, () => child.kill('SIGKILL'));
  const [code] = await gone;
  return code;
}
