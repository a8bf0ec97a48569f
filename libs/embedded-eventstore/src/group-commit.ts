import { HarkError } from '@hark/kernel';
import type { AppendOutcome } from './event-log';
import type { LogWriter } from './log-writer';

const groupAppendsMax = 256;

interface Waiting {
  readonly apply: () => AppendOutcome;
  readonly resolve: (outcome: AppendOutcome) => void;
  readonly reject: (error: unknown) => void;
}

/** A group whose transaction is committed: `answer` tells its appends once the disk has the log up to `head`. */
interface Committed {
  readonly head: number;
  readonly appends: number;
  readonly answer: () => void;
  readonly reject: (error: unknown) => void;
}

/** What a group commit stands on and tells. */
export interface GroupCommitParts {
  readonly writer: LogWriter;
  /**
   * Resolves when everything committed before the call is on the disk. A rejection is final. `alone`: one append waits
   * for it and no other has arrived.
   */
  readonly sync: (alone: boolean) => Promise<void>;
  /** After each transaction, with about how many bytes it added to the write-ahead log. */
  readonly onWritten: (bytes: number) => void;
  /** The disk has the log up to the head. The callback must not throw. */
  readonly onDurable: (head: number) => void;
  /** A sync failed and nothing is written any more. Called once, after everybody who waited was refused. */
  readonly onFailed: (error: HarkError) => void;
}

/**
 * The way from an append to its answer. Appends of one turn of the event loop share a transaction; then one sync at a
 * time makes durable what was committed before it began, and only then are those groups answered, refusals and repeats
 * among them, because they too stand on what must not be lost. What arrives during a sync waits for the next one, so a
 * slower disk makes larger groups. A transaction that fails is tried once more, each append alone; a sync never is.
 */
export class GroupCommit {
  private waiting: Waiting[] = [];
  private readonly committed: Committed[] = [];
  private scheduled = false;
  private syncing: Promise<void> | undefined;
  private durable: number;
  private refusal: HarkError | undefined;
  private failed = false;
  private paused = false;

  constructor(private readonly parts: GroupCommitParts) {
    this.durable = parts.writer.head;
  }

  /** Position up to which the disk has the log. */
  get durableHead(): number {
    return this.durable;
  }

  /** `apply` runs within a transaction that others share. Rejects as `unavailable`. */
  run(apply: () => AppendOutcome): Promise<AppendOutcome> {
    if (this.refusal !== undefined) return Promise.reject(this.refusal);
    return new Promise((resolve, reject) => {
      this.waiting.push({ apply, resolve, reject });
      this.schedule();
    });
  }

  /** No transaction until `resume`, but for `flush` and `close`; what arrives waits. */
  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
    this.schedule();
  }

  /** Commits what waits now instead of at the end of this turn; resolves when all of it has been answered. */
  async flush(): Promise<void> {
    while (this.waiting.length > 0) this.commitNext();
    const { head } = this.parts.writer;
    while (this.syncing !== undefined && this.durable < head) await this.syncing;
  }

  /** From now on appends are refused; resolves when those before are answered and no sync is under way. */
  async close(): Promise<void> {
    this.refusal ??= new HarkError('unavailable', 'event-store.closed', 'the event log is closed');
    await this.flush();
    await this.syncing;
  }

  /**
   * The disk failed to sync, here or elsewhere: all who wait are refused, and whoever comes. The system forgets what it
   * could not write, so that a second sync would succeed without it: there is none.
   */
  fail(cause: unknown): void {
    if (this.failed) return;
    this.failed = true;
    const error = notDurable(cause);
    this.refusal = error;
    for (const group of this.committed.splice(0)) group.reject(error);
    for (const append of this.waiting.splice(0)) append.reject(error);
    this.parts.onFailed(error);
  }

  /** During a sync only a full group is worth a transaction: a smaller one would wait for the next sync anyway. */
  private schedule(): void {
    if (this.scheduled || this.paused || this.waiting.length === 0) return;
    if (this.syncing !== undefined && this.waiting.length < groupAppendsMax) return;
    this.scheduled = true;
    setImmediate(() => {
      this.scheduled = false;
      if (!this.paused) this.commitNext();
    });
  }

  private commitNext(): void {
    const group = this.waiting.splice(0, groupAppendsMax);
    if (group.length === 0) return;
    try {
      this.commit(group);
    } catch (error) {
      if (group.length === 1) group[0]?.reject(notWritten(error));
      else for (const alone of group) this.commitAlone(alone);
    }
    this.parts.writer.writeIndexWhenDue();
    this.parts.onWritten(this.parts.writer.takeBytes());
    this.sync();
    this.schedule();
  }

  private commitAlone(append: Waiting): void {
    try {
      this.commit([append]);
    } catch (error) {
      append.reject(notWritten(error));
    }
  }

  private commit(group: readonly Waiting[]): void {
    const { writer } = this.parts;
    const outcomes = writer.transaction(() => group.map(({ apply }) => apply()));
    this.committed.push({
      head: writer.head,
      appends: group.length,
      answer: () => group.forEach(({ resolve }, index) => resolve(outcomes[index] as AppendOutcome)),
      reject: (error) => group.forEach(({ reject }) => reject(error)),
    });
  }

  private sync(): void {
    this.answerDurable();
    if (this.committed.length === 0 || this.syncing !== undefined || this.failed) return;
    const { head } = this.parts.writer;
    const alone = this.waiting.length === 0 && this.committed.length === 1 && this.committed[0]?.appends === 1;
    this.syncing = this.parts.sync(alone).then(
      () => this.synced(head),
      (error: unknown) => {
        this.syncing = undefined;
        this.fail(error);
      },
    );
  }

  private synced(head: number): void {
    this.syncing = undefined;
    if (this.failed) return;
    this.durable = head;
    this.answerDurable();
    this.parts.onDurable(head);
    this.sync();
    this.schedule();
  }

  private answerDurable(): void {
    while (this.committed[0] !== undefined && this.committed[0].head <= this.durable) this.committed.shift()?.answer();
  }
}

const notWritten = (cause: unknown): HarkError =>
  new HarkError('unavailable', 'event-store.not-written', 'the event log could not be written', {}, { cause });

const notDurable = (cause: unknown): HarkError => {
  const message = 'the disk failed to keep what was written: the event log takes no more appends until it is reopened';
  return new HarkError('unavailable', 'event-store.not-durable', message, {}, { cause });
};
