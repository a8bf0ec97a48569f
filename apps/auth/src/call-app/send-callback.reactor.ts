import { Injectable } from '@nestjs/common';
import { CallbackEvent } from '@hark/contracts';
import { reactionContext, Reactor, RecordedEvent, stepContext } from '@hark/eventstore';
import { Clock } from '@hark/kernel';
import { CallbackStore } from '../callback.store';
import { CallbackCommand } from '../domain/callback.decider';
import { CallbackSender } from './callback-sender';
import { CallbackTurns, noTurn } from './callback-turns';

type Due = Extract<CallbackEvent, { type: 'callback.queued' | 'callback.resumed' }>;

/** Makes the try that is due, and records how it ended. A redelivery may repeat a try, under the same `webhook-id`. */
@Injectable()
export class SendCallbackReactor implements Reactor<Due> {
  readonly group = 'auth.send-callback';
  readonly reactsTo = ['callback.queued', 'callback.resumed'];
  /** Nearly all of a reaction is waiting for somebody's server. */
  readonly concurrency = 64;
  readonly waitingMax = 256;

  constructor(
    private readonly callbacks: CallbackStore,
    private readonly sender: CallbackSender,
    private readonly turns: CallbackTurns,
    private readonly clock: Clock,
  ) {}

  /** Slow receivers hold up others of their owner before those of others. */
  ownerOf({ event, id }: RecordedEvent<Due>): string {
    return event.data.ownerId ?? (event.type === 'callback.queued' ? event.data.appId : id);
  }

  async react(recorded: RecordedEvent<Due>): Promise<void> {
    const { event, id } = recorded;
    const number = event.type === 'callback.queued' ? 1 : event.data.number + 1;
    const { state } = await this.callbacks.load(id);
    if (state.is !== 'due' || state.tries !== number - 1) return;
    const { appId, ownerId = appId } = state.news;
    const result = await this.turns.run({ appId, ownerId }, () => this.sender.send(id, state.news));
    const at = this.clock.now();
    const end: CallbackCommand =
      result === noTurn ? { type: 'PutOff', jitter: Math.random(), at } : { type: 'Settle', number, result, at };
    await this.callbacks.execute(id, end, stepContext(reactionContext(recorded, 'auth'), 'settle'));
  }
}
