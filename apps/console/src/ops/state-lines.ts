/** One value of a state: where it stands in it, what it is, and what it was before where that is another. */
export interface StateLine {
  readonly path: string;
  /** Absent: it is gone. */
  readonly value?: string;
  /** Of a line that the event changed: what it was, or that it was not there. */
  readonly was?: string | null;
}

/** A state value by value, in its own order, beside what it was before; what is gone stands last. */
export function stateLines(before: object, state: object): StateLine[] {
  const [was, is] = [valuesOf(before), valuesOf(state)];
  const gone = [...was].filter(([path]) => !is.has(path));
  return [
    ...[...is].map(([path, value]) => ({
      path,
      value,
      ...(was.get(path) !== value && { was: was.get(path) ?? null }),
    })),
    ...gone.map(([path, value]) => ({ path, was: value })),
  ];
}

function valuesOf(value: unknown, at = ''): Map<string, string> {
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  if (entries.length === 0) return new Map(at === '' ? [] : [[at, JSON.stringify(value)]]);
  return new Map(entries.flatMap(([name, one]) => [...valuesOf(one, at === '' ? name : `${at}.${name}`)]));
}
