import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Disposables, HarkError, preciseNowMs } from '@hark/kernel';
import { call, expecting } from '../demo/http';
import { readRunFile } from '../up/run-file';
import { readSettings } from '../up/settings';
import { gatherAudience } from './audience';
import { BarkStream } from './bark-stream';
import { BenchChild } from './bench-child';
import { BenchOptions } from './bench-options';
import { describeMachine, Machine } from './machine';
import { LoadResult, PushLoad } from './push-load';
import { untilQuiet } from './quiet';
import { gatherTroubled, setTrouble, triesSince, Troubled, Try } from './troubled';

const hubReadyMs = 60_000;
const minuteMs = 60_000;
/** How far the hub's clock is moved on for the second and the third try: past the wait and its random addition. */
const steps = [5.6, 33.5].map((minutes) => minutes * minuteMs);
/** The schedule's waits between tries, in minutes. */
export const waitsMinutes = [5, 30] as const;
const deadlineMs = 60_000;
const pollMs = 250;
const warmUp = { ratePerSecond: 50, seconds: 2 };

/** What refusing mailboxes and servers cost everybody else, and what became of the refused pushes. */
export interface TroubleReport {
  readonly machine: Machine;
  readonly troubled: number;
  readonly people: number;
  readonly without: LoadResult;
  readonly with: LoadResult;
  /** End-to-end p99 of the others with the trouble, divided by that without. */
  readonly p99Ratio: number;
  /** Tries at one address before its server relented: the fewest and the most. */
  readonly tries: { readonly least: number; readonly most: number };
  /** The shortest time between two tries at one address, by the hub's clock, after the first and second; minutes. */
  readonly shortestWaitsMinutes: readonly number[];
  /** Tries that came earlier than the schedule allows. */
  readonly early: number;
  readonly delivered: number;
  /** Delivered more than once. */
  readonly doubled: number;
}

/**
 * Pushes to healthy phones at a steady rate, twice: once alone, and once while `troubled` further addresses refuse what
 * they are sent and are tried again. Then the refusing servers relent.
 */
export async function benchTrouble(
  options: BenchOptions,
  started: Disposables,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<TroubleReport> {
  say("Starting a hub of the bench's own, whose clock can be moved …");
  const home = mkdtempSync(join(tmpdir(), 'hark-bench-'));
  started.add({ close: () => rmSync(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }) });
  const hub = started.add(await BenchChild.start('trouble-hub', home, hubReadyMs));
  const { url, sandboxUrl } = readRunFile(readSettings({ HARK_HOME: home }));
  if (sandboxUrl === undefined) throw new HarkError('refused', 'bench.no-sandbox', 'the hub has no sandbox');
  const { ratePerSecond, seconds } = options;
  say(`Preparing ${options.people} people, and ${options.troubled} whose providers will refuse …`);
  const audience = await gatherAudience(url, sandboxUrl, options.people);
  const troubled = await gatherTroubled(url, sandboxUrl, options.troubled);
  const stream = started.add(await BarkStream.open(sandboxUrl));
  const pushes = started.add(new PushLoad(url, audience, stream));
  const load = async () => {
    await untilQuiet(hub.pid, signal);
    signal.throwIfAborted();
    return pushes.run({ ratePerSecond, seconds, signal });
  };
  say('Warming up …');
  await pushes.run({ ...warmUp, signal });
  say(`Pushing ${ratePerSecond} a second for ${seconds} s, all being well …`);
  const without = await load();

  say(`The same, while ${troubled.length} others are refused and tried again …`);
  const { after } = await triesSince(sandboxUrl, 0);
  await setTrouble(sandboxUrl, true);
  await untilQuiet(hub.pid, signal);
  const time = new HubTime(hub);
  const seen = new Tries(sandboxUrl, after, troubled, deadlineMs);
  const [withTrouble] = await Promise.all([
    pushes.run({ ratePerSecond, seconds, signal }),
    trouble(url, troubled, time, seen, (seconds * 1_000) / 3, signal),
  ]);
  const refused = seen.counts();

  say('The refusing servers relent …');
  await setTrouble(sandboxUrl, false);
  await time.advance(steps[1]!);
  await seen.untilTaken(signal);
  const { shortest, early } = waitsOf(seen.byAddress(), time);
  return {
    machine: describeMachine(),
    troubled: troubled.length,
    people: audience.length,
    without,
    with: withTrouble,
    p99Ratio: (withTrouble.endToEndMs.p99 ?? NaN) / (without.endToEndMs.p99 ?? NaN),
    tries: { least: Math.min(...refused), most: Math.max(...refused) },
    shortestWaitsMinutes: shortest,
    early,
    delivered: [...seen.byAddress().values()].filter((tries) => tries.some(({ taken }) => taken)).length,
    doubled: [...seen.byAddress().values()].filter((tries) => tries.filter(({ taken }) => taken).length > 1).length,
  };
}

