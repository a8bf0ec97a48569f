import { SystemClock } from '@hark/kernel';
import { startHub } from '../up/hub';
import { readSettings } from '../up/settings';
import { runAsChild } from './child-main';

/** Moves the clock of every service of this hub on. */
export interface Advance {
  readonly advanceMs: number;
}

// No setting speeds up the hub's schedule, so this hub's clock is moved on when the bench says so.
let aheadMs = 0;
SystemClock.prototype.now = () => new Date(Date.now() + aheadMs).toISOString();
process.on('message', (message: Partial<Advance>) => (aheadMs += message.advanceMs ?? 0));

runAsChild(async (home) => {
  const hub = await startHub(readSettings({ ...process.env, HARK_HOME: home, HARK_PORT: '0', HARK_SANDBOX_PORT: '0' }));
  return { url: hub.url, close: () => hub.close() };
});
