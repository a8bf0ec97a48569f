import { useRef, useState } from 'react';
import { answered, api, type Schemas } from '../api/client';

type Trial = Schemas['RulesTrial'];

/** What operators want the rules to be: what is added, and what of the built-in ones no longer counts. */
export type RulesDraft = Pick<Schemas['Rules'], 'added' | 'removed'> & Required<Pick<Schemas['Rules'], 'together'>>;

/** What a dry run found so far. */
export interface Tried {
  readonly seen: number;
  readonly isOver: boolean;
  readonly changed: Trial['changed'];
  readonly items: Trial['items'];
}

/** The most that is shown; all are counted. */
const shownMax = 200;
/** The hub ends at 10,000 texts of 500 a part; this many parts are never needed. */
const partsMax = 40;
const none: Tried = { seen: 0, isOver: false, changed: { blocked: 0, held: 0, eased: 0, released: 0 }, items: [] };

/** A dry run, part by part until the hub says that it was all, or another one begins. */
export function useRulesTrial() {
  const [tried, setTried] = useState<Tried>();
  const [error, setError] = useState<unknown>();
  const [isRunning, setRunning] = useState(false);
  const latest = useRef(0);
  const clear = () => {
    latest.current += 1;
    setTried(undefined);
    setError(undefined);
    setRunning(false);
  };
  const run = (draft: RulesDraft) => {
    clear();
    setRunning(true);
    const mine = latest.current;
    const isMine = () => latest.current === mine;
    tryAll(draft, (so) => isMine() && setTried(so), isMine)
      .catch((failure: unknown) => isMine() && setError(failure))
      .finally(() => isMine() && setRunning(false));
  };
  return { tried, error, isRunning, run, clear };
}

async function tryAll(draft: RulesDraft, tell: (tried: Tried) => unknown, goesOn: () => boolean): Promise<void> {
  let tried = none;
  let cursor: string | null = null;
  for (let parts = 0; parts < partsMax && goesOn(); parts += 1) {
    const body = { ...draft, ...(cursor !== null && { cursor }) };
    const part: Trial = await answered(api.POST('/v1/ops/rules/dry-run', { body }));
    const { blocked, held, eased, released } = part.changed;
    tried = {
      seen: part.seen,
      isOver: part.nextCursor === null,
      changed: {
        blocked: tried.changed.blocked + blocked,
        held: tried.changed.held + held,
        eased: tried.changed.eased + eased,
        released: tried.changed.released + released,
      },
      items: [...tried.items, ...part.items].slice(0, shownMax),
    };
    tell(tried);
    cursor = part.nextCursor;
    if (cursor === null) return;
  }
}
