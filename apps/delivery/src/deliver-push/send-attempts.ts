import { setTimeout as pause } from 'node:timers/promises';
import { aadOf, PushContent } from '@hark/contracts';
import { Channel, ChannelRegistry, Note, SendResult } from '@hark/channels';
import { CommandContext, stepContext, Vault } from '@hark/eventstore';
import { Clock, uuid5 } from '@hark/kernel';
import { Injectable } from '@nestjs/common';
import { AppNames } from '../app-names.store';
import { ConsentStore } from '../consent.store';
import { DeliveryStore } from '../delivery.store';
import { Leg, Outcome } from '../domain/delivery.decider';
import { Pushed } from './pushed';

/** Tries at one endpoint, and how long to wait before the second and the third. All within the reactor's message timeout. */
const attemptsMax = 3;
const waitsMs = [500, 2_000];
/** No try begins after this, so that a redelivered verdict never meets a try that is still running. */
const budgetMs = 15_000;

const passing: readonly string[] = ['TRANSIENT', 'THROTTLED', 'AUTH_REFRESH'];

/** The id of an endpoint's n-th try: the same wherever it is worked out. */
export const attemptIdOf = (pushId: string, endpointId: string, number: number): string => uuid5(pushId, `attempt:${endpointId}:${number}`);

/** Sends a decided push through its endpoints, writing down each try before its bytes leave and each end after. */
@Injectable()
export class SendAttempts {
  constructor(
    private readonly deliveries: DeliveryStore,
    private readonly consent: ConsentStore,
    private readonly channels: ChannelRegistry,
    private readonly apps: AppNames,
    private readonly vault: Vault,
    private readonly clock: Clock,
  ) {}

  /**
   * Brings every endpoint of the delivery to an end; endpoints do not wait for each other. `fresh`: this very call of the
   * reactor wrote the first tries down; otherwise a try without an end was cut off by a crash and nobody knows its end.
   */
  async finish(pushId: string, pushed: Pushed, fresh: boolean, context: CommandContext): Promise<void> {
    const { state } = await this.deliveries.load(pushId);
    if (state.is !== 'decided') return;
    const note = await this.noteOf(pushId, pushed);
    const giveUpAtMs = performance.now() + budgetMs;
    const open = state.legs.filter(({ settled }) => settled === null);
    const ends = await Promise.allSettled(open.map((leg) => this.finishLeg({ pushId, pushed, leg, note, context, giveUpAtMs }, fresh)));
    const failed = ends.find((end) => end.status === 'rejected');
    if (failed) throw failed.reason;
  }

  private async finishLeg(job: Job, fresh: boolean): Promise<void> {
    const { leg, pushed, giveUpAtMs } = job;
    if (!fresh && leg.open && !this.channels.get(leg.kind)?.repeatable) {
      return this.settle(job, leg.open.attemptId, { is: 'unknown', class: 'interrupted', final: true });
    }
    for (let number = fresh ? leg.attempts : leg.attempts + 1; number <= attemptsMax; number += 1) {
      const attemptId = attemptIdOf(job.pushId, leg.endpointId, number);
      // The last look before bytes leave: consent may have gone since the decision.
      const { decision, bindingRevision } = await this.consent.look(pushed, this.clock.now());
      const endpoint = decision.is === 'deliver' ? decision.endpoints.find(({ endpointId }) => endpointId === leg.endpointId) : undefined;
      const channel = this.channels.get(leg.kind);
      if (!endpoint || !channel || !job.note) {
        return this.suppress(job, decision.is !== 'deliver' ? decision.reason : !job.note ? 'person-erased' : 'no-channel');
      }
      if (!fresh || number > leg.attempts) {
        const attempt = { attemptId, endpointId: leg.endpointId, channel: leg.kind, dedupeId: job.pushId, bindingRevision, at: this.clock.now() };
        await this.deliveries.execute(job.pushId, { type: 'Attempt', attempt }, stepContext(job.context, `attempt:${attemptId}`));
      }
      const address = await this.vault.open(endpoint.address, aadOf.address(leg.endpointId));
      if (address === undefined) return this.suppress(job, 'person-erased');
      const result = await channel.send(JSON.parse(address), job.note);
      const waitMs = waitsMs[number - 1];
      const mayRepeat = waitMs !== undefined && performance.now() + waitMs < giveUpAtMs;
      const outcome = outcomeOf(result, channel, mayRepeat);
      await this.settle(job, attemptId, outcome);
      if (outcome.is === 'sent' || outcome.final) return;
      await pause(waitMs);
    }
    await this.suppress(job, 'attempts-used-up');
  }

  private async settle({ pushId, context }: Job, attemptId: string, outcome: Outcome): Promise<void> {
    const command = { type: 'Settle', attemptId, outcome, at: this.clock.now() } as const;
    await this.deliveries.execute(pushId, command, stepContext(context, `settle:${attemptId}`));
  }

  private async suppress({ pushId, leg, context }: Job, reason: string): Promise<void> {
    const command = { type: 'Suppress', endpointId: leg.endpointId, reason, at: this.clock.now() } as const;
    await this.deliveries.execute(pushId, command, stepContext(context, `suppress:${leg.endpointId}`));
  }

  /** What the channels are given; `undefined` once the person is erased. */
  private async noteOf(pushId: string, pushed: Pushed): Promise<Note | undefined> {
    const text = await this.vault.open(pushed.content, aadOf.content(pushId));
    if (text === undefined) return undefined;
    const { tags: _, ...content } = JSON.parse(text) as PushContent;
    return {
      ...content,
      deliveryId: pushId,
      dedupeId: pushId,
      appId: pushed.appId,
      appName: await this.apps.nameOf(pushed.appId),
      priority: pushed.priority,
      level: 'strong',
      locale: 'zh-CN',
      receivedAt: pushed.at,
    };
  }
}

interface Job {
  readonly pushId: string;
  readonly pushed: Pushed;
  readonly leg: Leg;
  readonly note: Note | undefined;
  readonly context: CommandContext;
  readonly giveUpAtMs: number;
}

/** What the provider's answer means for this try, and whether another one may follow. */
function outcomeOf(result: SendResult, { repeatable }: Channel, mayRepeat: boolean): Outcome {
  switch (result.is) {
    case 'sent':
      return { is: 'sent', ...(result.providerRef !== undefined && { providerRef: result.providerRef }) };
    case 'failed':
      return { is: 'failed', class: result.class, final: !mayRepeat || !passing.includes(result.class) };
    case 'unknown':
      return { is: 'unknown', class: 'UNKNOWN_OUTCOME', final: !mayRepeat || !repeatable };
  }
}
