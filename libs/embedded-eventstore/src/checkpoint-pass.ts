/** SQLITE_IOERR_FSYNC. */
const failedSyncCode = 1_034;

/** What one pass of the checkpoint thread came to. */
export interface Pass {
  /**
   * `complete`: the file holds all there is. `partial`: more was written meanwhile, or the disk had no room; the log
   * still holds everything. `sync-failed`: the disk failed to keep pages, and nothing may be tried again.
   */
  readonly is: 'complete' | 'partial' | 'sync-failed';
}

/** Whether SQLite threw this because the disk failed to sync. */
export const isFailedSync = (error: unknown): boolean =>
  error instanceof Error && 'errcode' in error && error.errcode === failedSyncCode;
