import { Severity } from '@hark/contracts';

const dayMs = 86_400_000;

/**
 * The ladder (处罚) in force: what an owner starts with, what an upheld complaint takes, and what follows with how many points
 * left. A change is a new version, named in every `standing.penalized`: what was penalised under an old one stays as it was.
 */
export const penaltyTable = {
  version: '2026-11',
  pointsAtStart: 12,
  points: { minor: 1, major: 3, severe: 6 } satisfies Readonly<Record<Severity, number>>,
  /** With this many points or fewer left, an app is throttled. */
  throttledAt: 6,
  /** With this many or fewer it is suspended, for `suspendedMs`. */
  suspendedAt: 3,
  suspendedMs: 7 * dayMs,
  /** A second severe penalty within this proposes a ban, as does losing the last point. */
  severeWindowMs: 90 * dayMs,
  /** How long a proposed ban suspends while it waits for a second operator. Then it lapses. */
  proposedBanMs: 7 * dayMs,
} as const;
