import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern } from '@nestjs/microservices';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { aadOf, escalationsMax, intakeSubjects, pushIdRequest, PushView, Reply } from '@hark/contracts';
import { escalatedIdOf } from '@hark/gate';
import { HarkError } from '@hark/kernel';
import { HarkContext } from '@hark/nats';
import { ReadModel } from '@hark/readmodel';
import { Input, Requires } from '@hark/service';
import { Vault } from '@hark/vault';
import { ConsentStore } from '../consent.store';
import { acceptedAs } from '../domain/accepted-as';
import { lineWords, wordsFor } from '../domain/push-words';
import { MessageStore } from '../message.store';
import { Senders } from '../senders.service';
import { PushRow } from './push-rows.projection';

type Shown = Pick<PushRow, 'push_id' | 'app_id' | 'binding_id' | 'status' | 'reason' | 'timeline'>;

/** What became of a push, for the app that sent it; with a binding key only pushes of that binding. */
@Controller()
@Requires('credential')
export class GetPushHandler {
  constructor(
    private readonly senders: Senders,
    private readonly consent: ConsentStore,
    private readonly messages: MessageStore,
    private readonly vault: Vault,
    private readonly database: DataSource,
    private readonly readModel: ReadModel,
  ) {}

  @MessagePattern(intakeSubjects.getPush)
  async handle(
    @Input(pushIdRequest, { pushId: 'push.unknown' }) { credential, pushId }: z.infer<typeof pushIdRequest>,
    @Ctx() { request }: HarkContext,
  ): Promise<Reply<PushView>> {
    const sender = await this.senders.prove(credential, undefined, this.consent.present());
    await this.readModel.waitForPosition(request.position);
    const row = (await this.rowOf(pushId)) ?? (await this.justAccepted(pushId));
    if (row?.app_id !== sender.appId || (sender.binding && sender.binding.id !== row.binding_id)) {
      throw new HarkError('not-found', 'push.unknown', 'the app has no such push');
    }
    const outcome = { status: row.status, ...(row.reason !== null && { reason: row.reason }) };
    // Who else got it is the app's to know: the holder of a key knows of its own person only.
    const escalated = sender.binding ? [] : await this.escalatedFrom(pushId);
    const recipients = await Promise.all([row, ...escalated].map((one) => this.recipientOf(one)));
    return {
      body: {
        id: row.push_id,
        ...outcome,
        ...wordsFor(row.status, row.reason, request.locale),
        timeline: row.timeline.map((entry) => {
          const text = lineWords(entry, request.locale);
          return text === undefined ? entry : { ...entry, text };
        }),
        recipients: recipients.flat(),
      },
    };
  }

  private async rowOf(pushId: string): Promise<Shown | undefined> {
    const [row] = await this.database.query<Shown[]>('select * from intake.pushes where push_id = $1', [pushId]);
    return row;
  }

  /** A push that the table does not have yet, from its own stream: it can be read as soon as its 202 was sent. */
  private async justAccepted(pushId: string): Promise<Shown | undefined> {
    const { state } = await this.messages.load(pushId);
    if (state.is === 'absent') return undefined;
    const { appId, bindingId, at } = state;
    return {
      push_id: pushId,
      app_id: appId,
      binding_id: bindingId,
      status: acceptedAs(state),
      reason: null,
      timeline: [{ event: 'message.pushed', at }],
    };
  }

  /** What became of it with those it went to because nobody acknowledged it, in their order. */
  private async escalatedFrom(pushId: string): Promise<Shown[]> {
    const ids = Array.from({ length: escalationsMax }, (_, index) => escalatedIdOf(pushId, index + 1));
    const rows = await this.database.query<Shown[]>('select * from intake.pushes where push_id = any($1)', [ids]);
    return ids.flatMap((id) => rows.find(({ push_id }) => push_id === id) ?? []);
  }

  /** None once the person is erased. */
  private async recipientOf({ binding_id, status, reason }: Shown): Promise<PushView['recipients']> {
    const openid = await this.openidOf(binding_id);
    return openid === undefined ? [] : [{ openid, status, ...(reason !== null && { reason }) }];
  }

  /** The app's own name for the recipient; `undefined` once the person is erased. */
  private async openidOf(bindingId: string): Promise<string | undefined> {
    const { state } = await this.consent.bindings.get(bindingId);
    return state.is === 'absent' ? undefined : this.vault.open(state.openid, aadOf.openid(bindingId));
  }
}
