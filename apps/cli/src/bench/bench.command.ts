import { writeFileSync } from 'node:fs';
import { Disposables, HarkError } from '@hark/kernel';
import { BenchOptions, readBenchOptions } from './bench-options';
import { htmlReport } from './html-report';
import { benchHub } from './hub-bench';
import { hubText } from './hub-report';

/** The result of a bench, for machines and for people. */
interface Found {
  readonly json: object;
  readonly text: string;
  readonly html?: string;
}

/**
 * `hark bench [event-store|nats|trouble|neighbours|rebuild|auth|schedule|streams]` with the options of `readBenchOptions`: measures the running hub, or
 * a hub of its own when none runs. With `--json` one object on standard
 * output; progress is on standard error then. Everything it starts is stopped, also when it fails or is interrupted.
 */
export async function bench(args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const options = readBenchOptions(args);
  const say = (line: string): void => void (options.json ? process.stderr : process.stdout).write(`${line}\n`);
  const started = new Disposables();
  const interrupt = new AbortController();
  const onSignal = () => interrupt.abort(new HarkError('refused', 'bench.interrupted', 'interrupted'));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, onSignal);
  const interrupted = new Promise<never>((_, reject) =>
    interrupt.signal.addEventListener('abort', () => reject(interrupt.signal.reason as HarkError)),
  );
  try {
    const { json, text, html } = await Promise.race([
      measure(options, env, started, interrupt.signal, say),
      interrupted,
    ]);
    process.stdout.write(options.json ? `${JSON.stringify(json)}\n` : `\n${text}\n`);
    if (options.html !== undefined && html !== undefined) writeFileSync(options.html, html);
  } finally {
    await started.close();
  }
}

async function measure(
  options: BenchOptions,
  env: NodeJS.ProcessEnv,
  started: Disposables,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<Found> {
  switch (options.what) {
    case 'hub': {
      const json = await benchHub(options, env, started, signal, say);
      return { json, text: hubText(json), html: htmlReport(json) };
    }
    case 'event-store': {
      const { benchEventStore } = await import('./event-store-bench.js');
      const { eventStoreText } = await import('./event-store-report.js');
      const json = await benchEventStore(options.events, started, signal, say);
      return { json, text: eventStoreText(json) };
    }
    case 'trouble': {
      const { benchTrouble } = await import('./trouble-bench.js');
      const { troubleText } = await import('./trouble-report.js');
      const json = await benchTrouble(options, started, signal, say);
      return { json, text: troubleText(json) };
    }
    case 'neighbours': {
      const { benchNeighbours, neighboursText } = await import('./neighbours-bench.js');
      const json = await benchNeighbours(options, env, started, signal, say);
      return { json, text: neighboursText(json) };
    }
    case 'rebuild': {
      const { benchRebuild, rebuildText } = await import('./rebuild-bench.js');
      const json = await benchRebuild(options, env, started, signal, say);
      return { json, text: rebuildText(json) };
    }
    case 'auth': {
      const { benchAuth, authText } = await import('./auth-bench.js');
      const json = await benchAuth(options, env, started, say);
      return { json, text: authText(json) };
    }
    case 'schedule': {
      const { benchSchedule, scheduleText } = await import('./schedule-bench.js');
      const json = await benchSchedule(options, env, started, signal, say);
      return { json, text: scheduleText(json) };
    }
    case 'streams': {
      const { benchStreams, streamsText } = await import('./streams-bench.js');
      const json = await benchStreams(options, env, started, say);
      return { json, text: streamsText(json) };
    }
    case 'nats': {
      const { benchNats, natsText } = await import('./nats-bench.js');
      const json = await benchNats(started, say);
      return { json, text: natsText(json) };
    }
  }
}
