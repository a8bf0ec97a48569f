import { Injectable } from '@nestjs/common';
import { Endpoint } from '@hark/gate';

const rememberedMax = 10_000;

/**
 * Endpoints whose provider said that they are gone, as far as this process has heard. Their streams say so a moment later;
 * until then a crowd of pushes would go on asking for what is not there. One that is verified anew is another one here.
 */
@Injectable()
export class GoneEndpoints {
  private readonly gone = new Set<string>();

  add(endpoint: Endpoint): void {
    this.gone.add(nameOf(endpoint));
    if (this.gone.size > rememberedMax) this.gone.delete(this.gone.values().next().value!);
  }

  has(endpoint: Endpoint): boolean {
    return this.gone.has(nameOf(endpoint));
  }
}

const nameOf = ({ endpointId, verifiedAt }: Endpoint): string => `${endpointId} ${verifiedAt}`;
