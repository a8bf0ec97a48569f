// A QR code (ISO/IEC 18004) of one text: byte mode, error correction level M, versions 1 to 20, which hold 666 bytes.

/** By version from 1: error correction codewords in a block, and blocks, at level M (ISO/IEC 18004 table 9). */
const eccOfBlock = [10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26];
const blockCounts = [1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16];
const versionMax = eccOfBlock.length;
/** Light modules around the code, without which readers do not find it. */
const quietZone = 4;
const masks: readonly ((x: number, y: number) => boolean)[] = [
  (x, y) => (x + y) % 2 === 0,
  (_, y) => y % 2 === 0,
  (x) => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0,
  (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
];

type Grid = (boolean | undefined)[][];

/** The text as a QR code in SVG, black on white, one unit a module. Throws a RangeError for more than 666 bytes. */
export function qrSvg(text: string): string {
  const grid = qrModules(text);
  const size = grid.length + 2 * quietZone;
  const runs = grid.flatMap((row, y) =>
    [
      ...row
        .map((dark) => (dark ? '1' : '0'))
        .join('')
        .matchAll(/1+/g),
    ].map(({ 0: { length }, index }) => `M${index + quietZone} ${y + quietZone}h${length}v1h-${length}z`),
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h${size}v${size}H0z"/><path d="${runs.join('')}"/></svg>`;
}

/** The modules of the code, row by row, true for dark ones, without the quiet zone. */
export function qrModules(text: string): readonly (readonly boolean[])[] {
  const bytes = Buffer.from(text, 'utf8');
  const version = versionFor(bytes.length);
  const frame = functionPatterns(version);
  const filled = withData(frame, codewordsOf(bytes, version));
  const drawn = masks.map((_, mask) => masked(filled, frame, mask));
  return drawn.reduce((best, one) => (penaltyOf(one) < penaltyOf(best) ? one : best));
}

const dataCodewords = (version: number): number =>
  Math.floor(rawModules(version) / 8) - eccOfBlock[version - 1]! * blockCounts[version - 1]!;

function versionFor(bytes: number): number {
  for (let version = 1; version <= versionMax; version += 1) {
    if (4 + lengthBits(version) + bytes * 8 <= dataCodewords(version) * 8) return version;
  }
  throw new RangeError('the text is too long for a QR code');
}

const lengthBits = (version: number): number => (version < 10 ? 8 : 16);

/** How many modules are left for codewords. */
function rawModules(version: number): number {
  const aligned = version < 2 ? 0 : Math.floor(version / 7) + 2;
  const alignment = aligned === 0 ? 0 : (25 * aligned - 10) * aligned - 55;
  return (16 * version + 128) * version + 64 - alignment - (version < 7 ? 0 : 36);
}

/** Data and error correction codewords, interleaved by block. */
function codewordsOf(bytes: Buffer, version: number): number[] {
  const capacity = dataCodewords(version);
  const length = bytes.length.toString(2).padStart(lengthBits(version), '0');
  const bits = `0100${length}${[...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('')}`;
  const ended = bits.padEnd(Math.min(capacity * 8, bits.length + 4), '0');
  const whole = ended.padEnd(Math.ceil(ended.length / 8) * 8, '0');
  const data = Array.from({ length: whole.length / 8 }, (_, index) =>
    parseInt(whole.slice(index * 8, index * 8 + 8), 2),
  );
  for (let pad = 0xec; data.length < capacity; pad ^= 0xec ^ 0x11) data.push(pad);

  const count = blockCounts[version - 1]!;
  const short = Math.floor(capacity / count);
  const shortBlocks = count - (capacity % count);
  let taken = 0;
  const blocks = Array.from({ length: count }, (_, index) => {
    const end = taken + short + (index < shortBlocks ? 0 : 1);
    const block = data.slice(taken, end);
    taken = end;
    return block;
  });
  const divisor = generator(eccOfBlock[version - 1]!);
  return [...interleaved(blocks), ...interleaved(blocks.map((block) => remainder(block, divisor)))];
}

function interleaved(blocks: readonly (readonly number[])[]): number[] {
  const longest = Math.max(...blocks.map(({ length }) => length));
  return Array.from({ length: longest }, (_, index) => blocks.flatMap((block) => block[index] ?? [])).flat();
}

/** Multiplies in GF(2^8) modulo x^8 + x^4 + x^3 + x^2 + 1. */
function multiply(left: number, right: number): number {
  let product = 0;
  for (let bit = 7; bit >= 0; bit -= 1) {
    product = (product << 1) ^ ((product >>> 7) * 0x11d);
    product ^= ((right >>> bit) & 1) * left;
  }
  return product;
}

/** The Reed-Solomon generator polynomial of that degree, without its leading 1. */
function generator(degree: number): number[] {
  const result = [...Array<number>(degree - 1).fill(0), 1];
  for (let factor = 0, root = 1; factor < degree; factor += 1, root = multiply(root, 2)) {
    for (let index = 0; index < degree; index += 1)
      result[index] = multiply(result[index]!, root) ^ (result[index + 1] ?? 0);
  }
  return result;
}

function remainder(data: readonly number[], divisor: readonly number[]): number[] {
  const result = Array<number>(divisor.length).fill(0);
  for (const byte of data) {
    const factor = byte ^ result.shift()!;
    result.push(0);
    divisor.forEach((coefficient, index) => (result[index]! ^= multiply(coefficient, factor)));
  }
  return result;
}

/** Everything but the data; undefined where data goes. */
function functionPatterns(version: number): Grid {
  const size = version * 4 + 17;
  const grid: Grid = Array.from({ length: size }, () => Array<boolean | undefined>(size).fill(undefined));
  const set = (x: number, y: number, dark: boolean) => {
    if (x >= 0 && y >= 0 && x < size && y < size) grid[y]![x] = dark;
  };
  for (let index = 0; index < size; index += 1) {
    set(6, index, index % 2 === 0);
    set(index, 6, index % 2 === 0);
  }
  const square = (x: number, y: number, radius: number, isDark: (ring: number) => boolean) => {
    for (let dy = -radius; dy <= radius; dy += 1) {
      for (let dx = -radius; dx <= radius; dx += 1) set(x + dx, y + dy, isDark(Math.max(Math.abs(dx), Math.abs(dy))));
    }
  };
  const far = size - 4;
  for (const [x, y] of [
    [3, 3],
    [far, 3],
    [3, far],
  ] as const)
    square(x, y, 4, (ring) => ring !== 2 && ring !== 4);
  const places = alignments(version, size);
  const corners = new Set([`6,6`, `6,${size - 7}`, `${size - 7},6`]);
  for (const x of places) {
    for (const y of places) if (!corners.has(`${x},${y}`)) square(x, y, 2, (ring) => ring !== 1);
  }
  drawFormat(grid, 0);
  if (version >= 7) {
    const bits = (version << 12) | bch(version, 12, 0x1f25);
    for (let index = 0; index < 18; index += 1) {
      const dark = ((bits >>> index) & 1) === 1;
      const [near, along] = [Math.floor(index / 3), size - 11 + (index % 3)];
      set(near, along, dark);
      set(along, near, dark);
    }
  }
  return grid;
}

function alignments(version: number, size: number): number[] {
  if (version === 1) return [];
  const count = Math.floor(version / 7) + 2;
  const step = Math.ceil((version * 4 + 4) / (count * 2 - 2)) * 2;
  return [6, ...Array.from({ length: count - 1 }, (_, index) => size - 7 - step * (count - 2 - index))];
}

/** The check bits of a value (BCH code, ISO/IEC 18004 annexes C and D). */
function bch(value: number, bits: number, polynomial: number): number {
  let rest = value;
  for (let index = 0; index < bits; index += 1) rest = (rest << 1) ^ ((rest >>> (bits - 1)) * polynomial);
  return rest;
}

function drawFormat(grid: Grid, mask: number): void {
  const size = grid.length;
  // Level M is 00, so the mask alone is the data.
  const bits = ((mask << 10) | bch(mask, 10, 0x537)) ^ 0x5412;
  const dark = (index: number) => ((bits >>> index) & 1) === 1;
  for (let index = 0; index < 15; index += 1) {
    const [down, left] = [
      index < 6 ? index : index < 8 ? index + 1 : size - 15 + index,
      index < 8 ? size - 1 - index : index < 9 ? 15 - index : 14 - index,
    ];
    grid[down]![8] = dark(index);
    grid[8]![left] = dark(index);
  }
  grid[size - 8]![8] = true;
}

/** Codewords laid out in zigzag, two columns at a time from the right, around the timing column. */
function withData(frame: Grid, codewords: readonly number[]): Grid {
  const size = frame.length;
  const grid = frame.map((row) => [...row]);
  let bit = 0;
  for (let right = size - 1; right >= 1; right -= 2) {
    if (right === 6) right = 5;
    const upward = ((right + 1) & 2) === 0;
    for (let step = 0; step < size; step += 1) {
      const y = upward ? size - 1 - step : step;
      for (const x of [right, right - 1]) {
        if (frame[y]![x] !== undefined) continue;
        grid[y]![x] = (((codewords[bit >>> 3] ?? 0) >>> (7 - (bit & 7))) & 1) === 1;
        bit += 1;
      }
    }
  }
  return grid;
}

function masked(filled: Grid, frame: Grid, mask: number): boolean[][] {
  const grid: Grid = filled.map((row, y) =>
    row.map((dark, x) => (frame[y]![x] === undefined ? dark !== masks[mask]!(x, y) : dark)),
  );
  drawFormat(grid, mask);
  return grid as boolean[][];
}

/** How hard the code is to read: runs, blocks, false finders and imbalance (ISO/IEC 18004 section 7.8.3). */
function penaltyOf(grid: readonly (readonly boolean[])[]): number {
  const lines = [...grid, ...grid.map((_, x) => grid.map((row) => row[x]!))].map((line) =>
    line.map((dark) => (dark ? '1' : '0')).join(''),
  );
  let penalty = 0;
  for (const line of lines) {
    for (const [{ length }] of line.matchAll(/0{5,}|1{5,}/g)) penalty += length - 2;
    penalty += 40 * [...`0000${line}0000`.matchAll(/(?=00001011101|10111010000)/g)].length;
  }
  for (let y = 1; y < grid.length; y += 1) {
    for (let x = 1; x < grid.length; x += 1) {
      const [here, above] = [grid[y]!, grid[y - 1]!];
      if (here[x] === here[x - 1] && here[x] === above[x] && here[x] === above[x - 1]) penalty += 3;
    }
  }
  const dark = grid.flat().filter(Boolean).length;
  return penalty + 10 * Math.floor(Math.abs((dark * 20) / grid.length ** 2 - 10));
}
