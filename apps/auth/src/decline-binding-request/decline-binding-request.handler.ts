import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { authSubjects, bindingRequestIdRequest, DeclinedReply, Locale, Reply } from '@hark/contracts';
import { type CommandContext, stepContext } from '@hark/eventstore';
import { openidIdOf } from '@hark/gate';
import { Clock } from '@hark/kernel';
import { HarkContext } from '@hark/nats';
import { CommandCtx, Input, replyTo, Requires, UserId } from '@hark/service';
import { BindingRequestStore } from '../binding-request.store';
import { BindingRequests } from '../binding-requests.service';
import { isDecidedBy, openRequest } from '../domain/binding-request.decider';
import { OpenidStore } from '../openid.store';

const declined: Readonly<Record<Locale, string>> = {
  'zh-CN': '用户拒绝了授权',
  en: 'the person declined',
};

/** The person says no. */
@Controller()
@Requires('user')
export class DeclineBindingRequestHandler {
  constructor(
    private readonly store: BindingRequestStore,
    private readonly openids: OpenidStore,
    private readonly requests: BindingRequests,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(authSubjects.declineBindingRequest)
  async handle(
    @Input(bindingRequestIdRequest, { requestId: 'binding-request.unknown' })
    { requestId }: z.infer<typeof bindingRequestIdRequest>,
    @UserId() personId: string,
    @CommandCtx() context: CommandContext,
    @Ctx() { request: { locale } }: HarkContext,
  ): Promise<Reply<DeclinedReply>> {
    const { state: request } = await this.store.load(requestId);
    const at = this.clock.now();
    const isRepeat = isDecidedBy(personId, 'declined', request);
    const asked = isRepeat ? undefined : await this.requests.asked(requestId, openRequest(request, at));
    const state = asked && (await this.requests.stateFor(requestId, personId, asked));
    const executed = await this.store.execute(
      requestId,
      { type: 'Decline', personId, ...(state !== undefined && { state }), at },
      context,
    );
    if (asked && request.is !== 'absent') {
      const openidId = openidIdOf(request.appId, asked.openid);
      await this.openids.execute(openidId, { type: 'Decline', at }, stepContext(context, 'note-no'));
    }
    await this.requests.close(requestId);
    // RFC 6749 section 4.1.2.1 names this error.
    const kept = executed.state.is === 'declined' ? executed.state : {};
    const redirectTo = await this.requests.redirectTo(requestId, kept, { error: 'access_denied' });
    return replyTo(executed, {
      bind: false,
      errMsg: declined[locale],
      ...(redirectTo !== undefined && { redirectTo }),
    });
  }
}
