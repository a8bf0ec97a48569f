import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readArguments } from '../arguments';
import { startHub } from '../up/hub';
import { oneOfEach } from '../up/replicas';
import { Unexpected } from './http';
import { story } from './story';

/** An openid of the sandbox's WeChat that the demo's hub knows as an operator's. */
const operatorOpenid = 'o0DemoOperator0000000000000001';

/**
 * `hark demo`: starts a fresh hub with a sandbox on free ports, plays the story against it over HTTP and reports each
 * step. Throws when a step sees something unexpected. Its data is in its own folder, which is removed at the end.
 */
export async function demo(args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const { split } = readArguments('demo', args, { options: { split: { type: 'boolean', default: false } } }).values;
  const home = mkdtempSync(join(tmpdir(), 'hark-demo-'));
  const begun = performance.now();
  try {
    say(`Starting a hub ${split ? 'with a process per service ' : ''}…`);
    const { WECHAT_BASE_URL: _w, SMTP_URL: _s, BARK_BASE_URL: _b, WEBPUSH_BASE_URL: _p, ...rest } = env;
    const hub = await startHub(
      { home, port: 0, sandboxPort: 0, env: { ...rest, HARK_ADMINS: `wechat:${operatorOpenid}` } },
      split ? { replicas: oneOfEach } : {},
    );
    try {
      say(`ready ${hub.url} after ${seconds(begun)}; the sandbox's phone and mailbox: ${hub.sandboxUrl}`);
      await play(hub.url, hub.sandboxUrl!);
    } finally {
      await hub.close();
    }
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
  say(`The whole story took ${seconds(begun)}, start and stop included.`);
}

async function play(hubUrl: string, sandboxUrl: string): Promise<void> {
  const steps = story({ hubUrl, sandboxUrl, operatorOpenid });
  for (const [index, step] of steps.entries()) {
    const number = `${index + 1}/${steps.length}`.padStart(5);
    const begun = performance.now();
    try {
      const saw = await step.play();
      say(`${number}  ${step.name}: ${saw}  [${Math.round(performance.now() - begun)} ms]`);
    } catch (error) {
      if (!(error instanceof Unexpected)) throw error;
      say(`${number}  ${step.name}: FAILED\n       expected: ${error.expected}\n       came:     ${error.came}`);
      throw error;
    }
  }
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const seconds = (since: number): string => `${((performance.now() - since) / 1_000).toFixed(1)} s`;
