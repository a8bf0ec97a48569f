import { Injectable } from '@nestjs/common';
import { aadOf } from '@hark/contracts';
import { hashCredential, issueCredential } from '@hark/credentials';
import { CommandContext, Executed, stepContext } from '@hark/eventstore';
import { Binding } from '@hark/gate';
import { Clock, HarkError } from '@hark/kernel';
import { isTransient } from '@hark/resilience';
import { Keys } from '@hark/service';
import { Vault } from '@hark/vault';
import { BindTargets } from './bind-targets.store';
import { BindingStore } from './binding.store';
import { BindingRequestStore } from './binding-request.store';
import { BindingRequests } from './binding-requests.service';
import { Confirmations } from './confirmations.service';
import { BindingRequest } from './domain/binding-request.decider';
import { UserStore } from './user.store';

/** A request that its person has approved. */
export type ApprovedRequest = Extract<BindingRequest, { is: 'approved' | 'exchanged' }>;

type Bound = Pick<Executed<Binding>, 'state' | 'position'>;

/** What follows when a person approved a request for consent: the binding, and its confirmation. */
@Injectable()
export class Agreements {
  constructor(
    private readonly store: BindingRequestStore,
    private readonly requests: BindingRequests,
    private readonly bindings: BindingStore,
    private readonly targets: BindTargets,
    private readonly confirmations: Confirmations,
    private readonly users: UserStore,
    private readonly vault: Vault,
    private readonly keys: Keys,
    private readonly clock: Clock,
  ) {}

  /** Makes the binding that was agreed to and closes the request; a repeat completes a run that was cut off. */
  async carryOut(requestId: string, approved: ApprovedRequest, context: CommandContext): Promise<Bound> {
    const bound = await this.bound(requestId, approved, context, () => false);
    await this.close(requestId, context);
    return bound;
  }

  /** Completes what was cut off and nobody repeated. What the person changed since stays; what is refused by now is over. */
  async finish(requestId: string, context: CommandContext): Promise<void> {
    const { state: approved } = await this.store.load(requestId);
    if (approved.is !== 'approved' && approved.is !== 'exchanged') return;
    const isOfRequest = (binding: Binding) => binding.is !== 'absent' && binding.requestId === requestId;
    try {
      await this.bound(requestId, approved, context, isOfRequest);
    } catch (error) {
      if (!(error instanceof HarkError) || isTransient(error)) throw error;
      await this.close(requestId, context, error.code);
      return;
    }
    await this.close(requestId, context);
  }

  private async bound(
    requestId: string,
    approved: ApprovedRequest,
    context: CommandContext,
    isMade: (binding: Binding) => boolean,
  ): Promise<Bound> {
    const { appId, personId, bindingId, consentId, level, channels, wording, redirectUri } = approved;
    const asked = await this.requests.asked(requestId, approved);
    // Its key is destroyed when everything is done.
    if (!asked) return { state: (await this.bindings.load(bindingId)).state };
    const { openid } = asked;
    const target = await this.targets.find({ appId, openid }, personId);
    const made = isMade(target.binding);
    if (!made) await this.targets.prepare(target, context);
    const at = this.clock.now();
    const { state: user } = await this.users.load(personId);
    const bound: Bound = made
      ? { state: target.binding }
      : await this.bindings.execute(
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
            renews: target.binding.is === 'active',
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

  private async close(requestId: string, context: CommandContext, refusal?: string): Promise<void> {
    await this.requests.close(requestId);
    const finish = { type: 'Finish', ...(refusal !== undefined && { refusal }), at: this.clock.now() } as const;
    await this.store.execute(requestId, finish, stepContext(context, 'finish'));
  }
}
