import { Injectable } from '@nestjs/common';
import { aadOf, Locale, locale, TermsView, Wording } from '@hark/contracts';
import { App, publicNameOf } from '@hark/gate';
import { HarkError } from '@hark/kernel';
import { Vault } from '@hark/vault';
import { Terms, TermsFacts, termsIn } from './domain/consent-terms';

/** Which of the texts a person agreed to, and whether it was before their eyes. */
export interface AgreedTerms {
  readonly terms: Terms;
  readonly presented: boolean;
}

/** The terms that people agree to, and the evidence of it. */
@Injectable()
export class ConsentTerms {
  constructor(private readonly vault: Vault) {}

  /** What the terms say of an app; `appName` is what the person's own client calls an app without an owner. */
  factsOf(app: App, more: { appName?: string; purpose?: string; redirectUri?: string } = {}): TermsFacts {
    const { appName, purpose, redirectUri } = more;
    return {
      appName: appName ?? (app.is === 'absent' ? '' : publicNameOf(app)),
      verified: app.is !== 'absent' && app.verified,
      ...(purpose !== undefined && { purpose }),
      ...(redirectUri !== undefined && { domain: new URL(redirectUri).host }),
    };
  }

  /** The terms with the hash that the client showed; without one those in `language`. Else `binding.terms-changed`. */
  agreed(facts: TermsFacts, termsHash: string | undefined, language: Locale): AgreedTerms {
    if (termsHash === undefined) return { terms: termsIn(language, facts), presented: false };
    const terms = locale.options.map((one) => termsIn(one, facts)).find(({ hash }) => hash === termsHash);
    if (!terms) throw termsChanged();
    return { terms, presented: true };
  }

  /** What is kept of it in the log. */
  async wording({ terms, presented }: AgreedTerms, personId: string, bindingId: string): Promise<Wording> {
    const { version, language, hash, text } = terms;
    return { version, language, hash, presented, text: await this.vault.seal(personId, text, aadOf.terms(bindingId)) };
  }
}

export const termsView = ({ version, language, text, hash }: Terms): TermsView => ({ version, language, text, hash });

/** The text is not the one that was shown. */
export const termsChanged = () =>
  new HarkError('conflict', 'binding.terms-changed', 'the terms read differently by now');
