import { HarkError } from '@hark/kernel';
import { RpcClient } from '@hark/nats';
import { Keys } from '@hark/service';
import { readArguments } from '../arguments';
import { readMasterKey } from '../up/master-key';
import { readRunFile } from '../up/run-file';
import { serviceNames } from '../up/services';
import { readSettings, Settings } from '../up/settings';

interface Progress {
  readonly events: number;
  readonly seconds: number;
}

/** The result of rebuilding the read models of one service. */
export interface Rebuilt extends Progress {
  readonly tables: readonly { readonly table: string; readonly rows: number; readonly equal: boolean }[];
}

const progressEveryMs = 2_000;
/** How long one answer is awaited, and how often a longer rebuild is joined again. */
const answerTimeoutMs = 55_000;
const joinsMax = 60;

/**
 * `hark rebuild --all`: every service of the hub on NATS_URL, or of the one that runs on HARK_HOME, rebuilds its read
 * models from the first event, all at once, compares them with the live ones at the same position and replaces those.
 * Says on stderr how far they are. Throws when any differs.
 */
export async function rebuild(args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const { all } = readArguments('rebuild', args, { options: { all: { type: 'boolean', default: false } } }).values;
  if (!all) throw new HarkError('invalid', 'rebuild.what', 'say what to rebuild: hark rebuild --all');
  const settings = readSettings(env);
  const rebuilt = await rebuildAll(settings, env.NATS_URL || readRunFile(settings).NATS_URL);
  const different: string[] = [];
  for (const { table, rows, equal } of rebuilt.flatMap(({ tables }) => tables)) {
    process.stdout.write(`${equal ? 'equal    ' : 'DIFFERENT'}  ${table.padEnd(32)} ${rows} rows\n`);
    if (!equal) different.push(table);
  }
  if (different.length > 0)
    throw new HarkError('conflict', 'rebuild.different', `rebuilt anew they differ: ${different.join(', ')}`);
}

/** Rebuilds the read models of all services of the hub at `natsUrl`, whose master key `settings` lead to. */
export async function rebuildAll(settings: Settings, natsUrl: string): Promise<readonly Rebuilt[]> {
  const { caller } = new Keys(Buffer.from(readMasterKey(settings), 'base64'));
  const requests = await RpcClient.connect({ url: natsUrl, name: 'cli', service: 'cli', callerKey: caller });
  try {
    const services = serviceNames.filter((name) => name !== 'gateway');
    return await Promise.all(services.map((service) => rebuildService(requests, service)));
  } finally {
    await requests.close();
  }
}

async function rebuildService(requests: RpcClient, service: string): Promise<Rebuilt> {
  const watching = setInterval(() => void tellProgress(requests, service), progressEveryMs);
  try {
    for (let joins = 1; ; joins += 1) {
      try {
        const { body } = await requests.request<Rebuilt>(subjectOf(service), {}, { timeoutMs: answerTimeoutMs });
        tell(service, body);
        return body;
      } catch (error) {
        const running = error instanceof HarkError && error.code === 'request.timeout';
        if (!running || joins >= joinsMax) throw error;
      }
    }
  } finally {
    clearInterval(watching);
  }
}

/** Nothing is said when there is no answer: the rebuild itself will tell. */
async function tellProgress(requests: RpcClient, service: string): Promise<void> {
  const asked = requests.request<{ progress?: Progress }>(subjectOf(service), { progress: true });
  const answer = await asked.catch(() => undefined);
  if (answer?.body?.progress) tell(service, answer.body.progress);
}

function tell(service: string, { events, seconds }: Progress): void {
  const each = Math.round(events / seconds);
  process.stderr.write(`${service}: ${events} events in ${seconds.toFixed(1)} s, ${each} a second\n`);
}

const subjectOf = (service: string): string => `${service}.rebuild-read-models`;
