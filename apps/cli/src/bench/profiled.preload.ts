import { writeFileSync } from 'node:fs';
import { type Profiler, Session } from 'node:inspector';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { isMainThread, threadName } from 'node:worker_threads';
import { controlVariable, Greeting, Order } from './profile-orders';

// Loaded by `node --require` before anything else, in every process and thread of a hub of the bench's own and in no
// other: such a thread can be told to begin and end a profile of itself. No inspector listens anywhere.

const path = process.env[controlVariable];
if (path !== undefined) answer(path);

/** Serves the bench's orders for this thread, as long as the bench is there; keeps no thread running. */
function answer(path: string): void {
  const session = new Session();
  session.connect();
  const socket = connect(path);
  socket.unref();
  // The bench is gone: there is nobody left to answer.
  socket.on('error', () => socket.destroy());
  const tell = (message: object): void => void socket.write(`${JSON.stringify(message)}\n`);
  tell({
    pid: process.pid,
    main: process.argv[1] ?? '',
    thread: isMainThread ? '' : (threadName ?? ''),
  } satisfies Greeting);
  createInterface({ input: socket }).on('line', (line) => {
    const order = JSON.parse(line) as Order;
    if (order.is === 'begin') session.post('Profiler.enable', () => session.post('Profiler.start', () => tell({})));
    else session.post('Profiler.stop', (error, ended) => write(order.file, error, ended, tell));
  });
}

function write(
  file: string,
  error: Error | null,
  ended: Profiler.StopReturnType | undefined,
  tell: (message: object) => void,
): void {
  if (!error && ended) writeFileSync(file, JSON.stringify(ended.profile), { mode: 0o600 });
  tell({});
}
