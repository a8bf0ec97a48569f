import { getEventListeners } from 'node:events';
import { CommitSignal } from './commit-signal';
import type { EventLog } from './event-log';

/** The one part of a log that a signal uses. */
function commits() {
  const listeners = new Set<(head: number) => void>();
  const log = {
    onCommitted: (listener: (head: number) => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  } as unknown as EventLog;
  return { log, listeners, commit: () => listeners.forEach((listener) => listener(1)) };
}

it('wakes at a commit, and remembers one that came between two waits', async () => {
  const { log, commit } = commits();
  const signal = new CommitSignal(log, new AbortController().signal);
  const waiting = signal.grew();
  commit();
  await waiting;
  commit();
  await signal.grew();
});

it('wakes when the reader is gone, before a wait or during it', async () => {
  const reader = new AbortController();
  const signal = new CommitSignal(commits().log, reader.signal);
  const waiting = signal.grew();
  reader.abort();
  await waiting;
  await signal.grew();
  await signal.grew();
});

it('leaves nothing behind, however often it waits', async () => {
  const { log, listeners, commit } = commits();
  const reader = new AbortController();
  const signal = new CommitSignal(log, reader.signal);
  for (let n = 0; n < 100; n += 1) {
    const waiting = signal.grew();
    commit();
    await waiting;
  }
  expect(getEventListeners(reader.signal, 'abort')).toHaveLength(1);
  signal.close();
  expect(getEventListeners(reader.signal, 'abort')).toHaveLength(0);
  expect(listeners.size).toBe(0);
});
