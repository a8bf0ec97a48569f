import { Severity } from '@hark/contracts';

const dayMs = 86_400_000;

/**
 * The ladder (处罚) in force: an owner's first points, what an upheld complaint takes, and what follows at how many
 * points left. Never edit it: a change is a new version. Every `standing.penalized` names its version, and older
 * penalties stay as they were.
 */
export const penaltyTable = {
  version: '2026-11',
  pointsAtStart: 12,
  points: { minor: 1, major: 3, severe: 6 } satisfies Readonly<Record<Severity, number>>,
  /** At this many points or fewer an app is throttled. */
  throttledAt: 6,
  /** At this many or fewer it is suspended, for `suspendedMs`. */
  suspendedAt: 3,
  suspendedMs: 7 * dayMs,
  /** A second severe penalty within this time proposes a ban; so does the loss of the last point. */
  severeWindowMs: 90 * dayMs,
  /** How long a proposed ban suspends while it waits for a second operator; then it lapses. */
  proposedBanMs: 7 * dayMs,
} as const;
