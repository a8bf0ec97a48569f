/**
 * A bounded map that forgets what was not used lately: two generations of at most `sizeMax` entries each. Cheaper than
 * a list of recent use, and as good here: a lookup that finds nothing costs one index probe.
 */
export class GenerationCache<Key, Value> {
  private young = new Map<Key, Value>();
  private old = new Map<Key, Value>();

  constructor(private readonly sizeMax: number) {}

  get(key: Key): Value | undefined {
    const found = this.young.get(key);
    if (found !== undefined) return found;
    const aged = this.old.get(key);
    if (aged !== undefined) this.set(key, aged);
    return aged;
  }

  set(key: Key, value: Value): void {
    if (this.young.size >= this.sizeMax) {
      this.old = this.young;
      this.young = new Map();
    }
    this.young.set(key, value);
  }

  clear(): void {
    this.young.clear();
    this.old.clear();
  }
}
