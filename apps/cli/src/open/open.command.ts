import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readArguments } from '../arguments';
import { readRunFile } from '../up/run-file';
import { readSettings } from '../up/settings';

/** What opens an address in the browser that the person uses, by the system's own name. */
const openers: Partial<Record<NodeJS.Platform, string>> = { darwin: 'open', linux: 'xdg-open' };

/**
 * `hark open`: opens the console of the hub that runs on HARK_HOME, and says where it is; that is all where there is no
 * desktop. Throws `hub.not-running`.
 */
export async function open(args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  readArguments('open', args, {});
  const { url } = readRunFile(readSettings(env));
  process.stdout.write(`${url}\n`);
  const opener = openers[process.platform];
  if (opener === undefined) return;
  const child = spawn(opener, [url], { stdio: 'ignore', env });
  // No such program: the address above is what there is.
  await Promise.race([once(child, 'exit'), once(child, 'error')]).catch(() => undefined);
}
