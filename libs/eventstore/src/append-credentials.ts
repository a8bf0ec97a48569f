import type { Credentials } from '@eventstore/db-client';

/**
 * What makes the client append by a call of its own instead of through its shared batch stream, or `undefined` where that
 * cannot be had.
 *
 * The client (6.2.1) keeps the appends that wait for an answer in one table for the whole process. An error on any
 * client's batch stream rejects them all and empties the table, and an answer that still comes for one of them is an
 * exception nobody can catch: it ends the process. One call per append costs more CPU and has none of this.
 *
 * The client takes that way when credentials are given. Over an insecure connection it sends none, whatever they are;
 * over TLS they must be the real ones, so a TLS address without any stays with the batch stream.
 */
export function appendCredentials(url: string): Credentials | undefined {
  // Not WHATWG's parser: a connection string may name several hosts.
  const [, username, password = ''] = /^[^:]+:\/\/(?:([^:@/?]*)(?::([^@/?]*))?@)?/.exec(url) ?? [];
  if (username) return { username: decodeURIComponent(username), password: decodeURIComponent(password) };
  return /[?&]tls=false(&|$)/i.test(url) ? { username: 'insecure', password: 'insecure' } : undefined;
}
