import { comparePositions, type LogPosition } from './copied-event';

/**
 * Translates positions of the source's log, known beforehand, into positions of the target's. Fed with every copied
 * event in the target's order, it remembers for each the last event before the first one that lies beyond it.
 */
export class PositionMap {
  private readonly open: LogPosition[];
  private readonly found = new Map<string, LogPosition | undefined>();
  private last: LogPosition | undefined;

  constructor(places: readonly LogPosition[]) {
    this.open = places.toSorted(comparePositions);
  }

  /** Takes the next copied event's position in the source and in the target. */
  pass(source: LogPosition, target: LogPosition): void {
    for (let place = this.open[0]; place !== undefined && comparePositions(place, source) < 0; place = this.open[0]) {
      this.found.set(keyOf(place), this.last);
      this.open.shift();
    }
    this.last = target;
  }

  /**
   * The target's last event before the first one that lies beyond `place` in the source; `undefined` when there is
   * none.
   */
  targetOf(place: LogPosition): LogPosition | undefined {
    return this.found.has(keyOf(place)) ? this.found.get(keyOf(place)) : this.last;
  }
}

const keyOf = ({ commit, prepare }: LogPosition): string => `${commit}/${prepare}`;
