import { Injectable } from '@nestjs/common';
import { CommandContext, stepContext } from '@hark/eventstore';
import { Binding, bindingIdOf, isUnproven, openidIdOf } from '@hark/gate';
import { Clock } from '@hark/kernel';
import { AppStore } from './app.store';
import { BindingStore } from './binding.store';
import { Confirmations } from './confirmations.service';
import { miniProgramAppIdOf, otherMiniProgramAppIdOf } from './domain/auth-ids';
import { knownApp } from './domain/views';

/** Which binding a person asks for: of a registered app, or of a mini program. */
export interface BindTarget {
  readonly appId: string;
  readonly openidId: string;
  readonly bindingId: string;
  /** The binding as it is now. */
  readonly binding: Binding;
  /** A mini program that nobody has bound before. */
  readonly undiscovered?: string;
}

/** Finds the binding a consent is for, and prepares the app and openid that it needs. */
@Injectable()
export class BindTargets {
  constructor(
    private readonly apps: AppStore,
    private readonly bindings: BindingStore,
    private readonly confirmations: Confirmations,
    private readonly clock: Clock,
  ) {}

  /**
   * The binding of this person under the openid, also one in an old log, where its id was the openid's. Throws
   * `app.unknown` when no such app is registered. Writes nothing.
   */
  async find(
    asked: { readonly openid: string } & ({ readonly appId: string } | { readonly wechatAppId: string }),
    personId: string,
  ): Promise<BindTarget> {
    const { appId, undiscovered } = await this.appOf(asked);
    const openidId = openidIdOf(appId, asked.openid);
    const { state: old } = await this.bindings.load(openidId);
    if (old.is !== 'absent' && old.personId === personId) return { appId, openidId, bindingId: openidId, binding: old };
    const bindingId = bindingIdOf(appId, asked.openid, personId);
    const { state: binding } = await this.bindings.load(bindingId);
    return { appId, openidId, bindingId, binding, ...(undiscovered !== undefined && { undiscovered }) };
  }

  /**
   * Registers the mini program when it is new, and claims the openid for a new consent: `binding.openid-taken` where the
   * app has confirmed it for somebody else. Who else has only claimed it the person does not learn. A repeat changes
   * nothing.
   */
  async prepare(
    { appId, openidId, bindingId, binding, undiscovered }: BindTarget,
    command: CommandContext,
  ): Promise<void> {
    if (undiscovered !== undefined) {
      const discover = { type: 'Discover', wechatAppId: undiscovered, at: this.clock.now() } as const;
      await this.apps.execute(appId, discover, stepContext(command, 'discover-app'));
    }
    if (binding.is !== 'active') await this.confirmations.claim(appId, openidId, bindingId, command);
  }

  /** The app that is asked for; `undiscovered` when nobody has bound that mini program before. */
  async appOf(
    asked: { readonly appId: string } | { readonly wechatAppId: string },
  ): Promise<Pick<BindTarget, 'appId' | 'undiscovered'>> {
    if ('appId' in asked) {
      knownApp((await this.apps.load(asked.appId)).state);
      return { appId: asked.appId };
    }
    const { wechatAppId } = asked;
    const first = miniProgramAppIdOf(wechatAppId);
    const { state } = await this.apps.load(first);
    if (state.is === 'absent') return { appId: first, undiscovered: wechatAppId };
    if (state.is === 'registered' && !isUnproven(state)) return { appId: first };
    // The person did not mean the one who registered the mini program without proof, nor one that was deleted.
    const other = otherMiniProgramAppIdOf(wechatAppId);
    const { state: second } = await this.apps.load(other);
    if (second.is === 'absent') return { appId: other, undiscovered: wechatAppId };
    knownApp(second);
    return { appId: other };
  }
}
