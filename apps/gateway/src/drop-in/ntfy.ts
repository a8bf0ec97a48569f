import { DropIn, DropInCall, Fields, Headers, Meant } from './drop-in';
import { decodedHeader } from './header-text';
import { invalidField, noSuchAddress, present, textOf } from './values';

/** ntfy's names for each field, in headers and in the query (ntfy docs: Publishing, List of all parameters). */
const aliases = {
  message: ['x-message', 'message', 'm'],
  title: ['x-title', 'title', 'ti', 't'],
  priority: ['x-priority', 'priority', 'prio', 'p'],
  tags: ['x-tags', 'tags', 'tag', 'ta'],
  click: ['x-click', 'click'],
  icon: ['x-icon', 'icon'],
  attach: ['x-attach', 'attach', 'a'],
  markdown: ['x-markdown', 'markdown', 'md'],
  delay: ['x-delay', 'delay', 'x-at', 'at', 'x-in', 'in'],
  actions: ['x-actions', 'actions', 'action'],
  sequence_id: ['x-sequence-id', 'sequence-id', 'sid'],
} as const;

const priorities: Readonly<Record<string, string>> = {
  ...{ 1: 'low', 2: 'low', 3: 'normal', 4: 'high', 5: 'critical' },
  ...{ min: 'low', low: 'low', default: 'normal', high: 'high', max: 'critical', urgent: 'critical' },
};
const verbs: readonly string[] = ['publish', 'send', 'trigger'];
/** What ntfy says for a message without a text. */
const noMessage = 'triggered';

/**
 * ntfy's API with the binding key as the topic: `POST /ntfy/KEY` with the text as body and the rest in headers or the
 * query, `GET /ntfy/KEY/publish?message=…`, and `POST /ntfy` with JSON.
 */
export const ntfy: DropIn = {
  name: 'ntfy',
  names: { body: 'message', url: 'click', collapseId: 'sequence_id', sendAt: 'delay' },
  read: async (call) => {
    const [topic, verb, ...more] = call.parts;
    if (more.length > 0 || (verb !== undefined && !verbs.includes(verb))) throw noSuchAddress();
    if (topic === undefined) {
      const sent = await call.fields();
      return { key: sent.topic, push: pushOf(sent, call.nowMs) };
    }
    if (verb === undefined && call.method === 'GET') throw noSuchAddress();
    return { key: topic, push: pushOf(ofParameters(call), call.nowMs) };
  },
  accepted: (id, { key, push }, nowMs) => ({
    status: 200,
    body: {
      id,
      time: Math.floor(nowMs / 1_000),
      event: 'message',
      // As whoever sent it wrote it, but for the secret part: answers end up in logs.
      topic: String(key).split('_', 2).join('_'),
      ...present({ title: push.title, message: push.body, tags: push.tags, click: push.url }),
    },
  }),
  refused: ({ status }, text) => ({ status, body: { code: status * 100 + 1, http: status, error: text } }),
};

/** Headers win over the query, and both over the body, as in ntfy. */
function ofParameters({ headers, query, text }: DropInCall): Fields {
  const given = Object.entries(aliases).map(([name, [...names]]) => {
    const inHeaders = names.map((one) => usable(headers, one)).find((value) => value !== undefined);
    return [name, inHeaders ?? names.map((one) => textOf(query[one])).find((value) => value !== undefined)] as const;
  });
  const sent = Object.fromEntries(given);
  const isMarkdown = /^text\/markdown\b/i.test(headers['content-type'] ?? '');
  return { ...sent, message: sent.message ?? textOf(text), ...(isMarkdown && { markdown: 'yes' }) };
}

/** A header as text. `Priority: u=1, i` is HTTP's own (RFC 9218), which browsers and proxies send. */
function usable(headers: Headers, name: string): string | undefined {
  const value = headers[name];
  if (typeof value !== 'string' || value === '') return undefined;
  return name === 'priority' && /^[ui](=|,|$)/.test(value) ? undefined : decodedHeader(value);
}

function pushOf(sent: Fields, nowMs: number): Meant['push'] {
  const body = textOf(sent.message) ?? noMessage;
  const priority = textOf(sent.priority)?.toLowerCase();
  const attach = textOf(sent.attach);
  const isImage = attach !== undefined && /\.(?:png|jpe?g|gif|webp)(?:\?|$)/i.test(attach);
  const tags = typeof sent.tags === 'string' ? sent.tags.split(',').map((tag) => tag.trim()) : sent.tags;
  const markdown = sent.markdown === true || ['yes', 'true', '1'].includes(String(sent.markdown).toLowerCase());
  return present({
    title: textOf(sent.title),
    body,
    markdown: markdown ? body : undefined,
    priority: priority === undefined ? undefined : (ours(priority) ?? refusePriority()),
    tags: Array.isArray(tags) && tags.length === 0 ? undefined : tags,
    url: textOf(sent.click) ?? (isImage ? undefined : attach),
    image: isImage ? attach : undefined,
    icon: textOf(sent.icon),
    collapseId: textOf(sent.sequence_id),
    actions: actionsOf(sent.actions),
    sendAt: sendAt(textOf(sent.delay), nowMs),
  });
}

const ours = (priority: string): string | undefined =>
  Object.hasOwn(priorities, priority) ? priorities[priority] : undefined;

function refusePriority(): never {
  throw invalidField('priority', 'must be one of 1, 2, 3, 4, 5, min, low, default, high, max, urgent');
}

const unitsMs: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** ntfy's `delay`: seconds since 1970, or a length such as `30m`. Words such as `tomorrow` are refused. */
function sendAt(delay: string | undefined, nowMs: number): string | undefined {
  if (delay === undefined) return undefined;
  const [, count, unit = ''] = /^(\d{1,6})\s*(s|m|h|d)(?:ec(?:ond)?s?|in(?:ute)?s?|ours?|ays?)?$/i.exec(delay) ?? [];
  const length = unitsMs[unit.toLowerCase()];
  if (count !== undefined && length !== undefined) return new Date(nowMs + Number(count) * length).toISOString();
  if (/^\d{10}$/.test(delay)) return new Date(Number(delay) * 1_000).toISOString();
  throw invalidField('delay', 'must be seconds since 1970, or a length such as 30m');
}

/** `view, Open portal, https://home.example; …`, or the same as JSON. Only links: Hark calls nobody for a button. */
function actionsOf(sent: unknown): unknown {
  const listed = Array.isArray(sent) ? (sent as unknown[]) : listOf(textOf(sent));
  if (listed === undefined || listed.length === 0) return undefined;
  return listed.map((one, at) => {
    const { action, label, url } = (one ?? {}) as Fields;
    if (action !== 'view') throw invalidField('actions', 'must be links: view, a label and an address');
    return { id: `link-${at + 1}`, label, url };
  });
}

function listOf(text: string | undefined): unknown[] | undefined {
  if (text === undefined) return undefined;
  if (!text.trimStart().startsWith('[')) {
    return text.split(';').map((one) => {
      const [action, label, url] = one.split(',').map((part) => part.trim());
      return { action, label, url };
    });
  }
  try {
    return JSON.parse(text) as unknown[];
  } catch {
    throw invalidField('actions', 'is not JSON');
  }
}
