/** Something that was started and can be stopped. Stopping twice is harmless. */
export interface Running {
  close(): Promise<void> | void;
}

/** Everything that was started, in order, so that it can be stopped in reverse. */
export class Disposables implements Running {
  private readonly running: Running[] = [];

  /** Remembers `started` and returns it. */
  add<T extends Running>(started: T): T {
    this.running.push(started);
    return started;
  }

  /** Stops everything, last started first. One that fails to stop does not keep the others from stopping. */
  async close(): Promise<void> {
    const failures: unknown[] = [];
    for (const one of this.running.splice(0).reverse()) {
      try {
        await one.close();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, 'some parts did not stop cleanly');
  }
}
