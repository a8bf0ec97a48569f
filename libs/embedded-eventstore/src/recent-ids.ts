/** How many ids each of the two generations holds; EventStoreDB 24.10's 8 MiB hold fewer than one. */
const generationMax = 262_144;
const slots = 2 * generationMax;
/** An id written again and again is kept this often: the first copy is all that counts, the rest is for collisions. */
const equalsMax = 4;

/** One generation: fingerprints and positions in open addressing, never more than half full. */
class Generation {
  size = 0;
  private readonly fingerprints = new Uint32Array(slots);
  private readonly positions = new Float64Array(slots);

  add(slot: number, fingerprint: number, position: number): void {
    let equals = 0;
    let at = slot;
    for (; this.positions[at] !== 0; at = (at + 1) % slots) if (this.fingerprints[at] === fingerprint) equals += 1;
    if (equals >= equalsMax) return;
    this.fingerprints[at] = fingerprint;
    this.positions[at] = position;
    this.size += 1;
  }

  *candidates(slot: number, fingerprint: number): Iterable<number> {
    for (let at = slot; this.positions[at] !== 0; at = (at + 1) % slots) {
      if (this.fingerprints[at] === fingerprint) yield this.positions[at] ?? 0;
    }
  }
}

/**
 * Where the event ids of the latest 262 144 to 524 288 events stand in the log, in 12 bytes an event. It answers with
 * candidates: whoever asks must compare them with the log, which also covers events that were undone.
 */
export class RecentIds {
  private young = new Generation();
  private old: Generation | undefined;

  /** `id` has 16 bytes; `position` is above 0. */
  add(stream: number, id: Uint8Array, position: number): void {
    if (this.young.size >= generationMax) {
      this.old = this.young;
      this.young = new Generation();
    }
    const [slot, fingerprint] = hashed(stream, id);
    this.young.add(slot, fingerprint, position);
  }

  /** Positions at which the stream may have the id, the earliest first. */
  *candidates(stream: number, id: Uint8Array): Iterable<number> {
    const [slot, fingerprint] = hashed(stream, id);
    if (this.old !== undefined) yield* this.old.candidates(slot, fingerprint);
    yield* this.young.candidates(slot, fingerprint);
  }
}

/** Two independent hashes of stream and id, word by word with a final mix each: ids may be random or count upwards. */
function hashed(stream: number, id: Uint8Array): [slot: number, fingerprint: number] {
  let a = 0x811c9dc5 ^ stream;
  let b = 0x9e3779b9 ^ Math.imul(stream, 0x85ebca6b);
  for (let at = 0; at < id.length; at += 4) {
    const word = wordAt(id, at);
    a = mixed(a ^ word);
    b = Math.imul(b ^ word, 0xc2b2ae35) ^ (b >>> 15);
  }
  return [a % slots, mixed(b)];
}

const wordAt = (bytes: Uint8Array, at: number): number =>
  (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24);

function mixed(hash: number): number {
  const once = Math.imul(hash ^ (hash >>> 16), 0x7feb352d);
  const twice = Math.imul(once ^ (once >>> 15), 0x846ca68b);
  return (twice ^ (twice >>> 16)) >>> 0;
}
