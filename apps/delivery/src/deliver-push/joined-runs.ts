/** Runs that are under way. What is asked for again meanwhile is not begun twice: its open tries would count as cut off. */
export class JoinedRuns {
  /** At most as many as the reactors handle at once. */
  private readonly underWay = new Map<string, Promise<void>>();

  /** The end of the run of that name, which `begin` begins where none is under way. */
  join(name: string, begin: () => Promise<void>): Promise<void> {
    const run = this.underWay.get(name) ?? begin().finally(() => this.underWay.delete(name));
    this.underWay.set(name, run);
    return run;
  }
}
