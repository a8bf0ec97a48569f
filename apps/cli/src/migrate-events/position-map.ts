import { comparePositions, type LogPosition } from './copied-event';

/**
 * Translates places of the source's log into places of the target's, for places that are known beforehand: fed with
 * every copied event in the order of the target, it remembers for each place the last event before everything beyond it.
 */
export class PositionMap {
  private readonly open: LogPosition[];
  private readonly found = new Map<string, LogPosition | undefined>();
  private last: LogPosition | undefined;

  constructor(places: readonly LogPosition[]) {
    this.open = places.toSorted(comparePositions);
  }

  /** The next copied event: where it stands in the source, and where in the target. */
  pass(source: LogPosition, target: LogPosition): void {
    for (let place = this.open[0]; place !== undefined && comparePositions(place, source) < 0; place = this.open[0]) {
      this.found.set(keyOf(place), this.last);
      this.open.shift();
    }
    this.last = target;
  }

  /**
   * The target's last event before which nothing lies that is beyond `place` in the source; `undefined` when that is
   * before the first one.
   */
  targetOf(place: LogPosition): LogPosition | undefined {
    return this.found.has(keyOf(place)) ? this.found.get(keyOf(place)) : this.last;
  }
}

const keyOf = ({ commit, prepare }: LogPosition): string => `${commit}/${prepare}`;
