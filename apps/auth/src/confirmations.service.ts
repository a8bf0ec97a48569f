import { Injectable } from '@nestjs/common';
import { CommandContext, Executed, stepContext } from '@hark/eventstore';
import { Binding, isUnderOpenid, Openid, openidIdOf } from '@hark/gate';
import { Clock, HarkError } from '@hark/kernel';
import { BindingStore } from './binding.store';
import { openidTaken } from './domain/openid.decider';
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
    const endedConsentId = await this.endedHolder((await this.openids.load(openidId)).state);
    const at = this.clock.now();
    // The openid's stream first: it decides, and the binding only records the result.
    const { state } = await this.openids.execute(
      openidId,
      { type: 'Confirm', bindingId, consentId, at, ...(endedConsentId && { endedConsentId }) },
      stepContext(context, 'confirm-openid'),
    );
    const replaced = replacing && (await this.replaceOthers(appId, bindingId, state, context));
    const confirm = { type: 'Confirm', appId, consentId, ...(replaced && { replaced }), at } as const;
    return this.bindings.execute(bindingId, confirm, context);
  }

  /** Throws `binding.openid-taken` while the app means another person by the openid. */
  async assertFree(openidId: string, bindingId: string): Promise<void> {
    const { state } = await this.openids.load(openidId);
    if (state.confirmed === null || state.confirmed.bindingId === bindingId) return;
    if ((await this.endedHolder(state)) === undefined) throw openidTaken();
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
  private async endedHolder({ confirmed }: Openid): Promise<string | undefined> {
    if (confirmed === null) return undefined;
    const { state } = await this.bindings.load(confirmed.bindingId);
    const inForce = state.is === 'active' && state.consentId === confirmed.consentId;
    return inForce ? undefined : confirmed.consentId;
  }
}

const unknown = () => new HarkError('not-found', 'binding.unknown', 'the app has no such binding under this openid');
