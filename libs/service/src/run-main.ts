/** What a service's `start` gives back. */
export interface RunningProcess {
  close(): Promise<void>;
  /** Where it answers, if anybody is to know. */
  readonly url?: string;
  /** Where it tells of its health. */
  readonly healthUrl?: string;
}

/** Longer than any service takes to close by itself. */
const closeTimeoutMs = 11_000;

/**
 * Runs a service as this process: starts it, stops it cleanly on SIGTERM or SIGINT, and ends the process. For `main.ts`
 * when it is run directly: `if (require.main === module) void runMain(start)`. Under a parent with an IPC channel it
 * reports to the parent when it is ready, and stops when the parent is gone for any reason.
 */
export async function runMain(start: (env: NodeJS.ProcessEnv) => Promise<RunningProcess>): Promise<void> {
  const stopAsked = new Promise<void>((resolve) => {
    process.once('SIGTERM', resolve);
    process.once('SIGINT', resolve);
    process.once('disconnect', resolve);
  });
  let running: RunningProcess;
  try {
    running = await start(process.env);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  }
  const { url, healthUrl } = running;
  process.send?.({ ready: true, ...(url !== undefined && { url }), ...(healthUrl !== undefined && { healthUrl }) });
  await stopAsked;
  setTimeout(() => process.exit(1), closeTimeoutMs).unref();
  await running.close();
  process.exit(0);
}
