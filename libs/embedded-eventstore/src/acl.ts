import type { AppendOutcome, EventLog } from './event-log';
import { lastMetadata } from './last-event';
import { parseStreamAcl } from './stream-metadata';
import { baseOfMetastream, isMetastream } from './system-streams';

/** What the `$acl` of a stream says about writing: `$w` to the stream, `$d` to delete it, `$mw` to write its metadata. */
export type AclKey = '$w' | '$d' | '$mw';

const everybody = '$all';
const admins = '$admins';
const denied: AppendOutcome = { is: 'access-denied' };

/** The groups that EventStoreDB 24.10 starts with. */
const groupsOf = (login: string): readonly string[] => {
  if (login === 'admin') return [admins];
  return login === 'ops' ? ['$ops'] : [];
};

/**
 * The log as somebody who logged in as `login` may write to it. What a stream's `$acl` does not name is open to all, and
 * `$admins` may do everything but delete a metastream, which nobody may. Reading is open to all. An ACL holds from when
 * its write was answered.
 */
export function withAcls(log: EventLog, login: string): EventLog {
  const names = [login, ...groupsOf(login)];
  const may = (key: AclKey, streamId: string): boolean => {
    if (names.includes(admins)) return true;
    const roles = rolesOf(log, key, streamId);
    return roles === undefined || roles.includes(everybody) || roles.some((role) => names.includes(role));
  };
  const mayWrite = (streamId: string): boolean =>
    isMetastream(streamId) ? may('$mw', baseOfMetastream(streamId)) : may('$w', streamId);
  const mayDelete = (streamId: string): boolean => !isMetastream(streamId) && may('$d', streamId);
  return {
    append: async (streamId, ...rest) => (mayWrite(streamId) ? log.append(streamId, ...rest) : denied),
    softDelete: async (streamId, ...rest) => (mayDelete(streamId) ? log.softDelete(streamId, ...rest) : denied),
    tombstone: async (streamId, ...rest) => (mayDelete(streamId) ? log.tombstone(streamId, ...rest) : denied),
    head: () => log.head(),
    state: (...args) => log.state(...args),
    readStreamForwards: (...args) => log.readStreamForwards(...args),
    readStreamBackwards: (...args) => log.readStreamBackwards(...args),
    readAllForwards: (...args) => log.readAllForwards(...args),
    scanAllForwards: (...args) => log.scanAllForwards(...args),
    readAllBackwards: (...args) => log.readAllBackwards(...args),
    onCommitted: (...args) => log.onCommitted(...args),
  };
}

function rolesOf(log: EventLog, key: AclKey, streamId: string): readonly string[] | undefined {
  if (isMetastream(streamId)) return undefined;
  const metadata = lastMetadata(log, streamId);
  return metadata && parseStreamAcl(metadata)[key];
}
