import { Injectable } from '@nestjs/common';
import { ChannelRegistry } from '@hark/channels';
import { aadOf, UserEvent } from '@hark/contracts';
import { CommandContext, reactionContext, Reactor, RecordedEvent } from '@hark/eventstore';
import { Endpoint, User } from '@hark/gate';
import { Clock, HarkError } from '@hark/kernel';
import { Keys } from '@hark/service';
import { Vault } from '@hark/vault';
import { ChallengeCounts } from '../challenge-counts.service';
import { challengeCodeOf, codeHashOf } from '../domain/auth-ids';
import { endpointOf } from '../domain/user.decider';
import { UserStore } from '../user.store';

type Disabled = Extract<UserEvent, { type: 'user.endpoint-disabled' }>;

/** What was switched off only because it may be somebody else's by now. */
const doubts: ReadonlySet<string> = new Set(['proof-due', 'owner-changed']);

/**
 * Sends a new code to an endpoint that was switched off because it may have changed hands (ADR 64); where as many codes were
 * sent as a day allows, none, and its person can ask for one later.
 */
@Injectable()
export class ChallengeAgainReactor implements Reactor<Disabled> {
  readonly group = 'auth.challenge-again';
  readonly reactsTo = ['user.endpoint-disabled'];

  constructor(
    private readonly users: UserStore,
    private readonly counts: ChallengeCounts,
    private readonly channels: ChannelRegistry,
    private readonly vault: Vault,
    private readonly keys: Keys,
    private readonly clock: Clock,
  ) {}

  async react(recorded: RecordedEvent<Disabled>): Promise<void> {
    const { id: personId, event } = recorded;
    const { endpointId, reason, at: disabledAt } = event.data;
    if (!doubts.has(reason)) return;
    const context = reactionContext(recorded, 'auth');
    const { state: user } = await this.users.load(personId);
    const endpoint = endpointOf(user, endpointId);
    if (endpoint?.disabled?.at !== disabledAt || endpoint.challenge !== null) return;
    if (!(await this.mayAsk(personId, user, endpoint, context))) return;
    const code = challengeCodeOf(endpointId, context.commandId, this.keys.secrets);
    const challenge = {
      type: 'ChallengeAgain',
      endpointId,
      disabledAt,
      code: await this.vault.seal(personId, code, aadOf.code(endpointId)),
      codeHash: codeHashOf(endpointId, code, this.keys.secrets),
      at: this.clock.now(),
    } as const;
    await this.users.execute(personId, challenge, context);
  }

  /** Counts the code like any other. False where the day's are spent, or the person is no more. */
  private async mayAsk(personId: string, user: User, endpoint: Endpoint, context: CommandContext): Promise<boolean> {
    const { endpointId, kind } = endpoint;
    const address = await this.vault.open(endpoint.address, aadOf.address(endpointId));
    const channel = this.channels.get(kind);
    if (address === undefined || !channel) return false;
    const identity = channel.identify(JSON.parse(address));
    try {
      await this.counts.count({ personId, user, endpointId, kind, identity, at: this.clock.now() }, context);
      return true;
    } catch (error) {
      if (error instanceof HarkError && error.kind === 'refused') return false;
      throw error;
    }
  }
}
