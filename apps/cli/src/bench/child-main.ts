/** What a child script runs. */
export interface ChildServer {
  readonly url: string;
  readonly close: () => Promise<unknown> | void;
}

/** Starts `server`, sends its address to the parent, and ends when the parent says so or is gone for any reason. */
export function runAsChild(server: (option: string) => Promise<ChildServer>): void {
  // Ctrl-C reaches the whole group: the parent decides when its children end.
  process.on('SIGINT', () => undefined);
  const began = performance.now();
  server(process.argv[2] ?? '').then(
    ({ url, close }) => {
      process.once('disconnect', () => void Promise.resolve(close()).finally(() => process.exit(0)));
      process.send?.({ url, startMs: performance.now() - began });
    },
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
      process.exit(1);
    },
  );
}
