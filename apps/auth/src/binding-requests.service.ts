import { Injectable } from '@nestjs/common';
import { aadOf, Locale } from '@hark/contracts';
import { HarkError } from '@hark/kernel';
import { Vault } from '@hark/vault';
import { AppStore } from './app.store';
import { ConsentTerms, termsChanged } from './consent-terms.service';
import { BindingRequest, termsHashOf } from './domain/binding-request.decider';
import { TermsFacts, termsIn } from './domain/consent-terms';
import { redirectTo } from './domain/redirect-to';
import { KnownApp, knownApp } from './domain/views';

/** What an app asks for that nobody else may read. */
export interface Asked {
  readonly openid: string;
  readonly state?: string;
  readonly purpose?: string;
}

/** A request that waits for a person, opened for them. */
export interface OpenedRequest {
  readonly app: KnownApp;
  readonly asked: Asked;
  readonly facts: TermsFacts;
}

type Known = Exclude<BindingRequest, { is: 'absent' }>;

/**
 * What stands sealed in binding requests. Nobody knows yet whose openid it is, so each request has a data key of its
 * own, in the vault under the request's id; it is destroyed with the request, and what a person agreed to is sealed
 * under theirs.
 */
@Injectable()
export class BindingRequests {
  constructor(
    private readonly apps: AppStore,
    private readonly terms: ConsentTerms,
    private readonly vault: Vault,
  ) {}

  seal(requestId: string, asked: Asked): Promise<string> {
    return this.vault.seal(requestId, JSON.stringify(asked), aadOf.bindingRequest(requestId));
  }

  /** Undefined once the request is over. */
  async asked(
    requestId: string,
    { asked }: Pick<Known, never> & { readonly asked: string },
  ): Promise<Asked | undefined> {
    const text = await this.vault.open(asked, aadOf.bindingRequest(requestId));
    return text === undefined ? undefined : (JSON.parse(text) as Asked);
  }

  /**
   * The open request with its app. Throws `binding.terms-changed` when its terms, in `language`, are no longer what they
   * were when the app asked: it has another name by now, or the hub other words.
   */
  async open(
    requestId: string,
    request: Extract<BindingRequest, { is: 'open' | 'expired' }>,
    language: Locale,
  ): Promise<OpenedRequest> {
    const [{ state }, asked] = await Promise.all([this.apps.load(request.appId), this.asked(requestId, request)]);
    if (!asked) throw new HarkError('refused', 'binding-request.expired', 'the request is over');
    const app = knownApp(state);
    const { purpose } = asked;
    const { redirectUri } = request;
    const facts = this.terms.factsOf(app, {
      ...(purpose !== undefined && { purpose }),
      ...(redirectUri !== undefined && { redirectUri }),
    });
    if (termsIn(language, facts).hash !== termsHashOf(request, language)) throw termsChanged();
    return { app, asked, facts };
  }

  /** The same text of the app, sealed for the person who decides. */
  async stateFor(requestId: string, personId: string, { state }: Asked): Promise<string | undefined> {
    return state === undefined ? undefined : this.vault.seal(personId, state, aadOf.bindingRequest(requestId));
  }

  /** Where the person is sent back to with `answer` and the app's state; undefined when the app named no address. */
  async redirectTo(
    requestId: string,
    { redirectUri, state }: { readonly redirectUri?: string; readonly state?: string },
    answer: Readonly<Record<string, string | undefined>>,
  ): Promise<string | undefined> {
    if (redirectUri === undefined) return undefined;
    const opened = state === undefined ? undefined : await this.vault.open(state, aadOf.bindingRequest(requestId));
    return redirectTo(redirectUri, { ...answer, state: opened });
  }

  /** Destroys the request's own key. Repeating it changes nothing. */
  close(requestId: string): Promise<void> {
    return this.vault.erase(requestId);
  }
}
