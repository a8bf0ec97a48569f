import { Shares } from '@hark/eventstore';
import { Injectable } from '@nestjs/common';

/**
 * The tries that one process has under way. All reactions together have 128 slots for first tries and 64 for further ones:
 * however slow somebody is, or how many servers of their own people name, most of them stay free for everybody else.
 */
@Injectable()
export class AttemptSlots extends Shares<'person' | 'server' | 'foreign' | 'channel'> {
  constructor() {
    super({
      person: 8,
      /** One server that people chose themselves. */
      server: 8,
      /** All of those servers together. */
      foreign: 32,
      /** All tries of one kind at the hub's configured server: mail may be stuck while Bark is well. */
      channel: 64,
    });
  }
}
