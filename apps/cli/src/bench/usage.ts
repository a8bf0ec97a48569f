import { readdirSync, readFileSync } from 'node:fs';
import { familyOf, parseKilobytes, parseStat, ProcStat } from './proc-stat';

/** CPU time spent so far and memory held now, by one process or a group. */
export interface Usage {
  readonly name: string;
  readonly pids: readonly number[];
  readonly cpuMs: number;
  readonly memoryBytes: number;
}

/** Threads of one process that have a name of their own, with the CPU time they have spent. */
export type ThreadUsage = ReadonlyMap<string, number>;

/** The usage of `root` and its descendants by part: the root, each service, PostgreSQL as one. */
export function familyUsage(root: number, rootName: string): readonly Usage[] {
  const family = familyOf(root, allProcesses());
  const groups = Map.groupBy(family, (member) => (member.id === root ? rootName : kindOf(member)));
  return [...groups].map(([name, members]) => ({
    name,
    pids: members.map(({ id }) => id),
    // The CPU time of ended processes is counted with their parent, which is of the same part or the root.
    cpuMs: sum(members, ({ cpuMs, endedChildrenCpuMs }) => cpuMs + endedChildrenCpuMs),
    memoryBytes: sum(members, ({ id }) => memoryOf(id)),
  }));
}

/** CPU time of one process alone; 0 when it is gone. */
export const cpuMsOf = (pid: number): number => statOf(`/proc/${pid}/stat`)?.cpuMs ?? 0;

/** CPU time by the names of a process's threads; threads of one name are counted together. */
export function threadUsage(pid: number): ThreadUsage {
  const usage = new Map<string, number>();
  for (const thread of entries(`/proc/${pid}/task`)) {
    const stat = statOf(`/proc/${pid}/task/${thread}/stat`);
    if (stat) usage.set(stat.name, (usage.get(stat.name) ?? 0) + stat.cpuMs);
  }
  return usage;
}

function allProcesses(): readonly ProcStat[] {
  return entries('/proc').flatMap((pid) => (/^\d+$/.test(pid) ? (statOf(`/proc/${pid}/stat`) ?? []) : []));
}

function statOf(path: string): ProcStat | undefined {
  const text = readOrNothing(path);
  return text === undefined ? undefined : parseStat(text);
}

function kindOf({ id, name }: ProcStat): string {
  const command = (readOrNothing(`/proc/${id}/cmdline`) ?? '').replaceAll('\0', ' ');
  return (
    /apps\/([a-z]+)\/dist\/main\.js/.exec(command)?.[1] ??
    (/\bpostgres\b/.test(command) || name === 'postgres' ? 'postgres' : name)
  );
}

/**
 * A process's proportional set size, which counts pages shared by PostgreSQL's processes once; else its resident size.
 */
function memoryOf(pid: number): number {
  const shared = parseKilobytes(readOrNothing(`/proc/${pid}/smaps_rollup`) ?? '', 'Pss');
  return shared ?? parseKilobytes(readOrNothing(`/proc/${pid}/status`) ?? '', 'VmRSS') ?? 0;
}

// A process may end between being listed and being read.
function readOrNothing(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function entries(path: string): readonly string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

const sum = <T>(all: readonly T[], of: (one: T) => number): number => all.reduce((total, one) => total + of(one), 0);
