import { App, Binding, credentialMatches, parseCredential } from '@hark/gate';
import { HarkError, uuid5 } from '@hark/kernel';
import { Injectable } from '@nestjs/common';
import { ConsentStore } from './consent.store';

/** Whoever shows a key or secret, proven against the stream that issued it. */
export interface Sender {
  readonly appId: string;
  readonly app: Extract<App, { is: 'registered' }>;
  /** Present when it was a binding key: the binding as it was when the key was proven. */
  readonly binding?: { readonly id: string; readonly state: Binding; readonly revision: number };
}

/** Proves binding keys and app secrets. */
@Injectable()
export class Senders {
  constructor(private readonly consent: ConsentStore) {}

  /** The sender behind `credential`, or `key.invalid`; a key of an ended binding still says whose it was. */
  async prove(credential: string): Promise<Sender> {
    const token = parseCredential(credential);
    if (token?.kind === 'key') {
      const { state, revision } = await this.consent.bindings.get(token.id);
      if (state.is === 'absent' || !credentialMatches(token.hash, state.keyHash)) throw keyInvalid();
      return { appId: state.appId, app: await this.app(state.appId), binding: { id: token.id, state, revision } };
    }
    if (token?.kind === 'app') {
      const app = await this.app(token.id);
      if (!credentialMatches(token.hash, app.secretHash)) throw keyInvalid();
      return { appId: token.id, app };
    }
    throw keyInvalid();
  }

  private async app(appId: string): Promise<Sender['app']> {
    const { state } = await this.consent.apps.get(appId);
    if (state.is === 'absent') throw keyInvalid();
    return state;
  }
}

/** The binding a push is for: the key's own, or the one that the app's `openid` names. They must not contradict. */
export function bindingIdFor(sender: Sender, openid: string | undefined): string {
  const named = openid === undefined ? undefined : uuid5(sender.appId, openid);
  const bindingId = sender.binding?.id ?? named;
  if (bindingId === undefined) {
    throw new HarkError('invalid', 'request.invalid', 'an app secret needs an openid', {
      errors: [{ path: 'openid', message: 'is needed with an app secret' }],
    });
  }
  if (named !== undefined && named !== bindingId)
    throw new HarkError('not-found', 'binding.unknown', 'the key is for another openid');
  return bindingId;
}

/** An active or ended binding of the sender's app, or `binding.unknown`. */
export function ownBinding(sender: Sender, binding: Binding): Exclude<Binding, { is: 'absent' }> {
  if (binding.is === 'absent' || binding.appId !== sender.appId) {
    throw new HarkError('not-found', 'binding.unknown', 'the app has no such binding');
  }
  return binding;
}

const keyInvalid = () => new HarkError('refused', 'key.invalid', 'the key or secret is not valid');
