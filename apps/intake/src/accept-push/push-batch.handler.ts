import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { intakeSubjects, parse, PushBatchReply, pushBatchRequest, pushBody, Reply } from '@hark/contracts';
import { claimCommand, claimedBefore, EventStore, Executed } from '@hark/eventstore';
import { Clock, HarkError, idAfter, latestPosition, Logger } from '@hark/kernel';
import { HarkContext, RequestContext, wireErrorOf } from '@hark/nats';
import { KeyedQueue } from '@hark/resilience';
import { commandContext, Input, Metrics, Requires, toOutage, WrongKeys } from '@hark/service';
import { ConsentStore } from '../consent.store';
import { acceptedAs } from '../domain/accepted-as';
import { notBegun } from '../domain/refusal';
import { Sender, Senders } from '../senders.service';
import { AskedPush, PushAcceptance } from './push-acceptance';

type Result = PushBatchReply['results'][number];

/** What became of one push: the answer for its sender, and where it stands in the log if it was accepted. */
interface Outcome {
  readonly result: Result;
  readonly executed?: Pick<Executed<unknown>, 'position' | 'replayed'>;
}

/** The most pushes of one app's batches at work at once in this process; the others wait, at the longest until their deadline. */
const atWorkMax = 32;
/** The most that may wait: as many as all requests that the server carries out at once can hold. */
const waitingMax = 16_384;

/**
 * Accepts a part of a batch: each push as if it had come alone, all by one look at the log. Only a bad credential and
 * another batch under the same Idempotency-Key refuse the whole part.
 */
@Controller()
@Requires('credential')
export class PushBatchHandler {
  private readonly places = new KeyedQueue({ activeMax: atWorkMax, waitingMax, refusal: notBegun });
  private readonly counted;

  constructor(
    private readonly senders: Senders,
    private readonly consent: ConsentStore,
    private readonly acceptance: PushAcceptance,
    private readonly wrongKeys: WrongKeys,
    private readonly eventStore: EventStore,
    private readonly clock: Clock,
    private readonly log: Logger,
    metrics: Metrics,
  ) {
    const help = 'Pushes of batches that were answered, by code: ok, or that of the error.';
    this.counted = metrics.counter('hark_batch_pushes_total', help, ['code']);
  }

  @MessagePattern(intakeSubjects.pushBatch)
  async handle(
    @Input(pushBatchRequest) { credential, from, pushes }: z.infer<typeof pushBatchRequest>,
    @Ctx() { request }: HarkContext,
  ): Promise<Reply<PushBatchReply>> {
    const present = this.consent.present();
    const proofs = new Map<string | undefined, Promise<Sender>>();
    const prove = (key: string | undefined): Promise<Sender> => {
      const proof = proofs.get(key) ?? this.senders.prove(credential, key, present);
      proofs.set(key, proof);
      return proof;
    };
    const { appId } = await prove(undefined);
    const isNew = await this.claim(request, appId);
    // Stored: never change how a push's id follows from the batch and its place in it. A repeat asks for the same pushes.
    const idAt = (index: number) => idAfter(request.commandId, from + index + 1);
    const shared = { credential, prove, present, isNew };
    const tried = await Promise.all(
      pushes.map((push, index) => this.outcomeOf(push, appId, { pushId: idAt(index), ...shared }, request)),
    );
    const outcomes = await this.counting(tried, proofs, request);
    for (const [code, some] of Map.groupBy(outcomes, ({ result }) => ('error' in result ? result.error.code : 'ok'))) {
      this.counted.inc({ code }, some.length);
    }
    return replyOf(outcomes);
  }

  /** Counts each wrong key, however many pushes brought it; beyond the limit nothing is said of any. */
  private async counting(
    outcomes: readonly Outcome[],
    proofs: ReadonlyMap<string | undefined, Promise<Sender>>,
    request: RequestContext,
  ): Promise<readonly Outcome[]> {
    const isWrong = (error: unknown) => error instanceof HarkError && error.code === 'key.invalid';
    const ends = await Promise.allSettled(proofs.values());
    const wrong = ends.filter((end) => end.status === 'rejected' && isWrong(end.reason)).length;
    const refusal = await this.wrongKeys.count(request, wrong);
    if (!refusal) return outcomes;
    const { message: _, ...told } = wireErrorOf(refusal);
    return outcomes.map((outcome) =>
      'error' in outcome.result && outcome.result.error.code === 'key.invalid'
        ? { result: { error: told } as Result }
        : outcome,
    );
  }

  /** Ties the Idempotency-Key to the whole batch. True when nobody can have asked for its pushes before. */
  private async claim(request: RequestContext, appId: string): Promise<boolean> {
    const context = commandContext(request, `app:${appId}`);
    await claimCommand(this.eventStore, context, this.clock.now());
    return !(await claimedBefore(this.eventStore, context));
  }

  /** Never rejects. */
  private async outcomeOf(
    push: unknown,
    appId: string,
    asked: Omit<AskedPush, 'push'>,
    request: RequestContext,
  ): Promise<Outcome> {
    try {
      const work = async () => this.acceptance.accept({ ...asked, push: parse(pushBody, push) }, request);
      const executed = await this.places.run(appId, work, request.deadlineMs - Date.now());
      return { result: { id: asked.pushId, status: acceptedAs(executed.state) }, executed };
    } catch (thrown) {
      const error = toOutage(thrown);
      if (!(error instanceof HarkError)) this.log.error({ requestId: request.requestId, err: error }, 'a push failed');
      const { message: _, ...told } = wireErrorOf(error);
      return { result: { error: told } as Result };
    }
  }
}

/** The position is the latest of all. A replay is what wrote nothing new. */
function replyOf(outcomes: readonly Outcome[]): Reply<PushBatchReply> {
  const accepted = outcomes.flatMap(({ executed }) => (executed ? [executed] : []));
  const position = latestPosition(accepted.map(({ position }) => position));
  return {
    body: { results: outcomes.map(({ result }) => result) },
    ...(position !== undefined && { position }),
    ...(accepted.length > 0 && accepted.every(({ replayed }) => replayed) && { replayed: true }),
  };
}
