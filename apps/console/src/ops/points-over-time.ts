/** What points were left after something, oldest first. */
export interface PointsStep {
  readonly left: number;
  /** Absent of what there was before. */
  readonly at?: string;
}

interface Change {
  readonly at: string;
  readonly left?: number | undefined;
  readonly points?: number | undefined;
  readonly event: string;
}

/**
 * The points after each event of a history (newest first) that changed them, before the first of them, and now. What one has
 * at first is said by `standing.opened`, whose `points` are all there are; by others `points` are those taken.
 */
export function pointsOverTime(history: readonly Change[], now: number): PointsStep[] {
  const steps: PointsStep[] = history.toReversed().flatMap(({ event, at, left, points }) => {
    const after = event === 'standing.opened' ? points : left;
    return after === undefined ? [] : [{ left: after, at }];
  });
  return steps.at(-1)?.left === now || steps.length === 0 ? steps : [...steps, { left: now }];
}
