import { chosenLanguage } from '../texts/language';

/** What the inbox asks for when it is opened, as it asks for it. */
const reads: readonly string[] = ['/v1/inbox?limit=50&folded=true', '/v1/bindings?limit=200'];
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
    begun.set(new URL(path, location.origin).href, { by, answer, untilMs: Date.now() + freshMs });
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
