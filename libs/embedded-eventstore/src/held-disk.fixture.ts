import { fdatasyncSync } from 'node:fs';
import type { SyncFile } from './wal-file';

/** A disk whose syncs wait until the test lets them go, one at a time and in order, or fails them. */
export class HeldDisk {
  /** How many syncs were begun. */
  begun = 0;
  private held: { descriptor: number; done: () => void; fail: (error: Error) => void } | undefined;

  readonly sync: SyncFile = (descriptor) => {
    if (this.held !== undefined) throw new Error('a second sync was begun beside the first');
    this.begun += 1;
    return new Promise((done, fail) => {
      this.held = { descriptor, done, fail };
    });
  };

  get holds(): boolean {
    return this.held !== undefined;
  }

  release(): void {
    const { held } = this;
    if (held === undefined) throw new Error('no sync is under way');
    this.held = undefined;
    fdatasyncSync(held.descriptor);
    held.done();
  }

  fail(): void {
    const { held } = this;
    if (held === undefined) throw new Error('no sync is under way');
    this.held = undefined;
    held.fail(Object.assign(new Error('EIO: i/o error, fdatasync'), { code: 'EIO' }));
  }
}
