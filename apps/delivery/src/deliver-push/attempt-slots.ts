import { Injectable } from '@nestjs/common';
import { Shares } from '@hark/resilience';

/**
 * The tries under way in one process. All reactions together have 128 slots for first tries and 64 for further ones.
 * These shares keep most of them free for everybody else, however slow some servers are and however many servers people
 * name.
 */
@Injectable()
export class AttemptSlots extends Shares<'user' | 'owner' | 'server' | 'foreign' | 'channel'> {
  constructor() {
    super({
      user: 8,
      /** All apps of one owner, at servers that people chose. */
      owner: 16,
      /** One server that people chose. */
      server: 8,
      /** All servers that people chose, together. */
      foreign: 32,
      /** All tries of one kind at the hub's configured server: mail may be stuck while Bark works. */
      channel: 64,
    });
  }

  /**
   * A slot for a try at a person's endpoint; `server` is the one they chose, undefined for the hub's configured one.
   */
  takeFor(
    { personId, ownerId = '' }: { readonly personId: string; readonly ownerId?: string },
    kind: string,
    server: string | undefined,
  ): (() => void) | undefined {
    if (server === undefined)
      return this.take([
        ['user', personId],
        ['channel', kind],
      ]);
    return this.take([
      ['user', personId],
      ['owner', ownerId],
      ['server', server],
      ['foreign', ''],
    ]);
  }
}
