/** What a withdrawal is made by. */
export type Withdrawal = 'unbind' | 'block' | 'none' | 'mute' | 'suspend' | 'erase';

/** What the rounds of all lanes have seen. */
export class ConsentRecord {
  readonly rounds: Record<Withdrawal, number> = {
    ...{ unbind: 0, block: 0, none: 0, mute: 0, suspend: 0, erase: 0 },
  };
  /** Pushes that began before a withdrawal was answered: both answers are right. */
  readonly meanwhile = { accepted: 0, refused: 0, unavailable: 0 };
  /** Pushes that began after it was answered, by what they were answered. */
  readonly after = { accepted: 0, refused: 0, unavailable: 0 };
  /** Pushes that were accepted after a withdrawal that refuses them. */
  readonly wronglyAccepted: string[] = [];
  /** Pushes that rang after a withdrawal that silences them. */
  readonly wronglyRang: string[] = [];
  rang = 0;
  private readonly silent = new Set<string>();
  private marks = 0;

  /** A text that is recognised when it rings. */
  newText(mayRing: boolean): string {
    const mark = `#${(this.marks += 1)}#`;
    if (!mayRing) this.silent.add(mark);
    return `${mark} 工程师已出发`;
  }

  /** A push as it came to a phone. */
  heard(body: string): void {
    const [mark] = /#\d+#/.exec(body) ?? [];
    if (mark === undefined) return;
    this.rang += 1;
    if (this.silent.has(mark)) this.wronglyRang.push(mark);
  }

  get total(): number {
    return Object.values(this.rounds).reduce((all, each) => all + each, 0);
  }
}
