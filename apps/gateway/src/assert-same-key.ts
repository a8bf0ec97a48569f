import { authSubjects } from '@hark/contracts';
import { HarkError } from '@hark/kernel';
import { RpcClient } from '@hark/nats';

const answerTimeoutMs = 1_000;

/**
 * Asks the auth service something that is not a request, to see whether it takes what this gateway signs: `refused`
 * `config.master-key-mismatch` when it does not. The gateway has no store that it could compare its key with. A service
 * that is not there yet is not waited for.
 */
export async function assertSameKey(requests: Pick<RpcClient, 'request'>): Promise<void> {
  try {
    await requests.request(authSubjects.checkSession, {}, { timeoutMs: answerTimeoutMs });
  } catch (error) {
    if (!(error instanceof HarkError) || error.code !== 'caller.unsigned') return;
    const message = 'the master key is not the one of the services: set HARK_MASTER_KEY of the gateway to theirs';
    throw new HarkError('refused', 'config.master-key-mismatch', message);
  }
}
