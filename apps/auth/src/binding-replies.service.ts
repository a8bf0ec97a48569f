import { Injectable } from '@nestjs/common';
import { aadOf, BindingView } from '@hark/contracts';
import { Executed } from '@hark/eventstore';
import { Binding } from '@hark/gate';
import { Clock } from '@hark/kernel';
import { Reply } from '@hark/nats';
import { Vault } from '@hark/vault';
import { AppStore } from './app.store';
import { appPublicView, bindingOf, bindingView, knownApp, KnownBinding } from './domain/views';

/** A person's view of one binding, made from the streams, so that it is never behind the write it answers. */
@Injectable()
export class BindingReplies {
  constructor(
    private readonly apps: AppStore,
    private readonly vault: Vault,
    private readonly clock: Clock,
  ) {}

  /** The answer to a command on a binding. */
  async answer(
    bindingId: string,
    personId: string,
    { state, position, replayed }: Pick<Executed<Binding>, 'state' | 'position' | 'replayed'>,
  ): Promise<Reply<BindingView>> {
    return {
      body: await this.view(bindingId, bindingOf(personId, state)),
      ...(position && { position }),
      ...(replayed && { replayed }),
    };
  }

  /** The binding with its app, and its openid decrypted. */
  async view(bindingId: string, binding: KnownBinding): Promise<BindingView> {
    const [app, openid] = await Promise.all([
      this.apps.load(binding.appId),
      this.vault.open(binding.openid, aadOf.openid(bindingId)),
    ]);
    const seen = appPublicView(binding.appId, knownApp(app.state));
    return bindingView(bindingId, binding, seen, openid ?? '', this.clock.now());
  }
}
