import { slipsBetween } from '@hark/kernel';
import { Route } from '../routes/route';

/** How many routes one answer names. */
const namedMax = 3;
/** Longer addresses are not compared: no route has as many parts or as long ones. */
const partsMax = 8;
const partCharsMax = 40;
/** How many letters of an address may be wrong, missing, extra or swapped for a guess. */
const slipsMax = 2;

/** What other hubs call it, by the part of our addresses. */
const calledElsewhere: Readonly<Record<string, readonly string[]>> = {
  pushes: ['messages', 'message', 'notify', 'notification', 'notifications', 'publish', 'send', 'alerts', 'events'],
  inbox: ['messages', 'message', 'notifications', 'mailbox', 'feed'],
  bindings: ['subscriptions', 'subscribers', 'consents', 'grants', 'authorizations'],
  endpoints: ['channels', 'devices'],
  sessions: ['login', 'auth', 'token', 'tokens'],
  me: ['user', 'users', 'profile', 'account'],
  apps: ['applications', 'clients'],
};

/** Which addresses of the route table come near to one that is not in it. Never names what somebody sent. */
export class NearRoutes {
  private readonly known: readonly { readonly row: Route; readonly parts: readonly string[] }[];

  constructor(routes: readonly Route[]) {
    this.known = routes.map((row) => ({ row, parts: partsOf(row.path) }));
  }

  /** The nearest rows as `POST /v1/pushes`, nearest first; those with the method that was tried, where there are any. */
  of(method: string, url: string): string[] {
    const asked = asOurs(partsOf(url.split('?', 1)[0]!));
    if (asked.length > partsMax || asked.some(({ length }) => length > partCharsMax)) return [];
    const found = this.nearTo(asked);
    // What is unknown further down an address is perhaps looked for at its beginning.
    const near = found.length > 0 ? found : this.nearTo(asked.slice(0, 2));
    const named = near.filter(({ row }) => row.method === method);
    return (named.length > 0 ? named : near).slice(0, namedMax).map(({ row }) => `${row.method} ${row.path}`);
  }

  private nearTo(asked: readonly string[]) {
    return this.known
      .filter(({ parts }) => parts.length === asked.length)
      .map(({ row, parts }) => ({ row, slips: slipsOf(asked, parts) }))
      .filter(({ slips }) => slips <= slipsMax)
      .sort((one, other) => one.slips - other.slips);
  }
}

const partsOf = (path: string): string[] => path.split('/').filter((part) => part !== '');

/** An address as ours begin: `/api/v1/…`, `/v2/…` and `/…` meant `/v1/…`. */
function asOurs(parts: readonly string[]): string[] {
  const [first, ...others] = parts[0]?.toLowerCase() === 'api' ? parts.slice(1) : parts;
  if (first === undefined) return [];
  return ['v1', ...(/^v\d$/i.test(first) ? others : [first, ...others])];
}

const slipsOf = (asked: readonly string[], parts: readonly string[]): number =>
  parts.reduce((sum, part, at) => sum + partSlips(asked[at]!.toLowerCase(), part), 0);

function partSlips(asked: string, part: string): number {
  if (part.startsWith(':') || asked === part) return 0;
  if (calledElsewhere[part]?.includes(asked)) return 1;
  const slips = slipsBetween(asked, part);
  // In a short word two wrong letters make another word.
  return slips <= Math.floor(part.length / 2) ? slips : Infinity;
}
