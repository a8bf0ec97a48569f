import type { FastifyRequest } from 'fastify';
import { HarkError } from '@hark/kernel';
import { addressName } from './address-name';
import { CallerSlots } from './caller-slots';
import { HttpLimits } from './http-limits';
import { bodyBytesMax } from './read-body';

/** Bounds how many large bodies are held in memory at once, in all and of one address, before they are read. */
export class LargeBodies {
  private readonly ofAddress: CallerSlots;
  private readonly largeBodiesMax: number;
  private held = 0;

  constructor({ largeBodiesMax, largeBodiesPerAddressMax }: HttpLimits) {
    this.largeBodiesMax = largeBodiesMax;
    this.ofAddress = new CallerSlots(largeBodiesPerAddressMax);
  }

  /**
   * Takes a place for the body of this request, to be given back once. Throws `request.rate-limited` when the address has
   * no more, `service.overloaded` when nobody has. A body that is announced as no larger than any call's needs none.
   */
  take({ headers, ip }: Pick<FastifyRequest, 'headers' | 'ip'>): () => void {
    if (Number(headers['content-length'] ?? Infinity) <= bodyBytesMax) return () => {};
    if (this.held >= this.largeBodiesMax) {
      throw new HarkError('unavailable', 'service.overloaded', 'too many large bodies', { extra: { retryAfter: 1 } });
    }
    const giveBack = this.ofAddress.take(addressName(ip));
    this.held += 1;
    return () => {
      this.held -= 1;
      giveBack();
    };
  }
}
