import { PushContent } from '@hark/contracts';

/**
 * Everything of a push that is shown, as one text, so that what is split over its fields is read together. A link is
 * read as written and decoded.
 */
export function messageText({ title, body, url, tags = [], thread }: PushContent): string {
  const parts = [title, body, url, url && decoded(url), ...tags, thread];
  return parts.filter((part) => part !== undefined && part !== '').join('\n');
}

function decoded(url: string): string | undefined {
  try {
    const text = decodeURIComponent(url);
    return text === url ? undefined : text;
  } catch {
    return undefined; // not UTF-8: nothing a reader could see
  }
}
