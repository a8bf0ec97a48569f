import { authSubjects } from '@hark/contracts';
import { HarkError } from '@hark/kernel';
import { RpcClient } from '@hark/nats';

const answerTimeoutMs = 1_000;

/**
 * Asks the auth service for something harmless, to see that it accepts what this gateway signs. Throws `refused`
 * `config.master-key-mismatch` when it does not. The gateway has no store to compare its key with. Does not wait for a
 * service that is not there yet.
 */
export async function assertSameKey(requests: Pick<RpcClient, 'request'>): Promise<void> {
  try {
    await requests.request(authSubjects.listEndpointKinds, {}, { timeoutMs: answerTimeoutMs });
  } catch (error) {
    if (!(error instanceof HarkError) || error.code !== 'caller.unsigned') return;
    const message = 'the master key is not the one of the services: set HARK_MASTER_KEY of the gateway to theirs';
    throw new HarkError('refused', 'config.master-key-mismatch', message);
  }
}
