import { Injectable } from '@nestjs/common';
import { retryAfterOf, signWebhook } from '@hark/channels';
import { aadOf } from '@hark/contracts';
import { Clock } from '@hark/kernel';
import { Outbound, OutboundError } from '@hark/outbound';
import { Keys } from '@hark/service';
import { Vault } from '@hark/vault';
import { AppStore } from '../app.store';
import { BindingStore } from '../binding.store';
import { callbackSecretOf } from '../domain/auth-ids';
import { CallbackNews, CallbackResult } from '../domain/callback.decider';

const timeoutMs = 5_000;
/** How much of an answer is read, in bytes; nothing of it is kept. */
const answerBytesMax = 4_096;

/**
 * Calls an app's server once, as Standard Webhooks 1.0.0 has it: `webhook-id` is the same for every try, the timestamp is
 * that of the try, the signature is over both and the body.
 */
@Injectable()
export class CallbackSender {
  constructor(
    private readonly apps: AppStore,
    private readonly bindings: BindingStore,
    private readonly vault: Vault,
    private readonly outbound: Outbound,
    private readonly keys: Keys,
    private readonly clock: Clock,
  ) {}

  /** Throws `unavailable` where a store is away; every answer of the receiver, or none, is a result. */
  async send(callbackId: string, news: CallbackNews): Promise<CallbackResult> {
    const { state: app } = await this.apps.load(news.appId);
    // Called where the app is called now, also when the address has changed since.
    if (app.is !== 'registered' || !app.callbackUrl || !app.callbackSecretId) {
      return { is: 'failed', reason: 'no-address', final: true, jitter: 0 };
    }
    const body = JSON.stringify({ type: news.type, timestamp: news.at, data: await this.dataOf(news) });
    const now = this.clock.now();
    const seconds = Math.floor(Date.parse(now) / 1_000);
    const former = (app.oldCallbackSecrets ?? []).filter(({ until }) => now < until).map(({ id }) => id);
    // Standard Webhooks 1.0.0: while the secret changes, the header holds a signature with each, the newest first.
    const signatures = [app.callbackSecretId, ...former].map((id) =>
      signWebhook(callbackSecretOf(news.appId, id, this.keys.secrets), callbackId, seconds, body),
    );
    const headers = {
      'content-type': 'application/json',
      'webhook-id': callbackId,
      'webhook-timestamp': String(seconds),
      'webhook-signature': signatures.join(' '),
    };
    try {
      const request = { url: app.callbackUrl, method: 'POST', headers, body, timeoutMs } as const;
      const reply = await this.outbound.request({ ...request, maxBytes: answerBytesMax });
      return resultOf(reply.status, reply.headers['retry-after']);
    } catch (error) {
      if (!(error instanceof OutboundError)) throw error;
      if (error.reason === 'too-large' && error.status !== undefined) return resultOf(error.status);
      const refused = error.reason === 'refused';
      return {
        is: 'failed',
        reason: refused ? 'address-refused' : 'not-reached',
        ...(refused && { final: true }),
        jitter: Math.random(),
      };
    }
  }

  private async dataOf({
    appId,
    bindingId,
    pushId,
    status,
    actionId,
    reason,
    standing,
  }: CallbackNews): Promise<object> {
    return {
      appId,
      ...(bindingId !== undefined && { bindingId, ...(await this.openidOf(bindingId)) }),
      ...(pushId !== undefined && { pushId }),
      ...(status !== undefined && { status }),
      ...(actionId !== undefined && { actionId }),
      ...(reason !== undefined && { reason }),
      ...standing,
    };
  }

  /** The app's own name for the person; nothing once they are erased. */
  private async openidOf(bindingId: string): Promise<{ openid?: string }> {
    const { state } = await this.bindings.load(bindingId);
    const openid = state.is === 'absent' ? undefined : await this.vault.open(state.openid, aadOf.openid(bindingId));
    return openid === undefined ? {} : { openid };
  }
}

function resultOf(status: number, retryAfter?: string): CallbackResult {
  if (status >= 200 && status < 300) return { is: 'sent', status };
  const failed = { is: 'failed', status, jitter: Math.random() } as const;
  // Standard Webhooks 1.0.0: 410 means that nothing is to be sent any more; a redirect is never followed.
  if (status === 410) return { ...failed, reason: 'gone', final: true };
  if (status < 400) return { ...failed, reason: 'redirected' };
  return { ...failed, reason: 'answered', ...retryAfterOf(retryAfter) };
}
