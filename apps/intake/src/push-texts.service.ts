import { createHmac, createSecretKey, KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { aadOf, PushContent, pushTextBytesMax } from '@hark/contracts';
import { HarkError } from '@hark/kernel';
import { Keys } from '@hark/service';
import { Vault } from '@hark/vault';
import { bindingEnded } from './domain/refusal';
import { threadHashOf } from './domain/thread-hash';

/** What pushes say, in the form in which it is stored. */
@Injectable()
export class PushTexts {
  private readonly hashKey: KeyObject;

  constructor(
    private readonly vault: Vault,
    keys: Keys,
  ) {
    this.hashKey = createSecretKey(keys.contentHash);
  }

  /** The text to seal; `request.too-large` for more than a push may say. */
  of(content: PushContent): string {
    const text = JSON.stringify(content);
    const bytes = Buffer.byteLength(text);
    if (bytes <= pushTextBytesMax) return text;
    const message = `at most ${pushTextBytesMax} bytes of text in UTF-8, all fields together, has ${bytes}`;
    throw new HarkError('invalid', 'request.too-large', 'the texts are too long together', {
      extra: { max: pushTextBytesMax },
      errors: [{ path: '$', message }],
    });
  }

  /**
   * The text sealed for its recipient, and the keyed hash that verdicts name. A later edition has another hash even when it
   * says what an earlier one did, so that no verdict is taken for another edition's.
   */
  async sealed(
    text: string,
    {
      pushId,
      personId,
      edition = 0,
    }: { readonly pushId: string; readonly personId: string; readonly edition?: number },
  ): Promise<{ content: string; contentHash: string }> {
    const hash = createHmac('sha256', this.hashKey);
    const contentHash = (edition > 0 ? hash.update(`edition ${edition} of ${pushId}\n`) : hash)
      .update(text)
      .digest('hex');
    try {
      return { content: await this.vault.seal(personId, text, aadOf.content(pushId)), contentHash };
    } catch (error) {
      // The person is erased and their bindings are about to end; the app need not learn why.
      if (error instanceof HarkError && error.code === 'person.erased') throw bindingEnded();
      throw error;
    }
  }

  /** By what the app finds its pushes of the same thread. */
  threadOf({ thread }: PushContent, appId: string): { threadHash?: string } {
    return thread === undefined ? {} : { threadHash: threadHashOf(appId, thread, this.hashKey) };
  }

  /** What a push says; undefined once its person is erased. */
  async open(sealed: string, pushId: string): Promise<PushContent | undefined> {
    const text = await this.vault.open(sealed, aadOf.content(pushId));
    return text === undefined ? undefined : (JSON.parse(text) as PushContent);
  }
}
