import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { authSubjects, bindingRequestIdRequest, BindingRequestView, Reply } from '@hark/contracts';
import { Clock } from '@hark/kernel';
import { HarkContext } from '@hark/nats';
import { Input, Requires, UserId } from '@hark/service';
import { BindingRequestStore } from '../binding-request.store';
import { BindingRequests } from '../binding-requests.service';
import { termsView } from '../consent-terms.service';
import { openRequest } from '../domain/binding-request.decider';
import { termsIn } from '../domain/consent-terms';
import { openidHint } from '../domain/openid-hint';
import { appPublicView } from '../domain/views';

/** What the consent page shows, from the log: never behind. */
@Controller()
@Requires('user')
export class GetBindingRequestHandler {
  constructor(
    private readonly store: BindingRequestStore,
    private readonly requests: BindingRequests,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(authSubjects.getBindingRequest)
  async handle(
    @Input(bindingRequestIdRequest, { requestId: 'binding-request.unknown' })
    { requestId }: z.infer<typeof bindingRequestIdRequest>,
    @UserId() _personId: string,
    @Ctx() { request: { locale } }: HarkContext,
  ): Promise<Reply<BindingRequestView>> {
    const { state } = await this.store.load(requestId);
    const request = openRequest(state, this.clock.now());
    const { app, asked, facts } = await this.requests.open(requestId, request, locale);
    return {
      body: {
        app: appPublicView(request.appId, app),
        ...(facts.purpose !== undefined && { purpose: facts.purpose }),
        openidHint: openidHint(asked.openid),
        ...(facts.domain !== undefined && { domain: facts.domain }),
        terms: termsView(termsIn(locale, facts)),
        expiresAt: request.expiresAt,
      },
    };
  }
}
