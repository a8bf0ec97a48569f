import { Injectable } from '@nestjs/common';
import { Shares } from '@hark/resilience';

/**
 * The codes that one process is sending. The reactors have 64 slots each. These shares keep most of them free for
 * everybody else, whatever one person's slow endpoints or the servers that people named do.
 */
@Injectable()
export class ChallengeSlots extends Shares<'user' | 'server' | 'foreign' | 'channel'> {
  constructor() {
    super({
      user: 3,
      /** One server that people chose. */
      server: 4,
      /** All servers that people chose, together. */
      foreign: 16,
      /** All codes of one kind at the hub's configured server. */
      channel: 32,
    });
  }
}
