import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { HarkError } from '@hark/kernel';
import { entriesAtMost } from '@hark/resilience';
import { pollEveryMs } from '../domain/device-log-in.decider';

/** A browser's timer and the network are not exact. */
const toleranceMs = 1_000;
const rememberedMax = 10_000;

/**
 * How often waiting browsers ask, in this process: with replicas one may ask each of them so often. That costs a read;
 * what keeps codes from being guessed is their length.
 */
@Injectable()
export class Polls {
  private readonly last = new LRUCache<string, number>(entriesAtMost(rememberedMax));

  /** Notes a poll; throws `session.slow-down` when the one before is not long enough ago. */
  note(id: string, nowMs: number): void {
    const before = this.last.get(id);
    this.last.set(id, nowMs);
    if (before === undefined || nowMs - before >= pollEveryMs - toleranceMs) return;
    throw new HarkError('refused', 'session.slow-down', 'the browser asks too often', {
      extra: { retryAfter: pollEveryMs / 1_000 },
    });
  }
}
