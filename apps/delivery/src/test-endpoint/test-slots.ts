import { Injectable } from '@nestjs/common';
import { Shares } from '@hark/resilience';

/** The test messages under way in one process. They have slots of their own, so that they never delay a push. */
@Injectable()
export class TestSlots extends Shares<'user' | 'server' | 'all'> {
  constructor() {
    super({
      user: 2,
      /** One server that people chose, or all endpoints of one kind at the hub's configured one. */
      server: 4,
      all: 32,
    });
  }

  /** A slot for a test; `server` is the one its person chose, undefined for the hub's configured one. */
  takeFor(personId: string, kind: string, server: string | undefined): (() => void) | undefined {
    return this.take([
      ['user', personId],
      ['server', server ?? kind],
      ['all', ''],
    ]);
  }
}
