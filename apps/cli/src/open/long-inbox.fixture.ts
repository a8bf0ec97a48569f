import type { BrowserContext } from 'playwright-core';

/** How an inbox was scrolled through. */
export interface Scrolled {
  /** The most rows that were in the page at once. */
  readonly rowsMax: number;
  readonly frames: number;
  /** The longest time between two frames, in milliseconds. */
  readonly frameMs: number;
}

/** A text of the length that a message may have, over which the lexer sits for seconds. */
const busyText = '*_a'.repeat(6_600);

/** Answers the reads of the inbox with `count` messages, page by page, as the hub would. Each is made to keep its reader busy. */
export async function answerInbox(context: BrowserContext, count: number): Promise<void> {
  await context.route(/\/v1\/inbox\/00000000-/, (route) =>
    route.fulfill({ json: { ...message(0), markdown: busyText } }),
  );
  await context.route('**/v1/inbox?*', (route) => {
    const query = new URL(route.request().url()).searchParams;
    const from = Number(query.get('cursor') ?? 0);
    const to = Math.min(from + Number(query.get('limit')), count);
    const items = Array.from({ length: to - from }, (_, at) => message(from + at));
    return route.fulfill({ json: { items, nextCursor: to < count ? String(to) : null, unread: Math.ceil(count / 3) } });
  });
}

function message(at: number): object {
  const time = new Date(Date.UTC(2026, 0, 1) - at * 600_000).toISOString();
  return {
    id: `00000000-0000-7000-8000-${String(at).padStart(12, '0')}`,
    app: { id: '00000000-0000-7000-8000-000000000000', name: `报修 Repairs ${at % 7}`, verified: at % 2 === 0 },
    title: `工单 ${at}`,
    body: 'The engineer is on the way. '.repeat((at % 5) + 1),
    pushedAt: time,
    receivedAt: time,
    ...(at % 3 !== 0 && { readAt: time }),
    why: { level: 'strong', reason: 'delivered' },
  };
}

/** A script for the page: scrolls by `stepPx` in every frame until the last of `count` rows is in sight; answers `Scrolled`. */
export const scrollThrough = (count: number, stepPx: number): string => `new Promise((resolve) => {
  let [rowsMax, frames, frameMs, before] = [0, 0, 0, performance.now()];
  const frame = (now) => {
    frames += 1;
    frameMs = Math.max(frameMs, now - before);
    before = now;
    const rows = document.querySelectorAll('[aria-posinset]');
    rowsMax = Math.max(rowsMax, rows.length);
    const last = rows.length > 0 && Number(rows[rows.length - 1].getAttribute('aria-posinset'));
    const isAtEnd = scrollY + innerHeight >= document.documentElement.scrollHeight - 1;
    if (last === ${count} && isAtEnd) resolve({ rowsMax, frames, frameMs });
    else {
      scrollBy(0, ${stepPx});
      requestAnimationFrame(frame);
    }
  };
  requestAnimationFrame(frame);
})`;
