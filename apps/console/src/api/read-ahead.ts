import { chosenLanguage } from '../texts/language';

const inbox = '/v1/inbox?limit=50&folded=true';
/** What the inbox asks for when it is opened, as it asks for it. */
const reads: readonly string[] = [inbox, '/v1/bindings?limit=200'];
/** An answer that nobody asked for within this time is as old as one may be. */
const freshMs = 10_000;

/** What an answer depends on beside the address: who asked, in which language, and after which write of theirs. */
const asked = ['authorization', 'accept-language', 'hark-position'] as const;
const begun = new Map<string, { readonly by: Headers; readonly answer: Promise<Response>; readonly untilMs: number }>();

/** Begins what the inbox reads, where the page was opened there, before its code has come. */
export function readAhead(token: string | undefined): void {
  if (token === undefined || location.pathname !== '/') return;
  const by = new Headers({ authorization: `Bearer ${token}`, 'accept-language': chosenLanguage() });
  for (const path of reads) {
    const answer = fetch(path, { headers: by });
    // It fails for whoever asks for it, and for nobody if nobody does.
    answer.catch(() => undefined);
    begun.set(hrefOf(path), { by, answer, untilMs: Date.now() + freshMs });
  }
}

/** Whether what was begun says that there are messages; false where it cannot be known. */
export async function hasMessages(): Promise<boolean> {
  try {
    const answer = await begun.get(hrefOf(inbox))?.answer;
    const { items } = ((await answer?.clone().json()) ?? {}) as { items?: readonly unknown[] };
    return items !== undefined && items.length > 0;
  } catch {
    return false;
  }
}

/**
 * The answer to a read that has begun already, for whoever asks the same: not for somebody who has logged in since, and not
 * after a write. Each is handed over once.
 */
export function readAlready({ method, url, headers }: Request): Promise<Response> | undefined {
  if (method !== 'GET') return undefined;
  const found = begun.get(url);
  begun.delete(url);
  const isSame = asked.every((name) => headers.get(name) === found?.by.get(name));
  return found && isSame && Date.now() < found.untilMs ? found.answer : undefined;
}

const hrefOf = (path: string): string => new URL(path, location.origin).href;
