import { Injectable } from '@nestjs/common';
import { Shares } from '@hark/resilience';

/**
 * The tries that one process has under way. All reactions together have 128 slots for first tries and 64 for further ones:
 * however slow somebody is, or how many servers of their own people name, most of them stay free for everybody else.
 */
@Injectable()
export class AttemptSlots extends Shares<'user' | 'owner' | 'server' | 'foreign' | 'channel'> {
  constructor() {
    super({
      user: 8,
      /** All apps of one owner, at servers that people chose themselves. */
      owner: 16,
      /** One server that people chose themselves. */
      server: 8,
      /** All of those servers together. */
      foreign: 32,
      /** All tries of one kind at the hub's configured server: mail may be stuck while Bark is well. */
      channel: 64,
    });
  }

  /** A slot for a try at a person's endpoint; `server` is the one that they chose, undefined at the hub's configured one. */
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
