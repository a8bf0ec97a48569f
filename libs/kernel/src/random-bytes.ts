import { randomFillSync } from 'node:crypto';

const poolBytes = 4_096;
const pool = Buffer.alloc(poolBytes);
let used = poolBytes;

/**
 * `count` (at most 64) bytes from the system's cryptographic generator, which is asked for many at a time: a call costs ten
 * times what the bytes cost. No byte is given out twice, and none stays in memory once it was given out.
 */
export function randomBytesFromPool(count: number): Buffer {
  if (count > 64) throw new RangeError('ask the generator itself for so many bytes');
  if (used + count > poolBytes) {
    randomFillSync(pool);
    used = 0;
  }
  const bytes = Buffer.from(pool.subarray(used, used + count));
  pool.fill(0, used, used + count);
  used += count;
  return bytes;
}
