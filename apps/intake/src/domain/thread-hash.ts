import { createHmac } from 'node:crypto';

/**
 * By what an app finds its pushes of one thread again. The thread itself is sealed with the text; without the key nobody
 * can tell it from the hash, and the same thread of two apps has two.
 */
export const threadHashOf = (appId: string, thread: string, key: Parameters<typeof createHmac>[1]): string =>
  createHmac('sha256', key).update(`thread:${appId}:${thread}`).digest('hex');
