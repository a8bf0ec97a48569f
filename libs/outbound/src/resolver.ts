/** Where the guard looks up another person's host. Tests put their own in its place. */
export abstract class Resolver {
  /** All IPv4 and IPv6 addresses of `host` as text; throws an error with a system `code` when there are none. */
  abstract resolve(host: string, timeoutMs: number): Promise<readonly string[]>;

  /** The TXT records of `name`, each as one text; none where there are none. A resolver without this knows none. */
  texts?(name: string, timeoutMs: number): Promise<readonly string[]>;
}
