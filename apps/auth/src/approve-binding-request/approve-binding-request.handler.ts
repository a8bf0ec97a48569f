import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { approveBindingRequestRequest, ApprovedReply, authSubjects, Locale, Reply } from '@hark/contracts';
import { hashCredential, issueCredential } from '@hark/credentials';
import type { CommandContext } from '@hark/eventstore';
import { Clock, HarkError } from '@hark/kernel';
import { HarkContext } from '@hark/nats';
import { CommandCtx, Input, Keys, replyTo, Requires, UserId } from '@hark/service';
import { Agreements } from '../agreements.service';
import { BindTargets } from '../bind-targets.store';
import { BindingReplies } from '../binding-replies.service';
import { BindingRequestStore } from '../binding-request.store';
import { BindingRequests } from '../binding-requests.service';
import { Confirmations } from '../confirmations.service';
import { ConsentTerms } from '../consent-terms.service';
import { consentIdOf } from '../domain/auth-ids';
import { BindingRequest, BindingRequestCommand, isDecidedBy, openRequest } from '../domain/binding-request.decider';
import { endpointOf, unknownEndpoint } from '../domain/user.decider';
import { UserStore } from '../user.store';

type Asking = z.infer<typeof approveBindingRequestRequest>;
type Approval = Omit<Extract<BindingRequestCommand, { type: 'Approve' }>, 'type' | 'personId' | 'at'>;
type Approved = Extract<BindingRequest, { is: 'approved' | 'exchanged' }>;

/**
 * The person agrees. The request's stream decides who and once; what follows from it is done by whoever repeats the call,
 * should it be cut off, and else by the schedule.
 */
@Controller()
@Requires('user')
export class ApproveBindingRequestHandler {
  constructor(
    private readonly store: BindingRequestStore,
    private readonly requests: BindingRequests,
    private readonly agreements: Agreements,
    private readonly targets: BindTargets,
    private readonly confirmations: Confirmations,
    private readonly terms: ConsentTerms,
    private readonly users: UserStore,
    private readonly replies: BindingReplies,
    private readonly keys: Keys,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(authSubjects.approveBindingRequest)
  async handle(
    @Input(approveBindingRequestRequest, { requestId: 'binding-request.unknown' }) asking: Asking,
    @UserId() personId: string,
    @CommandCtx() context: CommandContext,
    @Ctx() { request: { locale } }: HarkContext,
  ): Promise<Reply<ApprovedReply>> {
    const { requestId } = asking;
    const { state: request } = await this.store.load(requestId);
    const approval = isDecidedBy(personId, 'approved', request)
      ? agreedBefore(request as Approved)
      : await this.approval(asking, personId, request, locale);
    const command = { ...approval, type: 'Approve', personId, at: this.clock.now() } as const;
    const executed = await this.store.execute(requestId, command, context);
    const approved = executed.state as Approved;
    const binding = await this.agreements.carryOut(requestId, approved, context);
    const code = approved.codeHash === undefined ? undefined : this.codeOf(requestId);
    const redirectTo = await this.requests.redirectTo(requestId, approved, { code });
    const view = await this.replies.view(approved.bindingId, personId, binding.state);
    const body: ApprovedReply = {
      bind: true,
      errMsg: '',
      ...(redirectTo !== undefined && { redirectTo }),
      binding: view,
    };
    const position = binding.position ?? executed.position;
    return replyTo({ ...(position !== undefined && { position }), ...(executed.replayed && { replayed: true }) }, body);
  }

  /** What the person agrees to, once everything says that they may. */
  private async approval(
    { requestId, level, channels, termsHash }: Asking,
    personId: string,
    state: BindingRequest,
    locale: Locale,
  ): Promise<Approval> {
    const request = openRequest(state, this.clock.now());
    const { appId, redirectUri } = request;
    const { state: user } = await this.users.load(personId);
    if (!user.registered || user.erased)
      throw new HarkError('refused', 'session.invalid', 'nobody is registered under this id');
    if (user.blockedApps.includes(appId)) throw blocked();
    if (channels && !channels.every((endpointId) => endpointOf(user, endpointId))) throw unknownEndpoint();
    const { asked, facts } = await this.requests.open(requestId, request, locale);
    const agreed = this.terms.agreed(facts, termsHash, locale);
    const { bindingId, openidId, binding } = await this.targets.find({ appId, openid: asked.openid }, personId);
    await this.confirmations.assertFree(openidId, bindingId);
    const appState = await this.requests.stateFor(requestId, personId, asked);
    return {
      bindingId,
      consentId: binding.is === 'active' ? binding.consentId : consentIdOf(bindingId, requestId),
      ...(level !== undefined && { level }),
      ...(channels !== undefined && { channels }),
      wording: await this.terms.wording(agreed, personId, bindingId),
      ...(appState !== undefined && { state: appState }),
      ...(redirectUri !== undefined && { codeHash: hashCredential(this.codeOf(requestId)) }),
    };
  }

  private codeOf(requestId: string): string {
    return issueCredential('code', requestId, requestId, this.keys.secrets);
  }
}

const agreedBefore = ({ bindingId, consentId, wording }: Approved): Approval => ({ bindingId, consentId, wording });
const blocked = () => new HarkError('refused', 'binding.app-blocked', 'the person has blocked the app');
