import { Injectable } from '@nestjs/common';
import { CommandContext, Executed, stepContext } from '@hark/eventstore';
import { Binding, isUnderOpenid, openidIdOf } from '@hark/gate';
import { Clock, HarkError } from '@hark/kernel';
import { BindingStore } from './binding.store';
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
   */
  async confirm(appId: string, bindingId: string, openid: string, context: CommandContext): Promise<Executed<Binding>> {
    const binding = await this.binding(appId, bindingId);
    if (!isUnderOpenid(bindingId, appId, openid, binding.personId)) throw unknown();
    if (binding.is !== 'active') throw new HarkError('refused', 'binding.ended', 'the binding has ended');
    const { consentId } = binding;
    const openidId = openidIdOf(appId, openid);
    const endedConsentId = await this.endedHolder(openidId);
    const at = this.clock.now();
    // The openid's stream first: it decides, and the binding only records the result.
    await this.openids.execute(
      openidId,
      { type: 'Confirm', bindingId, consentId, at, ...(endedConsentId && { endedConsentId }) },
      stepContext(context, 'confirm-openid'),
    );
    return this.bindings.execute(bindingId, { type: 'Confirm', appId, consentId, at }, context);
  }

  /** The consent that the openid is confirmed for, when it is no longer in force. */
  private async endedHolder(openidId: string): Promise<string | undefined> {
    const { confirmed } = (await this.openids.load(openidId)).state;
    if (confirmed === null) return undefined;
    const { state } = await this.bindings.load(confirmed.bindingId);
    const inForce = state.is === 'active' && state.consentId === confirmed.consentId;
    return inForce ? undefined : confirmed.consentId;
  }
}

const unknown = () => new HarkError('not-found', 'binding.unknown', 'the app has no such binding under this openid');
