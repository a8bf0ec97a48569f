import { pinyinOf } from './rules/han';
import { Skeleton, skeletonsOf } from './skeleton';

/** How a skeleton sounds. Arrays run in parallel, `length` of them filled. */
export interface Sound {
  readonly units: Uint16Array;
  readonly length: number;
  /** The place of the latest unit, this one too, that was spelled in letters; -1 where none was. */
  readonly lastSpelled: Int32Array;
  /** The place of each in the skeleton. */
  readonly from: Int32Array;
}

/** The letters of a text's sound: known characters as their syllables, others as they are. */
export function* unitsOfSound(text: string): Generator<number> {
  for (const character of text) {
    const { plain } = skeletonsOf(pinyinOf.get(character) ?? character);
    yield* plain.units.subarray(0, plain.length);
  }
}

const syllableUnits: ReadonlyMap<number, readonly number[]> = new Map(
  [...pinyinOf].map(([character, syllable]) => [character.charCodeAt(0), [...unitsOfSound(syllable)]] as const),
);
const syllableUnitsMax = 6;
const [digitZero, digitNine, letterA, letterZ] = [0x30, 0x39, 0x61, 0x7a];

/** Letters as they are, known characters as their syllables, digits (tones) left out. Linear in the skeleton. */
export function soundOf(skeleton: Skeleton): Sound {
  const units = new Uint16Array(skeleton.length * syllableUnitsMax);
  const lastSpelled = new Int32Array(units.length);
  const from = new Int32Array(units.length);
  let length = 0;
  let spelled = -1;
  for (let index = 0; index < skeleton.length; index += 1) {
    const push = (unit: number): void => {
      units[length] = unit;
      lastSpelled[length] = spelled;
      from[length] = index;
      length += 1;
    };
    const unit = skeleton.units[index]!;
    if (unit >= digitZero && unit <= digitNine) continue;
    if (unit >= letterA && unit <= letterZ) {
      spelled = length;
      push(unit);
    } else {
      const syllable = syllableUnits.get(unit);
      if (syllable) for (const letter of syllable) push(letter);
      else push(unit);
    }
  }
  return { units, length, lastSpelled, from };
}
