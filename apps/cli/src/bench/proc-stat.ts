/** The fields of `/proc/<pid>/stat` that the bench reads (proc(5)), of a process or thread. */
export interface ProcStat {
  readonly id: number;
  readonly name: string;
  readonly parent: number;
  /** CPU time of its own, user and system together. */
  readonly cpuMs: number;
  /** CPU time of its children that have ended. */
  readonly endedChildrenCpuMs: number;
}

/** The kernel counts in hundredths of a second towards programs, whatever its own clock (USER_HZ). */
const tickMs = 10;

/** Parses one line of `stat`. The name may hold blanks and brackets, so the fields are counted from its last bracket. */
export function parseStat(text: string): ProcStat {
  const open = text.indexOf('(');
  const close = text.lastIndexOf(')');
  if (open < 0 || close < open) throw new Error('not a line of /proc/<pid>/stat');
  const fields = text
    .slice(close + 2)
    .trim()
    .split(' ');
  const ticks = (first: number): number => Number(fields[first]) + Number(fields[first + 1]);
  return {
    id: Number(text.slice(0, open)),
    name: text.slice(open + 1, close),
    parent: Number(fields[1]),
    cpuMs: ticks(11) * tickMs,
    endedChildrenCpuMs: ticks(13) * tickMs,
  };
}

/** A line of `/proc/<pid>/status` or `smaps_rollup` in bytes, such as `VmRSS` or `Pss`; `undefined` when it is not there. */
export function parseKilobytes(text: string, name: string): number | undefined {
  const found = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1];
  return found === undefined ? undefined : Number(found) * 1_024;
}

/** `root` and everything below it, in the order found. Processes that lost their parent are not among them. */
export function familyOf(root: number, all: readonly ProcStat[]): readonly ProcStat[] {
  const byParent = Map.groupBy(all, ({ parent }) => parent);
  const family = all.filter(({ id }) => id === root);
  // The list grows while it is walked: each process's children are appended.
  for (const member of family) family.push(...(byParent.get(member.id) ?? []));
  return family;
}