/** The hub's clock, and how far ahead it was when. */
class HubTime {
  private readonly moves: { atMs: number; aheadMs: number }[] = [{ atMs: 0, aheadMs: 0 }];

  constructor(private readonly hub: BenchChild) {}

  async advance(advanceMs: number): Promise<void> {
    // Noted before the hub is told: a try in between then looks early, never late.
    this.moves.push({ atMs: preciseNowMs(), aheadMs: this.moves.at(-1)!.aheadMs + advanceMs });
    await this.hub.tell({ advanceMs });
  }

  /** The hub's time for a time of ours. */
  of(atMs: number): number {
    return atMs + this.moves.findLast((move) => move.atMs <= atMs)!.aheadMs;
  }
}

/**
 * Sends one push to each of them within `withinMs` and, when all were tried, lets all second tries come at once. Not
 * the third ones: a server's budget of error replies runs in real time, in which all of this is a moment.
 */
async function trouble(
  url: string,
  troubled: readonly Troubled[],
  time: HubTime,
  seen: Tries,
  withinMs: number,
  signal: AbortSignal,
): Promise<void> {
  const begunMs = preciseNowMs();
  for (const [index, { key }] of troubled.entries()) {
    const dueMs = begunMs + (index / troubled.length) * withinMs;
    await pause(Math.max(0, dueMs - preciseNowMs()), undefined, { signal });
    expecting(await call(url, 'POST', '/v1/pushes', { token: key, body: { title: '工单', body: '已派单' } }), 202);
  }
  await seen.until(1, signal);
  await time.advance(steps[0]!);
  await seen.until(2, signal);
}

/** The tries at each address, from the sandbox's journal. */
class Tries {
  private readonly found = new Map<string, Try[]>();

  constructor(
    private readonly sandboxUrl: string,
    private after: number,
    troubled: readonly Troubled[],
    private readonly waitMs: number,
  ) {
    for (const { address } of troubled) this.found.set(address, []);
  }

  byAddress(): ReadonlyMap<string, readonly Try[]> {
    return this.found;
  }

  counts(): number[] {
    return [...this.found.values()].map(({ length }) => length);
  }

  /** Waits until each was tried that often; after the deadline gives up, and the report shows it. */
  until(times: number, signal: AbortSignal): Promise<void> {
    return this.wait(() => this.counts().every((count) => count >= times), signal);
  }

  untilTaken(signal: AbortSignal): Promise<void> {
    return this.wait(() => [...this.found.values()].every((tries) => tries.some(({ taken }) => taken)), signal);
  }

  private async wait(isSo: () => boolean, signal: AbortSignal): Promise<void> {
    for (const giveUpAtMs = preciseNowMs() + this.waitMs; preciseNowMs() < giveUpAtMs;) {
      const { tries, after } = await triesSince(this.sandboxUrl, this.after);
      this.after = after;
      for (const one of tries) this.found.get(one.address)?.push(one);
      if (isSo()) return;
      await pause(pollMs, undefined, { signal });
    }
  }
}

function waitsOf(byAddress: ReadonlyMap<string, readonly Try[]>, time: HubTime) {
  const shortest = waitsMinutes.map(() => Infinity);
  let early = 0;
  for (const tries of byAddress.values()) {
    tries.slice(1).forEach(({ atMs }, index) => {
      const minutes = (time.of(atMs) - time.of(tries[index]!.atMs)) / minuteMs;
      if (index < shortest.length) shortest[index] = Math.min(shortest[index]!, minutes);
      if (minutes < (waitsMinutes[index] ?? 60)) early += 1;
    });
  }
  return { shortest, early };
}
