import { Injectable } from '@nestjs/common';
import { aadOf, BindingView } from '@hark/contracts';
import { Binding } from '@hark/gate';
import { Clock } from '@hark/kernel';
import { Vault } from '@hark/vault';
import { AppStore } from './app.store';
import { appOnceKnown, appPublicView, bindingOf, bindingView } from './domain/views';

/** A person's view of one binding, made from the streams, so that it is never behind the write it answers. */
@Injectable()
export class BindingReplies {
  constructor(
    private readonly apps: AppStore,
    private readonly vault: Vault,
    private readonly clock: Clock,
  ) {}

  /** The person's own binding with its app, and its openid decrypted; `binding.unknown` for anybody else's. */
  async view(bindingId: string, personId: string, state: Binding): Promise<BindingView> {
    const binding = bindingOf(personId, state);
    const [app, openid, appName] = await Promise.all([
      this.apps.load(binding.appId),
      this.vault.open(binding.openid, aadOf.openid(bindingId)),
      binding.appName && this.vault.openOrClear(binding.appName, aadOf.appName(bindingId)),
    ]);
    const known = appOnceKnown(app.state);
    const owned = known.ownerId !== null;
    const seen = { ...appPublicView(binding.appId, known), owned, deleted: known.is === 'deleted' };
    return bindingView(bindingId, binding, seen, { openid: openid ?? '', appName }, this.clock.now());
  }
}
