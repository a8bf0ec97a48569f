import { Severity } from '@hark/contracts';

/** How many points an upheld complaint takes, and what follows with how many left. Named in every `standing.penalized`. */
export interface PenaltyTable {
  readonly version: string;
  readonly points: Readonly<Record<Severity, number>>;
  readonly throttledAt: number;
  readonly suspendedAt: number;
  readonly suspendedMs: number;
  /** A second severe penalty within this proposes a ban, as does losing the last point. */
  readonly severeWindowMs: number;
}

const dayMs = 86_400_000;

/** The ladder in force. A change is a new version: what was penalised under an old one stays as it was. */
export const penaltyTable: PenaltyTable = {
  version: '2026-11',
  points: { minor: 1, major: 3, severe: 6 },
  throttledAt: 6,
  suspendedAt: 3,
  suspendedMs: 7 * dayMs,
  severeWindowMs: 90 * dayMs,
};
