import { Injectable } from '@nestjs/common';
import { aadOf, Locale } from '@hark/contracts';
import { languageOf } from '@hark/gate';
import { Vault } from '@hark/vault';
import { ConsentStore } from '../consent.store';

/** Whom to tell about an app they allowed, in which language, and what the app is called to them. */
export interface BoundApp {
  readonly personId: string;
  readonly locale: Locale;
  readonly name: string;
}

/** The apps that people allowed, as notices name them. */
@Injectable()
export class BoundApps {
  constructor(
    private readonly consent: ConsentStore,
    private readonly vault: Vault,
  ) {}

  /** Undefined where there is no such binding. */
  async of(bindingId: string): Promise<BoundApp | undefined> {
    const binding = await this.consent.binding(bindingId);
    if (binding.is === 'absent') return undefined;
    const { personId, appId, appName } = binding;
    const [user, app] = await Promise.all([this.consent.user(personId), this.consent.app(appId)]);
    const given = appName && (await this.vault.openOrClear(appName, aadOf.appName(bindingId)));
    return { personId, locale: languageOf(user), name: given ?? (app.is === 'absent' ? '' : app.name) };
  }
}
