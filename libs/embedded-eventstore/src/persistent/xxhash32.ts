const prime1 = 0x9e3779b1;
const prime2 = 0x85ebca77;
const prime3 = 0xc2b2ae3d;
const prime4 = 0x27d4eb2f;
const prime5 = 0x165667b1;

const rotate = (value: number, by: number): number => (value << by) | (value >>> (32 - by));
const round = (lane: number, input: number): number =>
  Math.imul(rotate((lane + Math.imul(input, prime2)) | 0, 13), prime1);

/** xxHash32 with seed 0, as an unsigned number. */
export function xxHash32(bytes: Buffer): number {
  const { length } = bytes;
  let at = 0;
  let hash = prime5 | 0;
  if (length >= 16) {
    const lanes = [(prime1 + prime2) | 0, prime2 | 0, 0, -prime1 | 0];
    for (; at + 16 <= length; at += 16) {
      for (let lane = 0; lane < 4; lane += 1) lanes[lane] = round(lanes[lane] ?? 0, bytes.readInt32LE(at + lane * 4));
    }
    const [a = 0, b = 0, c = 0, d = 0] = lanes;
    hash = (rotate(a, 1) + rotate(b, 7) + rotate(c, 12) + rotate(d, 18)) | 0;
  }
  hash = (hash + length) | 0;
  for (; at + 4 <= length; at += 4) {
    hash = Math.imul(rotate((hash + Math.imul(bytes.readInt32LE(at), prime3)) | 0, 17), prime4);
  }
  for (; at < length; at += 1) hash = Math.imul(rotate((hash + Math.imul(bytes[at] ?? 0, prime5)) | 0, 11), prime1);
  hash = Math.imul(hash ^ (hash >>> 15), prime2);
  hash = Math.imul(hash ^ (hash >>> 13), prime3);
  return (hash ^ (hash >>> 16)) >>> 0;
}
