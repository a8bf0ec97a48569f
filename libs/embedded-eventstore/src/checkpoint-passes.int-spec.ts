import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CheckpointedWriter, Checkpointer } from './checkpointer';
import { eventually } from './store.fixture';

const mib = 1_048_576;
let dir: string;
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'hark-checkpointer-'))));
afterEach(() => rmSync(dir, { recursive: true }));

/** A writer that notes what it was asked; `checkpoint` throws what it is given. */
function noting(thrown?: Error) {
  const asked: string[] = [];
  const writer: CheckpointedWriter = {
    pause: () => asked.push('pause'),
    resume: () => asked.push('resume'),
    checkpoint: () => {
      asked.push('checkpoint');
      if (thrown !== undefined) throw thrown;
    },
    onFailed: () => asked.push('failed'),
  };
  return { asked, writer };
}

const sqliteError = (errcode: number): Error => Object.assign(new Error('disk I/O error'), { errcode });

it('passes over the log beside the writer, then once more while the writer pauses', async () => {
  const { asked, writer } = noting();
  const checkpointer = new Checkpointer(join(dir, 'a.db'), writer);
  checkpointer.wrote(15 * mib);
  expect(asked).toEqual([]);
  checkpointer.wrote(2 * mib);
  await eventually(() => asked.includes('resume'));
  expect(asked).toEqual(['pause', 'resume']);
  // What was written up to then no longer counts.
  checkpointer.wrote(15 * mib);
  checkpointer.wrote(2 * mib);
  await eventually(() => asked.length === 4);
  expect(asked).toEqual(['pause', 'resume', 'pause', 'resume']);
  await checkpointer.stop();
});

it('leaves it to the writer, at the upper bound, when the thread cannot work', async () => {
  const { asked, writer } = noting();
  const checkpointer = new Checkpointer(join(dir, 'no such folder', 'a.db'), writer);
  checkpointer.wrote(17 * mib);
  checkpointer.wrote(238 * mib);
  expect(asked).toEqual([]);
  checkpointer.wrote(mib);
  expect(asked).toEqual(['checkpoint']);
  await checkpointer.stop();
});

it('says that a sync failed, and does nothing more', async () => {
  const { asked, writer } = noting(sqliteError(1_034));
  const checkpointer = new Checkpointer(join(dir, 'a.db'), writer);
  checkpointer.wrote(256 * mib);
  checkpointer.wrote(256 * mib);
  expect(asked).toEqual(['checkpoint', 'failed']);
  await checkpointer.stop();
});

it('tries again a little later when the disk has no room', async () => {
  const { asked, writer } = noting(sqliteError(13));
  const checkpointer = new Checkpointer(join(dir, 'a.db'), writer);
  checkpointer.wrote(256 * mib);
  expect(asked).toEqual(['checkpoint']);
  checkpointer.wrote(16 * mib);
  expect(asked).toEqual(['checkpoint', 'checkpoint']);
  await checkpointer.stop();
});
