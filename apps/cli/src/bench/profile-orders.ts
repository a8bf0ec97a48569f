/** The environment variable that names the socket on which the bench gives its orders. */
export const controlVariable = 'HARK_BENCH_CONTROL';

/** The first line of each thread. */
export interface Greeting {
  readonly pid: number;
  /** The script of its process. */
  readonly main: string;
  /** The name its worker was given; empty for a main thread. */
  readonly thread: string;
}

/** What the bench orders; each is answered by an empty line of JSON once it is done. */
export type Order = { readonly is: 'begin' } | { readonly is: 'end'; readonly file: string };
