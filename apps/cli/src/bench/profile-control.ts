import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, Server, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { Running } from '@hark/kernel';
import { withTimeout } from '@hark/resilience';
import { controlVariable, Greeting, Order } from './profile-orders';
import { CpuProfile, ThreadProfile } from './profile-parts';

/** A thread that is busy with one long piece of work answers late; one that does not answer has no profile. */
const answerTimeoutMs = 20_000;
const preload = join(__dirname, '..', '..', 'dist', 'bench', 'profiled.preload.js');
const commandLine = 'cli';

/** A thread of the hub that listens. */
interface Thread {
  readonly greeting: Greeting;
  readonly socket: Socket;
  answered: () => void;
}

/** Begins and ends CPU profiles in every thread of every Node process of the bench's own hub. */
export class ProfileControl implements Running {
  private readonly threads = new Set<Thread>();

  private constructor(
    private readonly server: Server,
    private readonly folder: string,
    private readonly profileDir: string,
  ) {
    server.on('connection', (socket) => this.welcome(socket));
  }

  /** Profiles go into `profileDir`, which is made. */
  static async open(profileDir: string): Promise<ProfileControl> {
    const dir = resolve(profileDir);
    mkdirSync(dir, { recursive: true });
    // Private to this user, as the orders are.
    const folder = mkdtempSync(join(tmpdir(), 'hark-bench-control-'));
    const server = createServer();
    server.listen(join(folder, 'socket'));
    await once(server, 'listening');
    return new ProfileControl(server, folder, dir);
  }

  /** What the hub's environment needs; services and workers get it from there. */
  get env(): NodeJS.ProcessEnv {
    const options = `${process.env.NODE_OPTIONS ?? ''} --require ${JSON.stringify(preload)}`.trim();
    return { NODE_OPTIONS: options, [controlVariable]: join(this.folder, 'socket') };
  }

  /** Resolves when all threads have begun. */
  async begin(): Promise<void> {
    await this.order(() => ({ is: 'begin' }));
  }

  /** Ends all profiles; resolves with those that were written. `rootName` is the name of the hub's main process. */
  async end(rootName: string): Promise<readonly ThreadProfile[]> {
    const ended: { greeting: Greeting; file: string }[] = [];
    await this.order(({ greeting }, index) => {
      const name = `${partOf(greeting, rootName)}-${greeting.thread || 'main'}-${greeting.pid}-${index}`;
      const file = join(this.profileDir, `${name}.cpuprofile`);
      ended.push({ greeting, file });
      return { is: 'end', file };
    });
    return ended
      .filter(({ file }) => existsSync(file))
      .map(({ greeting, file }) => ({
        part: partOf(greeting, rootName),
        thread: greeting.thread,
        profile: JSON.parse(readFileSync(file, 'utf8')) as CpuProfile,
      }));
  }

  async close(): Promise<void> {
    for (const { socket } of this.threads) socket.destroy();
    await new Promise<void>((done) => this.server.close(() => done()));
    rmSync(this.folder, { recursive: true, force: true });
  }

  private welcome(socket: Socket): void {
    let thread: Thread | undefined;
    const gone = () => {
      thread?.answered();
      if (thread) this.threads.delete(thread);
      socket.destroy();
    };
    socket.on('error', gone);
    socket.on('close', gone);
    createInterface({ input: socket }).on('line', (line) => {
      if (thread) return thread.answered();
      thread = { greeting: JSON.parse(line) as Greeting, socket, answered: () => undefined };
      this.threads.add(thread);
    });
  }

  private async order(make: (thread: Thread, index: number) => Order): Promise<void> {
    const answers = [...this.threads].map((thread, index) => {
      const answered = new Promise<void>((done) => (thread.answered = done));
      thread.socket.write(`${JSON.stringify(make(thread, index))}\n`);
      return withTimeout(answerTimeoutMs, answered, () => undefined);
    });
    await Promise.all(answers);
  }
}

/** The part that a process is in the tables of usage. */
function partOf({ main }: Greeting, rootName: string): string {
  const app = /apps\/([a-z]+)\/dist\/main\.js$/.exec(main)?.[1] ?? commandLine;
  return app === commandLine ? rootName : app;
}
