import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { HarkError } from '@hark/kernel';
import type { LogPosition } from './copied-event';

/** A place up to which the target is known to hold the source, with no event before it still waiting. */
export interface CopyState {
  /** Position and id of the last event that was copied, on either side. */
  readonly source: LogPosition;
  readonly target: LogPosition;
  readonly id: string;
}

interface StoredPosition {
  commit: string;
  prepare: string;
}

/**
 * The content of `--state`. Only a shortcut: the target itself shows what it holds, and when another event is at these
 * places, the copy starts from the beginning.
 */
export class CopyStateFile {
  constructor(private readonly file: string) {}

  /** `undefined` before the first write. Throws `invalid` for a file that holds something else. */
  read(): CopyState | undefined {
    let text: string;
    try {
      text = readFileSync(this.file, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
    try {
      const { source, target, id } = JSON.parse(text) as { source: StoredPosition; target: StoredPosition; id: string };
      return { source: positionOf(source), target: positionOf(target), id };
    } catch (cause) {
      throw new HarkError('invalid', 'migrate.state', `${this.file} is not the state of a migration`, {}, { cause });
    }
  }

  /** Replaced atomically, so that a kill leaves the old one or the new one. */
  write({ source, target, id }: CopyState): void {
    const next = `${this.file}.next`;
    const stored = { source: storedOf(source), target: storedOf(target), id };
    writeFileSync(next, `${JSON.stringify(stored)}\n`);
    renameSync(next, this.file);
  }
}

const positionOf = ({ commit, prepare }: StoredPosition): LogPosition => ({
  commit: BigInt(commit),
  prepare: BigInt(prepare),
});

const storedOf = ({ commit, prepare }: LogPosition): StoredPosition => ({
  commit: String(commit),
  prepare: String(prepare),
});
