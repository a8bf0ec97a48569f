import { PushContent } from '@hark/contracts';

/** Everything of a push that is shown, as one text, so that what is split over its fields is read together. */
export function messageText({ title, body, url, tags = [], thread }: PushContent): string {
  return [title, body, url, ...tags, thread].filter((part) => part !== undefined && part !== '').join('\n');
}
