import { Injectable } from '@nestjs/common';
import { ChannelRegistry, SendResult } from '@hark/channels';
import { aadOf, UserEvent } from '@hark/contracts';
import { Reactor, Recorded, Vault } from '@hark/eventstore';
import { Clock, HarkError } from '@hark/kernel';
import { Logger } from '@hark/service';
import { endpointOf } from '../domain/user.decider';
import { UserStore } from '../user.store';

type Challenged = Extract<UserEvent, { type: 'user.endpoint-challenged' }>;

const passing: readonly string[] = ['TRANSIENT', 'THROTTLED', 'AUTH_REFRESH'];
// A person's language is not known to the event; the code reads the same in all of them.
const locale = 'zh-CN';

/**
 * Sends a challenge's code through the endpoint it is to prove. Events repeat: the channels mark a second copy of one
 * code so that the reader drops it. A code that has expired, or that a newer one replaced, is not sent any more.
 */
@Injectable()
export class SendChallengeReactor implements Reactor<Challenged> {
  readonly group = 'auth.send-challenge';
  readonly reactsTo = ['user.endpoint-challenged'];

  constructor(
    private readonly users: UserStore,
    private readonly channels: ChannelRegistry,
    private readonly vault: Vault,
    private readonly clock: Clock,
    private readonly log: Logger,
  ) {}

  async react({ event, id: personId, eventId }: Recorded<Challenged>): Promise<void> {
    const { endpointId, code: sealedCode, codeHash, expiresAt } = event.data;
    if (this.clock.now() >= expiresAt) return;
    const { state: person } = await this.users.load(personId);
    const endpoint = endpointOf(person, endpointId);
    if (!endpoint || endpoint.verified || endpoint.challenge?.codeHash !== codeHash) return;
    const channel = this.channels.get(endpoint.kind);
    const [address, code] = await this.vault.openMany([
      { sealed: endpoint.address, aad: aadOf.address(endpointId) },
      { sealed: sealedCode, aad: aadOf.code(endpointId) },
    ]);
    if (!channel || address === undefined || code === undefined) return;
    const result = await channel.challenge(JSON.parse(address), code, locale, personId);
    if (result.is === 'sent') return;
    if (mayRepeat(result, channel.repeatable)) {
      throw new HarkError('unavailable', 'endpoint.challenge-unsent', `the provider did not take it: ${result.detail}`);
    }
    // The person sees that nothing comes; asking again would not mend a wrong address.
    this.log.warn({ kind: endpoint.kind, eventId, detail: result.detail }, 'a challenge could not be sent');
  }
}

const mayRepeat = (result: Exclude<SendResult, { is: 'sent' }>, repeatable: boolean): boolean =>
  result.is === 'unknown' ? repeatable : passing.includes(result.class);
