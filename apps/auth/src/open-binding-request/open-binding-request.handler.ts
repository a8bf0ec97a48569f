import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { authSubjects, openBindingRequestRequest, OpenedBindingRequest, Reply } from '@hark/contracts';
import { openidIdOf } from '@hark/gate';
import { Clock, HarkError } from '@hark/kernel';
import { HarkContext } from '@hark/nats';
import { commandContext, Input, Keys, replyTo, Requires } from '@hark/service';
import { AppSecrets } from '../app-secrets.service';
import { BindingRequestStore } from '../binding-request.store';
import { BindingRequests } from '../binding-requests.service';
import { ConsentTerms } from '../consent-terms.service';
import { bindingRequestIdOf } from '../domain/auth-ids';
import { termsIn } from '../domain/consent-terms';
import { coolsUntil } from '../domain/openid.decider';
import { checkedPurpose } from '../domain/purpose';
import { qrSvg } from '../domain/qr-svg';
import { OpenidStore } from '../openid.store';
import { TextJudge } from '../text-judge.service';

/** An app's server asks for consent, and sends its user to the page. */
@Controller()
@Requires('app')
export class OpenBindingRequestHandler {
  constructor(
    private readonly secrets: AppSecrets,
    private readonly store: BindingRequestStore,
    private readonly openids: OpenidStore,
    private readonly requests: BindingRequests,
    private readonly terms: ConsentTerms,
    private readonly judge: TextJudge,
    private readonly keys: Keys,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(authSubjects.openBindingRequest)
  async handle(
    @Input(openBindingRequestRequest)
    { credential, publicUrl, codeChallenge, ...asked }: z.infer<typeof openBindingRequestRequest>,
    @Ctx() { request }: HarkContext,
  ): Promise<Reply<OpenedBindingRequest>> {
    const { appId, app } = await this.secrets.prove(credential);
    const context = commandContext(request, `app:${appId}`);
    const requestId = bindingRequestIdOf(context.commandId, this.keys.secrets);
    const isKnown = (await this.store.load(requestId)).state.is !== 'absent';
    const { openid, state, redirectUri } = asked;
    if (!isKnown && redirectUri !== undefined && !app.redirectUris.includes(redirectUri)) throw unregistered();
    if (!isKnown) await this.assertMayAsk(appId, openid);
    const purpose = asked.purpose === undefined ? undefined : checkedPurpose(asked.purpose);
    if (!isKnown) await this.judge.passed({ purpose }, request);
    const facts = this.terms.factsOf(app, {
      ...(purpose !== undefined && { purpose }),
      ...(redirectUri !== undefined && { redirectUri }),
    });
    const [zh, en] = [termsIn('zh-CN', facts), termsIn('en', facts)];
    const sealed = await this.requests.seal(requestId, {
      openid,
      ...(state !== undefined && { state }),
      ...(purpose !== undefined && { purpose }),
    });
    const executed = await this.store.execute(
      requestId,
      {
        type: 'Open',
        appId,
        asked: sealed,
        ...(redirectUri !== undefined && { redirectUri }),
        ...(codeChallenge !== undefined && { codeChallenge }),
        terms: { version: zh.version, zh: zh.hash, en: en.hash },
        at: this.clock.now(),
      },
      { ...context, creates: true },
    );
    const { state: opened } = executed;
    if (opened.is !== 'open') throw new HarkError('conflict', 'binding-request.settled', 'the request is over');
    const url = `${publicUrl.replace(/\/+$/, '')}/consent/${requestId}`;
    return replyTo(executed, { id: requestId, url, qr: qrSvg(url), expiresAt: opened.expiresAt });
  }

  /** A person who said no is left alone for a while, for longer after each no. */
  private async assertMayAsk(appId: string, openid: string): Promise<void> {
    const until = coolsUntil((await this.openids.load(openidIdOf(appId, openid))).state);
    const waitMs = until === undefined ? 0 : Date.parse(until) - Date.parse(this.clock.now());
    if (waitMs <= 0) return;
    throw new HarkError('refused', 'binding.cooling-down', 'the person said no lately', {
      extra: { retryAfter: Math.ceil(waitMs / 1_000) },
    });
  }
}

const unregistered = () =>
  new HarkError('refused', 'binding-request.redirect-unregistered', 'the app has not registered this address', {
    errors: [{ path: 'redirectUri', message: 'must be one of the redirectUris of the app, letter by letter' }],
  });
