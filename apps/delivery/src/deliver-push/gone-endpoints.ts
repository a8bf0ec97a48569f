import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Endpoint } from '@hark/gate';

const rememberedMax = 10_000;

/**
 * Endpoints whose provider said that they are gone, as far as this process has heard. Their streams say so a moment later;
 * until then a crowd of pushes would go on asking for what is not there. One that is verified anew is another one here.
 */
@Injectable()
export class GoneEndpoints {
  private readonly gone = new LRUCache<string, true>({ max: rememberedMax });

  add(endpoint: Endpoint): void {
    this.gone.set(nameOf(endpoint), true);
  }

  has(endpoint: Endpoint): boolean {
    return this.gone.has(nameOf(endpoint));
  }
}

const nameOf = ({ endpointId, verifiedAt }: Endpoint): string => `${endpointId} ${verifiedAt}`;
