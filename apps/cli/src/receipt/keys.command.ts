import { authSubjects, ReceiptJwks } from '@hark/contracts';
import { HarkError } from '@hark/kernel';
import { RpcClient } from '@hark/nats';
import { Keys } from '@hark/service';
import { readArguments } from '../arguments';
import { readMasterKey } from '../up/master-key';
import { readRunFile } from '../up/run-file';
import { readSettings } from '../up/settings';

/**
 * `hark keys rotate`: receipts of the hub on NATS_URL, or of the one that runs on HARK_HOME, are signed by a new key from
 * now on. The former ones stay published, so that old receipts can be checked.
 */
export async function keys(args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const { positionals } = readArguments('keys', args, { allowPositionals: true });
  if (positionals.join(' ') !== 'rotate') throw new HarkError('invalid', 'command.invalid', 'hark keys rotate');
  const settings = readSettings(env);
  const { caller } = new Keys(Buffer.from(readMasterKey(settings), 'base64'));
  const url = env.NATS_URL || readRunFile(settings).NATS_URL;
  const requests = await RpcClient.connect({ url, name: 'cli', service: 'cli', callerKey: caller });
  try {
    const { body } = await requests.request<ReceiptJwks>(authSubjects.rotateReceiptKey, {});
    const [present, ...former] = body.keys;
    process.stdout.write(
      `receipts are signed by ${present!.kid} now, ${former.length} before it stay published  已更换签名密钥\n`,
    );
  } finally {
    await requests.close();
  }
}
