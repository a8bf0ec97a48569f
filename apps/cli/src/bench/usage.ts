import { readdirSync, readFileSync } from 'node:fs';
import { familyOf, parseKilobytes, parseStat, ProcStat } from './proc-stat';

/** CPU time spent so far and memory held now, by one process or a group. */
export interface Usage {
  readonly name: string;
  readonly pids: readonly number[];
  readonly cpuMs: number;
  readonly memoryBytes: number;
}

/** CPU time spent so far by the threads of one name in one part. Linux cuts names after 15 characters. */
export interface ThreadUsage {
  readonly part: string;
  readonly thread: string;
  readonly cpuMs: number;
}

/** The usage of `root` and its descendants by part: the root, each service, PostgreSQL as one. */
export function familyUsage(root: number, rootName: string): readonly Usage[] {
  return [...partsOf(root, rootName)].map(([name, members]) => ({
    name,
    pids: members.map(({ id }) => id),
    // The CPU time of ended processes is counted with their parent, which is of the same part or the root.
    cpuMs: sum(members, ({ cpuMs, endedChildrenCpuMs }) => cpuMs + endedChildrenCpuMs),
    memoryBytes: sum(members, ({ id }) => memoryOf(id)),
  }));
}

/** CPU time of one process alone; 0 when it is gone. */
export const cpuMsOf = (pid: number): number => statOf(`/proc/${pid}/stat`)?.cpuMs ?? 0;

/** The threads of `root` and its descendants, by part and name; PostgreSQL's processes have one each and are left out. */
export function familyThreads(root: number, rootName: string): readonly ThreadUsage[] {
  return [...partsOf(root, rootName)].flatMap(([part, members]) => {
    if (part === postgres) return [];
    const threads = Map.groupBy(members.flatMap(threadsOf), ({ name }) => name);
    return [...threads].map(([thread, stats]) => ({ part, thread, cpuMs: sum(stats, ({ cpuMs }) => cpuMs) }));
  });
}

function partsOf(root: number, rootName: string): ReadonlyMap<string, readonly ProcStat[]> {
  const family = familyOf(root, allProcesses());
  return Map.groupBy(family, (member) => (member.id === root ? rootName : kindOf(member)));
}

const threadsOf = ({ id }: ProcStat): readonly ProcStat[] =>
  entries(`/proc/${id}/task`).flatMap((thread) => statOf(`/proc/${id}/task/${thread}/stat`) ?? []);

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
    (/\bpostgres\b/.test(command) || name === postgres ? postgres : name)
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

const postgres = 'postgres';
const sum = <T>(all: readonly T[], of: (one: T) => number): number => all.reduce((total, one) => total + of(one), 0);
