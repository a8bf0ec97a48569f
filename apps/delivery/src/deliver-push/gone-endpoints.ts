import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Endpoint } from '@hark/gate';
import { entriesAtMost } from '@hark/resilience';

const rememberedMax = 10_000;

/**
 * Endpoints that a provider has just called gone, as this process heard it. Their streams say so a moment later; until
 * then a crowd of pushes would keep asking in vain. An endpoint that is verified anew counts as another one.
 */
@Injectable()
export class GoneEndpoints {
  private readonly gone = new LRUCache<string, true>(entriesAtMost(rememberedMax));

  add(endpoint: Endpoint): void {
    this.gone.set(nameOf(endpoint), true);
  }

  has(endpoint: Endpoint): boolean {
    return this.gone.has(nameOf(endpoint));
  }
}

const nameOf = ({ endpointId, verifiedAt }: Endpoint): string => `${endpointId} ${verifiedAt}`;
