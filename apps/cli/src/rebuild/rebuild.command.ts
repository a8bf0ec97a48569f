import { HarkError } from '@hark/kernel';
import { RpcClient } from '@hark/nats';
import { Keys } from '@hark/service';
import { readArguments } from '../arguments';
import { readMasterKey } from '../up/master-key';
import { readRunFile } from '../up/run-file';
import { serviceNames } from '../up/services';
import { readSettings } from '../up/settings';

/** The result of rebuilding one read model. */
interface RebuiltTable {
  readonly table: string;
  readonly rows: number;
  readonly equal: boolean;
}

/** How long one answer is awaited, and how often a longer rebuild is joined again. */
const answerTimeoutMs = 55_000;
const joinsMax = 60;

/**
 * `hark rebuild --all`: every service of the hub on NATS_URL, or of the one that runs on HARK_HOME, rebuilds its read
 * models from the first event, compares them with the live ones at the same position and replaces those. Throws when
 * any differs.
 */
export async function rebuild(args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const { all } = readArguments('rebuild', args, { options: { all: { type: 'boolean', default: false } } }).values;
  if (!all) throw new HarkError('invalid', 'rebuild.what', 'say what to rebuild: hark rebuild --all');
  const settings = readSettings(env);
  const NATS_URL = env.NATS_URL || readRunFile(settings).NATS_URL;
  const { caller } = new Keys(Buffer.from(readMasterKey(settings), 'base64'));
  const requests = await RpcClient.connect({ url: NATS_URL, name: 'cli', service: 'cli', callerKey: caller });
  try {
    const different: string[] = [];
    for (const service of serviceNames.filter((name) => name !== 'gateway')) {
      for (const { table, rows, equal } of await rebuildService(requests, service)) {
        process.stdout.write(`${equal ? 'equal    ' : 'DIFFERENT'}  ${table.padEnd(32)} ${rows} rows\n`);
        if (!equal) different.push(table);
      }
    }
    if (different.length > 0)
      throw new HarkError('conflict', 'rebuild.different', `rebuilt anew they differ: ${different.join(', ')}`);
  } finally {
    await requests.close();
  }
}

async function rebuildService(requests: RpcClient, service: string): Promise<readonly RebuiltTable[]> {
  for (let joins = 1; ; joins += 1) {
    try {
      const { body } = await requests.request<{ tables: RebuiltTable[] }>(
        `${service}.rebuild-read-models`,
        {},
        { timeoutMs: answerTimeoutMs },
      );
      return body.tables;
    } catch (error) {
      const running = error instanceof HarkError && error.code === 'request.timeout';
      if (!running || joins >= joinsMax) throw error;
      process.stdout.write(`${service}: still rebuilding …\n`);
    }
  }
}
