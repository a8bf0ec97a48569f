import { Injectable } from '@nestjs/common';
import { parseCredential } from '@hark/credentials';
import { isSecretOf } from '@hark/gate';
import { Clock, HarkError } from '@hark/kernel';
import { CredentialUses } from '@hark/service';
import { AppStore } from './app.store';
import { KnownApp } from './domain/views';

/** An app that has shown its secret. */
export interface ProvenApp {
  readonly appId: string;
  readonly app: KnownApp;
}

/** Proves apps by their secrets, against the stream that holds the secret's hash. */
@Injectable()
export class AppSecrets {
  constructor(
    private readonly apps: AppStore,
    private readonly uses: CredentialUses,
    private readonly clock: Clock,
  ) {}

  /** The app behind `credential`, or `key.invalid`. */
  async prove(credential: string): Promise<ProvenApp> {
    const token = parseCredential(credential);
    const { state } = token?.kind === 'app' ? await this.apps.load(token.id) : { state: undefined };
    if (!token || state?.is !== 'registered' || !isSecretOf(state, token.hash, this.clock.now())) {
      throw new HarkError('refused', 'key.invalid', 'the secret is not valid');
    }
    this.uses.note(token.hash);
    return { appId: token.id, app: state };
  }

  /** The same for a call about `appId`: with another app's secret that app does not exist. */
  async proveFor(appId: string, credential: string): Promise<ProvenApp> {
    const proven = await this.prove(credential);
    if (proven.appId !== appId) throw new HarkError('not-found', 'app.unknown', 'the caller has no such app');
    return proven;
  }
}
