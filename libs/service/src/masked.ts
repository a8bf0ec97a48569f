import { isUuid } from '@hark/kernel';

/** What stands in the place of a value that may be personal. */
export const mask = '•••';

const time = /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/;
/** Codes and words of ours, such as `signed-out`, `strong` or `standing.own-app`, and actors. */
const word = /^[a-z]{1,30}([._-][a-z]{1,30}){0,5}$/;
const actor = /^(user|app|service):[\w-]{1,64}$|^(anonymous|HARK_ADMINS)$/;
/** Fields that hold somebody's own words or names, of which one may look like a word of ours. */
const ownWords = /^(name|appName|title|body|note|text|subject|openid|address|description|displayName|label|fields)$/;

/**
 * An event's data as operators may see it: ids, times, numbers and words of ours. Whatever else is in it is masked:
 * sealed fields, hashes, names, addresses, and every kind of field that is added to an event later.
 */
export function masked(value: unknown, field = ''): unknown {
  if (typeof value === 'string') return isPlain(value) && !ownWords.test(field) ? value : mask;
  if (Array.isArray(value)) return value.map((one) => masked(one, field));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, masked(one, name)]));
}

const isPlain = (text: string): boolean => isUuid(text) || time.test(text) || word.test(text) || actor.test(text);
