import { Injectable } from '@nestjs/common';
import { CommandContext, Executed, stepContext } from '@hark/eventstore';
import { Binding, isUnderOpenid, Openid, openidIdOf } from '@hark/gate';
import { Clock, HarkError } from '@hark/kernel';
import { BindingStore } from './binding.store';
import { assertFree } from './domain/openid.decider';
import { KnownBinding } from './domain/views';
import { OpenidStore } from './openid.store';

/** Records whom apps mean by their own names for people. */
@Injectable()
export class Confirmations {
  constructor(
    private readonly bindings: BindingStore,
    private readonly openids: OpenidStore,
    private readonly clock: Clock,
  ) {}

  /** A binding of the app, or `binding.unknown`. */
  async binding(appId: string, bindingId: string): Promise<KnownBinding> {
    const { state } = await this.bindings.load(bindingId);
    if (state.is === 'absent' || state.appId !== appId) throw unknown();
    return state;
  }

  /**
   * From now on the app's secret reaches this binding by `openid`, as long as this consent lasts. Throws
   * `binding.unknown` when the binding is under another openid, `binding.ended` when it has ended,
   * `binding.openid-taken` while another one is confirmed. A repeat completes a run that was cut off.
   *
   * `replacing`: the app named the openid itself and the person agreed to that, so whoever else says that it is theirs
   * is not meant: their bindings end.
   */
  async confirm(
    appId: string,
    bindingId: string,
    openid: string,
    context: CommandContext,
    { replacing = false } = {},
  ): Promise<Executed<Binding>> {
    const binding = await this.binding(appId, bindingId);
    if (!isUnderOpenid(bindingId, appId, openid, binding.personId)) throw unknown();
    if (binding.is !== 'active') throw new HarkError('refused', 'binding.ended', 'the binding has ended');
    const { consentId } = binding;
    const openidId = openidIdOf(appId, openid);
    const ended = await this.endedHolder(openidId);
    const at = this.clock.now();
    // The openid's stream first: it decides, and the binding only records the result.
    const { state } = await this.openids.execute(
      openidId,
      { type: 'Confirm', bindingId, consentId, ...ended, at },
      stepContext(context, 'confirm-openid'),
    );
    const replaced = replacing && (await this.replaceOthers(appId, bindingId, state, context));
    const confirm = { type: 'Confirm', appId, consentId, ...(replaced && { replaced }), at } as const;
    return this.bindings.execute(bindingId, confirm, context);
  }

  /**
   * The person of this binding says that the openid is theirs. Throws `binding.openid-taken` while the app means another
   * person by it; until it has confirmed one, many may say so. A repeat changes nothing.
   */
  async claim(appId: string, openidId: string, bindingId: string, context: CommandContext): Promise<void> {
    const ended = await this.endedHolder(openidId);
    const claim = { type: 'Claim', appId, bindingId, ...ended, at: this.clock.now() } as const;
    await this.openids.execute(openidId, claim, stepContext(context, 'claim-openid'));
  }

  /** Throws `binding.openid-taken` while the app means another person by the openid. */
  async assertFree(openidId: string, bindingId: string): Promise<void> {
    const ended = await this.endedHolder(openidId);
    const { state } = await this.openids.load(openidId);
    assertFree(state, { bindingId, ...ended });
  }

  /** Ends the bindings of others under the openid; says whether there were any. */
  private async replaceOthers(
    appId: string,
    bindingId: string,
    { claimants }: Openid,
    context: CommandContext,
  ): Promise<true | undefined> {
    let replaced: true | undefined;
    for (const other of claimants) {
      if (other === bindingId) continue;
      const replace = { type: 'Replace', appId, at: this.clock.now() } as const;
      const { events } = await this.bindings.execute(other, replace, stepContext(context, `replace:${other}`));
      if (events.length > 0) replaced = true;
    }
    return replaced;
  }

  /** The consent that the openid is confirmed for, when it is no longer in force. */
  private async endedHolder(openidId: string): Promise<{ endedConsentId?: string }> {
    const { confirmed } = (await this.openids.load(openidId)).state;
    if (confirmed === null) return {};
    const { state } = await this.bindings.load(confirmed.bindingId);
    const inForce = state.is === 'active' && state.consentId === confirmed.consentId;
    return inForce ? {} : { endedConsentId: confirmed.consentId };
  }
}

const unknown = () => new HarkError('not-found', 'binding.unknown', 'the app has no such binding under this openid');
