import { Injectable } from '@nestjs/common';
import { ProofView } from '@hark/contracts';
import { AppFacts, domainOf } from '@hark/gate';
import { HarkError } from '@hark/kernel';
import { Outbound, OutboundError } from '@hark/outbound';
import { Keys } from '@hark/service';
import { domainProofOf } from './domain/auth-ids';

const fileBytesMax = 4_096;
const fileMs = 5_000;

/** What proves that an app's owner controls the domain of its homepage, and whether it is there. */
@Injectable()
export class DomainProofs {
  constructor(
    private readonly outbound: Outbound,
    private readonly keys: Keys,
  ) {}

  /** Throws `app.no-homepage` where there is no domain to prove. */
  of(appId: string, { ownerId, homepage }: AppFacts): ProofView {
    if (homepage === undefined || ownerId === null) {
      throw new HarkError('refused', 'app.no-homepage', 'the app has no homepage whose domain could be proven');
    }
    const domain = domainOf(homepage);
    const value = domainProofOf(appId, ownerId, domain, this.keys.secrets);
    return {
      domain,
      dns: { name: `_hark-claim.${domain}`, type: 'TXT', value },
      file: { url: new URL('/.well-known/hark-claim', homepage).href, content: value },
    };
  }

  /** Where the proof was found now; undefined when it is in neither place. */
  async found({ dns, file }: ProofView): Promise<'dns' | 'well-known' | undefined> {
    const [texts, content] = await Promise.all([this.outbound.texts(dns.name), this.fileAt(file.url)]);
    if (texts.some((text) => text.trim() === dns.value)) return 'dns';
    return content.split(/\r?\n/, 20).some((line) => line.trim() === file.content) ? 'well-known' : undefined;
  }

  private async fileAt(url: string): Promise<string> {
    try {
      const reply = await this.outbound.request({ url, method: 'GET', timeoutMs: fileMs, maxBytes: fileBytesMax });
      return reply.status === 200 ? reply.text : '';
    } catch (error) {
      if (error instanceof OutboundError) return '';
      throw error;
    }
  }
}
