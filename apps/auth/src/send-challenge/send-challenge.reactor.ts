import { Injectable } from '@nestjs/common';
import { UserEvent } from '@hark/contracts';
import { Reactor, RecordedEvent } from '@hark/eventstore';
import { Clock } from '@hark/kernel';
import { UserStore } from '../user.store';
import { ChallengeSender } from './challenge-sender';
import { openChallenge } from './open-challenge';

type Challenged = Extract<UserEvent, { type: 'user.endpoint-challenged' }>;

/**
 * Sends a challenge's code for the first time. Events may be redelivered: the channels mark a second copy of a code, so
 * that the reader drops it. Does not send a code that has expired, was replaced by a newer one, or was put off.
 */
@Injectable()
export class SendChallengeReactor implements Reactor<Challenged> {
  readonly group = 'auth.send-challenge';
  readonly reactsTo = ['user.endpoint-challenged'];
  readonly concurrency = 64;

  constructor(
    private readonly users: UserStore,
    private readonly sender: ChallengeSender,
    private readonly clock: Clock,
  ) {}

  async react(recorded: RecordedEvent<Challenged>): Promise<void> {
    const { state: user } = await this.users.load(recorded.id);
    const challenge = openChallenge(user, recorded.event.data, this.clock.now());
    if (challenge?.endpoint.challenge.sending.deferrals === 0) await this.sender.send(challenge, recorded);
  }
}
