/** One entry of the tree. A subscription stands in the tree once, under its own pattern. */
export interface Interest {
  readonly subject: string;
  /** The queue group: of all members of one name, whatever their patterns, one gets each message. */
  readonly queue: string | undefined;
}

/** Who gets a message: every one of `all`, and one member of each of `groups`. A snapshot: entries may have ended since. */
export interface Matches<T> {
  readonly all: readonly T[];
  readonly groups: readonly (readonly T[])[];
}

/** True if one may subscribe to it: no empty token, and `>` as a token only at the end. `*` or `>` inside a token is text. */
export function isSubscribable(subject: string): boolean {
  const tokens = subject.split('.');
  const last = tokens.length - 1;
  return tokens.every((token, index) => token !== '' && (token !== '>' || index === last));
}

/** True if it names exactly one subject: no empty token and no wildcard. Only pedantic clients are told. */
export const isLiteral = (subject: string): boolean =>
  subject.split('.').every((token) => token !== '' && token !== '*' && token !== '>');

/** Bounds the memory that remembered matches take; one-time reply subjects pass through it. */
const MAX_REMEMBERED = 4_096;

class Level<T> {
  readonly children = new Map<string, Level<T>>();
  readonly entries = new Set<T>();

  get isEmpty(): boolean {
    return this.entries.size === 0 && this.children.size === 0;
  }
}

/**
 * The subscriptions of a broker by pattern, answering which of them a subject meets. Costs one step per token and
 * wildcard branch; answers are remembered until a subscription that could change them comes or goes.
 */
export class SubjectTree<T extends Interest> {
  private readonly root = new Level<T>();
  private readonly remembered = new Map<string, Matches<T>>();
  private count = 0;

  /** How many subscriptions there are. */
  get size(): number {
    return this.count;
  }

  /** Adds an entry whose subject `isSubscribable`. */
  add(entry: T): void {
    let level = this.root;
    for (const token of entry.subject.split('.')) {
      let next = level.children.get(token);
      if (next === undefined) level.children.set(token, (next = new Level()));
      level = next;
    }
    if (level.entries.has(entry)) return;
    level.entries.add(entry);
    this.count += 1;
    this.forget(entry.subject);
  }

  /** Takes an entry out again; one that is not there is ignored. */
  remove(entry: T): void {
    const path: { level: Level<T>; token: string }[] = [];
    let level = this.root;
    for (const token of entry.subject.split('.')) {
      path.push({ level, token });
      const next = level.children.get(token);
      if (next === undefined) return;
      level = next;
    }
    if (!level.entries.delete(entry)) return;
    this.count -= 1;
    for (let step = path.pop(); step !== undefined && level.isEmpty; step = path.pop()) {
      step.level.children.delete(step.token);
      level = step.level;
    }
    this.forget(entry.subject);
  }

  /** Who listens to a published subject. A subject with an empty token meets nobody, not even `>`. */
  match(subject: string): Matches<T> {
    const known = this.remembered.get(subject);
    if (known !== undefined) return known;
    const found: T[] = [];
    const tokens = subject.split('.');
    if (!tokens.includes('')) collect(this.root, tokens, 0, found);
    const matches = arrange(found);
    if (this.remembered.size >= MAX_REMEMBERED) this.remembered.clear();
    this.remembered.set(subject, matches);
    return matches;
  }

  private forget(subject: string): void {
    if (isLiteral(subject)) this.remembered.delete(subject);
    else this.remembered.clear();
  }
}

/** Depth is bounded by the tokens of a stored pattern, and those by the longest control line. */
function collect<T>(level: Level<T>, tokens: readonly string[], index: number, found: T[]): void {
  const rest = level.children.get('>');
  if (rest !== undefined && index < tokens.length) found.push(...rest.entries);
  const token = tokens[index];
  if (token === undefined) {
    found.push(...level.entries);
    return;
  }
  // Published as text, `*` and `>` are the wildcard branches themselves, which are taken anyway.
  const branches = token === '*' || token === '>' ? ['*'] : index === tokens.length - 1 ? [token, '*'] : ['*', token];
  for (const branch of branches) {
    const next = level.children.get(branch);
    if (next !== undefined) collect(next, tokens, index + 1, found);
  }
}

function arrange<T extends Interest>(found: readonly T[]): Matches<T> {
  const groups = new Map<string, T[]>();
  const all: T[] = [];
  for (const entry of found) {
    if (entry.queue === undefined) {
      all.push(entry);
      continue;
    }
    const members = groups.get(entry.queue);
    if (members === undefined) groups.set(entry.queue, [entry]);
    else members.push(entry);
  }
  return { all, groups: [...groups.values()] };
}
