import { appendFileSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';

/** Appended lines after which the file is rewritten with what still counts. */
export const appendsMax = 50_000;

const record = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('device'), deviceKey: z.string(), token: z.string(), state: z.string() }),
  z.object({
    kind: z.literal('user'),
    openid: z.string(),
    unionid: z.string().optional(),
    sessionKey: z.string(),
    visitedAtMs: z.number(),
  }),
]);
export type StateRecord = z.infer<typeof record>;

/**
 * Keeps what a provider would not forget when it restarts: who has which device key, who visited when. Written before
 * the answer, without fsync: it survives a killed process, not a power cut. Without a path it does nothing.
 */
export class StateFile {
  private appends = 0;

  constructor(
    private readonly path: string | undefined,
    /** What still counts, asked for when the file is rewritten. */
    private readonly all: () => Iterable<StateRecord>,
  ) {}

  /** All readable lines, oldest first; a later one about the same thing replaces an earlier. Throws when it cannot be read. */
  load(): StateRecord[] {
    if (this.path === undefined) return [];
    mkdirSync(dirname(this.path), { recursive: true, mode: 0o700 });
    const records: StateRecord[] = [];
    for (const line of readOrEmpty(this.path).split('\n')) {
      // The last line may be half written: the process was killed in the middle of it.
      const parsed = record.safeParse(parseOrNull(line));
      if (parsed.success) records.push(parsed.data);
    }
    return records;
  }

  /** Adds one record; every `appendsMax` of them the file is rewritten instead. */
  append(added: StateRecord): void {
    if (this.path === undefined) return;
    if (++this.appends >= appendsMax) this.rewrite();
    else appendFileSync(this.path, `${JSON.stringify(added)}\n`, { mode: 0o600 });
  }

  /** Replaces the whole file in one step. */
  rewrite(): void {
    if (this.path === undefined) return;
    this.appends = 0;
    const lines = Array.from(this.all(), (kept) => `${JSON.stringify(kept)}\n`);
    writeFileSync(`${this.path}.new`, lines.join(''), { mode: 0o600 });
    renameSync(`${this.path}.new`, this.path);
  }
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}

function parseOrNull(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
