import { Injectable } from '@nestjs/common';
import { Shares } from '@hark/resilience';

/**
 * The codes that one process has under way. The reactors have 64 slots each: one person's slow endpoints, or any number of
 * slow servers that people named, leave most of them to everybody else.
 */
@Injectable()
export class ChallengeSlots extends Shares<'user' | 'server' | 'foreign' | 'channel'> {
  constructor() {
    super({
      user: 3,
      /** One server that people chose themselves. */
      server: 4,
      /** All of those servers together. */
      foreign: 16,
      /** All codes of one kind at the hub's configured server. */
      channel: 32,
    });
  }
}
