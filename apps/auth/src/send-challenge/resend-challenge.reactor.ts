import { Injectable } from '@nestjs/common';
import { UserEvent } from '@hark/contracts';
import { Reactor, RecordedEvent } from '@hark/eventstore';
import { Clock } from '@hark/kernel';
import { UserStore } from '../user.store';
import { ChallengeSender } from './challenge-sender';
import { openChallenge } from './open-challenge';

type Resumed = Extract<UserEvent, { type: 'user.endpoint-challenge-resumed' }>;

/** Sends a code again that its endpoint's server did not take before. Has its own slots. */
@Injectable()
export class ResendChallengeReactor implements Reactor<Resumed> {
  readonly group = 'auth.resend-challenge';
  readonly reactsTo = ['user.endpoint-challenge-resumed'];
  readonly concurrency = 64;

  constructor(
    private readonly users: UserStore,
    private readonly sender: ChallengeSender,
    private readonly clock: Clock,
  ) {}

  async react(recorded: RecordedEvent<Resumed>): Promise<void> {
    const { state: user } = await this.users.load(recorded.id);
    const challenge = openChallenge(user, recorded.event.data, this.clock.now());
    // Redelivered after the code was put off again or the next deferral came due: nothing to do.
    const sending = challenge?.endpoint.challenge.sending;
    if (sending?.retryAt !== null || sending.deferrals !== recorded.event.data.number) return;
    await this.sender.send(challenge!, recorded);
  }
}
