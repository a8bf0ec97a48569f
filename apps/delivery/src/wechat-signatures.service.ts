import { Injectable } from '@nestjs/common';
import { Clock, HarkError } from '@hark/kernel';
import { EventReceiver, EventSignature, isEventSigned } from '@hark/wechat';
import { DeliveryConfig } from './delivery.config';

/** How far the time of a push may be off, in milliseconds. WeChat repeats one within seconds, with the same time. */
const skewMs = 5 * 60_000;

/** Says whether a call is WeChat's own. Where the hub receives no events, there is nothing to call. */
@Injectable()
export class WechatSignatures {
  constructor(
    private readonly config: DeliveryConfig,
    private readonly clock: Clock,
  ) {}

  /** As what the hub receives; `route.unknown` where it does not. */
  receiver(): EventReceiver {
    const { wechatEvents } = this.config;
    if (wechatEvents === null) throw new HarkError('not-found', 'route.unknown', 'no such path');
    return wechatEvents;
  }

  /** Throws `wechat.event-unsigned` unless WeChat has signed it lately. */
  assert(receiver: EventReceiver, signed: EventSignature, ...more: readonly string[]): void {
    const offMs = Math.abs(Date.parse(this.clock.now()) - Number(signed.timestamp) * 1_000);
    if (!(offMs <= skewMs) || !isEventSigned(receiver, signed, ...more)) throw unsigned();
  }
}

/** The refusal of what is not WeChat's, or not as it should be. */
export const unsigned = (options: ErrorOptions = {}) =>
  new HarkError('refused', 'wechat.event-unsigned', 'not signed by WeChat', {}, options);
