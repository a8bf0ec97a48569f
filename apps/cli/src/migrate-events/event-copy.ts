import { ANY } from '@eventstore/db-client';
import { AppendRuns, type Run } from './append-runs';
import { BatchWriter } from './batch-writer';
import { type CopiedEvent, differenceOf, isTombstone, type LogPosition } from './copied-event';
import { copiedEvents } from './copied-events';
import { CopyPlan } from './copy-plan';
import type { CopyState, CopyStateFile } from './copy-state-file';
import { foreignEvent } from './foreign-event';
import { PlanCursor } from './plan-cursor';
import type { StoreConnection } from './store-connection';

const stateEveryMs = 500;

/** The two sides and the settings of a copy. */
export interface CopyParts {
  readonly source: StoreConnection;
  readonly target: StoreConnection;
  /** The source is copied up to here. */
  readonly head: LogPosition;
  readonly stateFile: CopyStateFile | undefined;
  /** Gets lines for people. */
  readonly report: (line: string) => void;
  /** Gets the number of events that the target had already, and of those written so far. */
  readonly progress: (found: number, written: number) => void;
}

/** The source's events in the order to write them; `after` skips those up to and including that place. */
export function planOf(source: StoreConnection, head: LogPosition, after?: LogPosition): CopyPlan {
  const events = copiedEvents(source.readAll(after), { head, ...(after && { after }) });
  return new CopyPlan(events, async ({ streamId, revision }) => {
    const last = await source.lastOf(streamId);
    return last !== undefined && last.revision <= revision;
  });
}

/**
 * Writes to the target what it lacks. What it holds must be the beginning of the plan, event by event; that is how an
 * interrupted copy goes on. Throws `refused` when it holds anything else.
 */
export class EventCopy {
  private readonly plan: CopyPlan;
  private readonly cursor: PlanCursor;
  private found = 0;
  private written = 0;
  private savedAtMs = Date.now();

  private constructor(
    private readonly parts: CopyParts,
    private readonly from: CopyState | undefined,
  ) {
    this.plan = planOf(parts.source, parts.head, from?.source);
    this.cursor = new PlanCursor(this.plan.units());
  }

  /** Resolves when everything up to `head` is durable in the target. */
  static async run(parts: CopyParts): Promise<void> {
    const state = await trustedState(parts);
    if (state !== undefined) parts.report(`going on after position ${state.source.commit}, as the state file says`);
    const copy = new EventCopy(parts, state);
    try {
      await copy.findEnd();
      await copy.writeRest();
    } finally {
      await copy.cursor.close();
    }
  }

  private async findEnd(): Promise<void> {
    const { target, progress } = this.parts;
    const after = this.from?.target;
    for await (const copy of copiedEvents(target.readAll(after), { ...(after && { after }) })) {
      const original = await this.cursor.nextEvent();
      if (original === undefined || differenceOf(original, copy) !== undefined) throw foreignEvent(copy, original);
      progress((this.found += 1), 0);
    }
  }

  private async writeRest(): Promise<void> {
    const writer = await BatchWriter.open(this.parts.target);
    const runs = new AppendRuns();
    try {
      let place: CopiedEvent | undefined;
      for (let unit = await this.cursor.nextUnit(); unit !== undefined; unit = await this.cursor.nextUnit()) {
        place = this.placeAfter(unit);
        await this.write(writer, runs.add(unit));
        if (place === undefined || !this.isSaveDue()) continue;
        await this.write(writer, runs.end());
        await this.save(writer, place);
      }
      await this.write(writer, runs.end());
      await this.save(writer, place);
    } finally {
      writer.close();
    }
  }

  private async write(writer: BatchWriter, run: Run | undefined): Promise<void> {
    if (run === undefined) return;
    const [first] = run;
    if (isTombstone(first)) {
      // Outside the stream of appends: they must all have been written before it.
      await writer.drained();
      await this.parts.target.client.tombstoneStream(first.streamId, { expectedRevision: ANY });
    } else await writer.append(run);
    this.written += run.length;
    this.parts.progress(this.found, this.written);
  }

  /** The event after which to go on once everything up to this unit is written; ask before the next unit is written. */
  private placeAfter(unit: readonly CopiedEvent[]): CopiedEvent | undefined {
    const last = unit.at(-1);
    return last !== undefined && !isTombstone(last) && this.plan.isCompleteUpTo(last) ? last : undefined;
  }

  private isSaveDue(): boolean {
    return this.parts.stateFile !== undefined && Date.now() - this.savedAtMs >= stateEveryMs;
  }

  private async save(writer: BatchWriter, place: CopiedEvent | undefined): Promise<void> {
    await writer.drained();
    this.savedAtMs = Date.now();
    const target = writer.lastPosition;
    if (place === undefined || target === undefined) return;
    this.parts.stateFile?.write({ source: place.position, target, id: place.id });
  }
}

/** The saved state, if both sides still hold that event at that place. */
async function trustedState({ stateFile, source, target }: CopyParts): Promise<CopyState | undefined> {
  const state = stateFile?.read();
  if (state === undefined) return undefined;
  const isThere = async (store: StoreConnection, position: LogPosition): Promise<boolean> => {
    try {
      for await (const event of store.readAll(position, 1n)) return event.id === state.id;
    } catch {
      // A position in the middle of a record: certainly another log.
    }
    return false;
  };
  return (await isThere(source, state.source)) && (await isThere(target, state.target)) ? state : undefined;
}
