import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { aadOf, approveBindingRequestRequest, ApprovedReply, authSubjects, Locale, Reply } from '@hark/contracts';
import { hashCredential, issueCredential } from '@hark/credentials';
import { type CommandContext, Executed, stepContext } from '@hark/eventstore';
import { Binding } from '@hark/gate';
import { Clock, HarkError } from '@hark/kernel';
import { HarkContext } from '@hark/nats';
import { CommandCtx, Input, Keys, replyTo, Requires, UserId } from '@hark/service';
import { Vault } from '@hark/vault';
import { BindTargets } from '../bind-targets.store';
import { BindingStore } from '../binding.store';
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
 * The person agrees. The request's stream decides who and once; what follows from it (the binding, and its confirmation)
 * is done by whoever repeats the call, should it be cut off.
 */
@Controller()
@Requires('user')
export class ApproveBindingRequestHandler {
  constructor(
    private readonly store: BindingRequestStore,
    private readonly requests: BindingRequests,
    private readonly bindings: BindingStore,
    private readonly targets: BindTargets,
    private readonly confirmations: Confirmations,
    private readonly terms: ConsentTerms,
    private readonly users: UserStore,
    private readonly replies: BindingReplies,
    private readonly vault: Vault,
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
    const binding = await this.bound(requestId, approved, context);
    await this.requests.close(requestId);
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

  /** Makes the binding that was agreed to; a repeat completes a run that was cut off. */
  private async bound(
    requestId: string,
    approved: Approved,
    context: CommandContext,
  ): Promise<Pick<Executed<Binding>, 'state' | 'position'>> {
    const { appId, personId, bindingId, consentId, level, channels, wording, redirectUri } = approved;
    const asked = await this.requests.asked(requestId, approved);
    // Its key is destroyed when everything is done.
    if (!asked) return { state: (await this.bindings.load(bindingId)).state };
    const { openid } = asked;
    const target = await this.targets.find({ appId, openid }, personId);
    await this.targets.prepare(target, context);
    const at = this.clock.now();
    const { state: user } = await this.users.load(personId);
    const bound = await this.bindings.execute(
      bindingId,
      {
        type: 'Bind',
        personId,
        appId,
        openid: await this.vault.seal(personId, openid, aadOf.openid(bindingId)),
        consentId,
        // The key that the code is traded for; until then nobody has it.
        keyHash: hashCredential(issueCredential('key', bindingId, requestId, this.keys.secrets)),
        keepsKey: true,
        wording,
        requestId,
        appBlocked: user.blockedApps.includes(appId),
        at,
        ...(level !== undefined && { level }),
        ...(channels !== undefined && { channels }),
      },
      stepContext(context, 'bind'),
    );
    // With an address to go back to, the app must first see that whoever comes back is whom it sent (C3 in ADR 42).
    if (redirectUri !== undefined) return bound;
    return this.confirmations.confirm(appId, bindingId, openid, stepContext(context, 'confirm'), { replacing: true });
  }

  private codeOf(requestId: string): string {
    return issueCredential('code', requestId, requestId, this.keys.secrets);
  }
}

const agreedBefore = ({ bindingId, consentId, wording }: Approved): Approval => ({ bindingId, consentId, wording });
const blocked = () => new HarkError('refused', 'binding.app-blocked', 'the person has blocked the app');
