import { Injectable } from '@nestjs/common';
import { Channel, SendResult } from '@hark/channels';
import { CreditEvent } from '@hark/contracts';
import { CommandContext, DeciderStore, EventStore, Executed } from '@hark/eventstore';
import { Clock, uuid7 } from '@hark/kernel';
import { Credit, CreditCommand, creditDecider } from './domain/credit.decider';

const none: SendResult = { is: 'failed', class: 'RECIPIENT_REFUSED', detail: 'no credit' };

/** The `credit-` streams, one for each endpoint that is counted. Only this service writes them. */
@Injectable()
export class Credits extends DeciderStore<Credit, CreditCommand, CreditEvent> {
  constructor(
    store: EventStore,
    private readonly clock: Clock,
  ) {
    super(store, 'credit', creditDecider, { entriesMax: 1_000 });
  }

  /**
   * Sends on one credit of the endpoint, which is taken before `send` begins; without one nothing is sent. It comes back
   * only when the message certainly was not sent. Where the provider says that there was none, the count is put to zero.
   * Through channels that are not counted it simply sends.
   */
  async spend(
    { spendsCredits }: Pick<Channel, 'spendsCredits'>,
    endpointId: string,
    send: () => Promise<SendResult>,
  ): Promise<SendResult> {
    if (!spendsCredits) return send();
    const spendId = uuid7();
    const { state } = await this.ask(endpointId, { type: 'Take', spendId, at: this.clock.now() });
    if (!state.spent.includes(spendId)) return none;
    const result = await send();
    const at = this.clock.now();
    if (result.is !== 'failed') return result;
    const isRefused = result.class === 'RECIPIENT_REFUSED';
    await this.ask(endpointId, isRefused ? { type: 'Empty', reason: 'refused', at } : { type: 'Return', spendId, at });
    return result;
  }

  private ask(endpointId: string, command: CreditCommand): Promise<Executed<Credit, CreditEvent>> {
    const commandId = uuid7();
    const actor = 'service:delivery';
    const context: CommandContext = { commandId, requestId: commandId, correlationId: commandId, actor };
    return this.execute(endpointId, command, context);
  }
}
