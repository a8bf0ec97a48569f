import { setTimeout as pause } from 'node:timers/promises';
import { SendResult } from '@hark/channels';
import { EndpointTestReply } from '@hark/contracts';

/** The outcome in one of three words: what a server answered stays between it and the hub. */
export function testOutcome(result: SendResult): EndpointTestReply['outcome'] {
  if (result.is === 'sent') return 'ok';
  if (result.is === 'unknown') return 'unreachable';
  switch (result.class) {
    case 'RECIPIENT_GONE':
    case 'RECIPIENT_REFUSED':
    case 'BAD_REQUEST':
    case 'CONFIG':
      return 'refused';
    default:
      return 'unreachable';
  }
}

const late: SendResult = { is: 'unknown', detail: 'deadline' };

/**
 * The result after exactly `ms`, whenever it came: how long a server took, or whether its port refused or swallowed the
 * call, cannot be read from the time of the answer. Later than that it is `unknown`.
 */
export async function afterEvenTime(ms: number, sending: Promise<SendResult>): Promise<SendResult> {
  let result = late;
  void sending.then(
    (came) => (result = came),
    () => undefined,
  );
  await pause(ms);
  return result;
}
