import { DropIn, DropInAnswer, Fields, Meant } from './drop-in';
import { invalidField, noSuchAddress, present, textOf, titled } from './values';

/** How Bark's levels ring here. An unknown one rings as usual, as it does in Bark. */
const priorities: Readonly<Record<string, string>> = {
  passive: 'low',
  active: 'normal',
  timesensitive: 'high',
  critical: 'critical',
};

/**
 * bark-server's API (v2): `/bark/KEY/BODY`, `/bark/KEY/TITLE/BODY`, `/bark/KEY/TITLE/SUBTITLE/BODY` and `POST /bark/push`.
 * What only Bark's app would know of (`sound`, `badge`, `copy` …) is left to the recipient's own settings.
 */
export const bark: DropIn = {
  name: 'bark',
  names: { thread: 'group', collapseId: 'id', priority: 'level' },
  aside: ({ parts, nowMs }) => (parts.length === 1 && parts[0] === 'ping' ? answer(200, 'pong', nowMs) : undefined),
  read: async (call) => {
    const [first, ...rest] = call.parts;
    if (first === undefined || rest.length > 3) throw noSuchAddress();
    const sent = { ...call.query, ...(await call.fields()) };
    if (first === 'push' && rest.length === 0) return meant(keyOf(sent), sent);
    return meant(first, { ...sent, ...ofPath(rest) });
  },
  accepted: (_id, _meant, nowMs) => answer(200, 'success', nowMs),
  refused: ({ status }, text, nowMs) => answer(status, text, nowMs),
};

function ofPath(parts: readonly string[]): Fields {
  const body = parts.at(-1);
  const [title, subtitle] = parts.slice(0, -1);
  return present({ title, subtitle, body });
}

function keyOf({ device_key: one, device_keys: several }: Fields): unknown {
  const keys = typeof several === 'string' ? several.split(',') : Array.isArray(several) ? (several as unknown[]) : [];
  if (keys.length > 1) throw invalidField('device_keys', 'must be one key: send one call for each');
  return keys[0] ?? one;
}

function meant(key: unknown, sent: Fields): Meant {
  if (textOf(sent.ciphertext)) throw invalidField('ciphertext', 'cannot be moderated: send the text itself');
  if (textOf(sent.delete))
    throw invalidField('delete', 'has no effect here: take a push back with DELETE /v1/pushes/:id');
  const lines = [textOf(sent.subtitle), textOf(sent.body) ?? textOf(sent.markdown)].filter(
    (line) => line !== undefined,
  );
  const level = textOf(sent.level)?.toLowerCase() ?? '';
  const push = {
    ...titled(textOf(sent.title), lines.length > 0 ? lines.join('\n') : undefined),
    markdown: textOf(sent.markdown),
    url: textOf(sent.url),
    icon: textOf(sent.icon),
    image: textOf(sent.image),
    thread: textOf(sent.group),
    collapseId: textOf(sent.id),
    priority: Object.hasOwn(priorities, level) ? priorities[level] : undefined,
  };
  return { key, push: present(push) };
}

const answer = (status: number, message: string, nowMs: number): DropInAnswer => ({
  status,
  body: { code: status, message, timestamp: Math.floor(nowMs / 1_000) },
});
