import type { FoldedCategory } from '@hark/contracts';
import type { DomainEvent, Fold } from '@hark/kernel';
import { masked } from './masked';

/** The states of a stream before and after its last event. */
export type StateOf = (events: readonly DomainEvent[]) => readonly [before: unknown, after: unknown];

/** How a service adds up each of its streams. */
export type StatesOf<Service extends string> = Readonly<Record<FoldedCategory<Service>, StateOf>>;

/** Adds events up by this fold, the one that the stream's decisions are made on. */
export const foldedBy =
  <S, E extends DomainEvent>({ initial, evolve }: Fold<S, E>): StateOf =>
  (events) => {
    const before = (events.slice(0, -1) as E[]).reduce(evolve, initial);
    const last = events.at(-1) as E | undefined;
    return [before, last === undefined ? before : evolve(before, last)];
  };

/** So many entries of a list are shown. Of a longer one the latest, which stand last. */
const entriesMax = 100;

/** A state as operators see it: plain JSON, masked as events are, lists cut. A state that is itself a list is `items` of it. */
export function shownState(state: unknown): Record<string, unknown> {
  const shown = masked(plain(state));
  return typeof shown === 'object' && shown !== null && !Array.isArray(shown)
    ? (shown as Record<string, unknown>)
    : { items: shown };
}

function plain(value: unknown): unknown {
  if (value instanceof Map) return plain(Object.fromEntries(value));
  if (value instanceof Set) return plain([...value]);
  if (Array.isArray(value)) return value.slice(-entriesMax).map(plain);
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, one]) => one !== undefined);
  return Object.fromEntries(entries.slice(-entriesMax).map(([name, one]) => [name, plain(one)]));
}
