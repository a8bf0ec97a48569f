import { pinyinOf } from './rules/han';
import { Skeleton, skeletonsOf } from './skeleton';

/** How a skeleton sounds. The arrays run in parallel; `length` of their entries are filled. */
export interface Sound {
  readonly units: Uint16Array;
  readonly length: number;
  /** The place of the latest unit, up to and including this one, that was spelled in letters; -1 when none was. */
  readonly lastSpelled: Int32Array;
  /** The place of each letter in the skeleton. */
  readonly from: Int32Array;
}

/** The sound of a text in letters: syllables for known characters, the others unchanged. */
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

/** Letters stay, known characters become syllables, digits (tones) are dropped. Linear in the skeleton. */
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
