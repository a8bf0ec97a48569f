import { Injectable } from '@nestjs/common';
import { credentialMatches, parseCredential } from '@hark/credentials';
import type { Present } from '@hark/eventstore';
import { App, Binding, isSecretOf, isUnderOpenid, openidIdOf } from '@hark/gate';
import { Clock, HarkError } from '@hark/kernel';
import { CredentialUses } from '@hark/service';
import { ConsentStore } from './consent.store';

/** The holder of a key or secret, proven against the stream that issued it. */
export interface Sender {
  readonly appId: string;
  readonly app: Extract<App, { is: 'registered' }>;
  /** Whether the app's own secret was shown; otherwise only a binding's key, which its person received first. */
  readonly by: 'app' | 'key';
  /** Present when a binding key was shown: the binding as it was when the key was proven. */
  readonly binding?: { readonly id: string; readonly state: KnownBinding; readonly revision: number };
}

type KnownBinding = Exclude<Binding, { is: 'absent' }>;

/** Proves binding keys and app secrets. */
@Injectable()
export class Senders {
  constructor(
    private readonly consent: ConsentStore,
    private readonly uses: CredentialUses,
    private readonly clock: Clock,
  ) {}

  /**
   * The sender behind `credential`, or `key.invalid`; a key of an ended binding still names its binding. An app that
   * shows its secret may also show a binding's `key`; the key of another app's binding is `binding.unknown`. All three
   * methods look at the streams as they are at `present` or later.
   */
  async prove(credential: string, key: string | undefined, present: Present): Promise<Sender> {
    const token = parseCredential(credential);
    if (token?.kind === 'key') {
      if (key !== undefined && key !== credential) throw twoKeys();
      const binding = await this.bindingOf(token, present);
      const { appId } = binding.state;
      return { appId, app: await this.app(appId, present), by: 'key', binding };
    }
    if (token?.kind !== 'app') throw keyInvalid();
    const app = await this.app(token.id, present);
    if (!isSecretOf(app, token.hash, this.clock.now())) throw keyInvalid();
    this.uses.note(token.hash);
    const sender: Sender = { appId: token.id, app, by: 'app' };
    if (key === undefined) return sender;
    const shown = parseCredential(key);
    if (shown?.kind !== 'key') throw keyInvalid();
    const binding = await this.bindingOf(shown, present);
    ownBinding(sender, binding.state);
    return { ...sender, binding };
  }

  /**
   * The binding a push is for: the key's own, or the one that the app has confirmed for `openid`. `binding.unknown` for
   * a key of another openid and for an openid that nobody has claimed; `binding.unconfirmed` for one that the app has
   * not confirmed.
   */
  async bindingIdFor(sender: Sender, openid: string | undefined, present: Present): Promise<string> {
    const { appId, binding } = sender;
    if (binding) {
      const contradicts = openid !== undefined && !isUnderOpenid(binding.id, appId, openid, binding.state.personId);
      if (contradicts) throw new HarkError('not-found', 'binding.unknown', 'the key is for another openid');
      return binding.id;
    }
    if (openid === undefined) {
      throw new HarkError('invalid', 'request.invalid', 'an app secret needs an openid', {
        errors: [{ path: 'openid', message: 'is needed with an app secret' }],
      });
    }
    return this.confirmedFor(appId, openidIdOf(appId, openid), present);
  }

  /** Whether anybody has ever claimed the openid of that stream. */
  async isClaimed(appId: string, openidId: string, present: Present): Promise<boolean> {
    const { claimed, confirmed } = (await this.consent.openids.get(openidId, present)).state;
    if (claimed || confirmed) return true;
    const { state: old } = await this.consent.bindings.get(openidId, present);
    return old.is !== 'absent' && old.appId === appId;
  }

  /** The binding that the app has confirmed for the openid of that stream, as `bindingIdFor` says it. */
  async confirmedFor(appId: string, openidId: string, present: Present): Promise<string> {
    const { claimed, confirmed } = (await this.consent.openids.get(openidId, present)).state;
    if (confirmed) {
      const { state } = await this.consent.bindings.get(confirmed.bindingId, present);
      const inForce = state.is === 'active' && state.consentId === confirmed.consentId;
      // An ended consent is reported as ended, unless another person may have claimed the openid since.
      if (inForce || !claimed) return confirmed.bindingId;
      throw unconfirmed(appId);
    }
    if (claimed) throw unconfirmed(appId);
    // In old logs a binding has the openid's own id, and apps were not asked whether they meant that person.
    const { state: old } = await this.consent.bindings.get(openidId, present);
    if (old.is === 'active' && old.appId === appId) throw unconfirmed(appId);
    return openidId;
  }

  private async bindingOf(
    token: { readonly id: string; readonly hash: string },
    present: Present,
  ): Promise<NonNullable<Sender['binding']>> {
    const { state, revision } = await this.consent.bindings.get(token.id, present);
    if (state.is === 'absent' || !credentialMatches(token.hash, state.keyHash)) throw keyInvalid();
    this.uses.note(token.hash);
    return { id: token.id, state, revision };
  }

  private async app(appId: string, present: Present): Promise<Sender['app']> {
    const { state } = await this.consent.apps.get(appId, present);
    if (state.is !== 'registered') throw keyInvalid();
    return state;
  }
}

/** An active or ended binding of the sender's app, or `binding.unknown`. */
export function ownBinding(sender: Pick<Sender, 'appId'>, binding: Binding): KnownBinding {
  if (binding.is === 'absent' || binding.appId !== sender.appId) {
    throw new HarkError('not-found', 'binding.unknown', 'the app has no such binding');
  }
  return binding;
}

const keyInvalid = () => new HarkError('refused', 'key.invalid', 'the key or secret is not valid');
const twoKeys = () =>
  new HarkError('invalid', 'request.invalid', 'two keys that differ', {
    errors: [{ path: 'key', message: 'differs from the key in Authorization: send one of them' }],
  });
const unconfirmed = (appId: string) =>
  new HarkError('refused', 'binding.unconfirmed', 'the app has not said that it means this person by the openid', {
    extra: { appId },
  });
