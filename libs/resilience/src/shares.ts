/** Something that may hold only its share of the slots, such as one person: its kind and which one it is. */
export type Sharer<Kind extends string> = readonly [kind: Kind, id: string];

/**
 * Divides a process's slots. A slot is held for one try at a server that may be slow to answer; without shares a few
 * slow ones hold all slots, and everybody waits.
 */
export class Shares<Kind extends string> {
  private readonly held = new Map<string, number>();

  /** The most slots that one of each kind may hold at a time. */
  constructor(private readonly most: Readonly<Record<Kind, number>>) {}

  /** One slot counted for all of them, to be given back once; undefined when one of them has used up its share. */
  take(sharers: readonly Sharer<Kind>[]): (() => void) | undefined {
    const names = sharers.map(([kind, id]) => `${kind} ${id}`);
    const full = sharers.some(([kind], index) => (this.held.get(names[index]!) ?? 0) >= this.most[kind]);
    if (full) return undefined;
    for (const name of names) this.held.set(name, (this.held.get(name) ?? 0) + 1);
    let given = false;
    return () => {
      if (given) return;
      given = true;
      for (const name of names) {
        const left = (this.held.get(name) ?? 1) - 1;
        if (left > 0) this.held.set(name, left);
        else this.held.delete(name);
      }
    };
  }
}
