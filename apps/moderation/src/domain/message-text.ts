import { PushContent } from '@hark/contracts';

/** All visible parts of a push as one text, so that a word split over two fields is found. */
export function messageText({ title, body, url, tags = [], thread }: PushContent): string {
  return [title, body, url, ...tags, thread].filter((part) => part !== undefined && part !== '').join('\n');
}
