import { Injectable } from '@nestjs/common';
import { FiledThread, PushContent } from '@hark/contracts';
import { Vault } from '@hark/vault';

/** Names a person's threads without their names, which are texts of their apps. */
@Injectable()
export class Threads {
  constructor(private readonly vault: Vault) {}

  /** The id under which this person's messages of the threads of that name stand, of whichever app. */
  idOf(personId: string, thread: string): string {
    return this.vault.lookupId('thread', `${personId}:${thread}`);
  }

  /** Where a text belongs; undefined without a thread, with or without a step. */
  of(personId: string, { thread, step }: PushContent): FiledThread | undefined {
    if (thread === undefined) return undefined;
    const id = this.idOf(personId, thread);
    return step === undefined ? { id } : { id, step: { index: step.index, of: step.of } };
  }
}
