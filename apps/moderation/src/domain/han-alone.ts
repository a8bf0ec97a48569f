import { kind, Skeleton } from './skeleton';

/** The Chinese characters of a skeleton, without what stands between them, and the place of each. */
export class HanAlone {
  private constructor(
    readonly units: Uint16Array,
    /** The place of each in the skeleton. */
    readonly from: Int32Array,
    readonly length: number,
  ) {}

  /** Null where nothing stands between any two of them. */
  static of(skeleton: Skeleton): HanAlone | null {
    const units = new Uint16Array(skeleton.length);
    const from = new Int32Array(skeleton.length);
    let length = 0;
    for (let index = 0; index < skeleton.length; index += 1) {
      if (skeleton.kindAt(index) !== kind.han) continue;
      units[length] = skeleton.units[index]!;
      from[length] = index;
      length += 1;
    }
    const isUnbroken = length === 0 || from[length - 1]! - from[0]! === length - 1;
    return isUnbroken ? null : new HanAlone(units, from, length);
  }

  /**
   * Whether something stands between the characters from `first` to before `last`, but at no place more than `most`
   * units.
   */
  isFilled(first: number, last: number, most: number): boolean {
    for (let index = first + 1; index < last; index += 1) {
      if (this.from[index]! - this.from[index - 1]! - 1 > most) return false;
    }
    return this.from[last - 1]! - this.from[first]! > last - 1 - first;
  }
}
