import { Running } from '@hark/kernel';

/** Something that runs beside the hub's code and can end by itself. */
export interface Ending extends Running {
  /** Settles when it is gone, for whatever reason. Never rejects. */
  readonly exited: Promise<unknown>;
}

/** What closes `part`; calls `lost` with `name` when the part ends without having been closed. */
export function watched(name: string, part: Ending, lost: (what: string) => void): Running {
  let closing = false;
  void part.exited.then(() => closing || lost(name));
  return {
    close: () => {
      closing = true;
      return part.close();
    },
  };
}
