import { ChildProcess, fork } from 'node:child_process';
import { HarkError, Running } from '@hark/kernel';
import { endChild } from './end-child';
import { mainOf, ServiceName } from './services';

/** How long a service may take until it says that it is ready. */
const readyTimeoutMs = 30_000;
/** How long a service may take to stop by itself before it is killed. */
const stopTimeoutMs = 12_000;
/** A service that ended by itself is started again after this, doubling up to the most. */
const restartWaitMs = 200;
const restartWaitMaxMs = 5_000;

/**
 * Runs a service as a process of its own and starts it again when it ends by itself. Rejects when the first start fails.
 * The child stops when this process is gone, however it went.
 */
export class ServiceProcess implements Running {
  /** The address the service said it answers on, if it has one. */
  url: string | undefined;
  /** Where it tells of its health; undefined while it is being started again. */
  healthUrl: string | undefined;
  private child: ChildProcess | undefined;
  private stopping = false;
  private waitMs = restartWaitMs;
  private timer: NodeJS.Timeout | undefined;

  private constructor(
    readonly name: ServiceName,
    /** Tells replicas of one service apart. */
    readonly label: string,
    private env: NodeJS.ProcessEnv,
  ) {}

  static async start(name: ServiceName, label: string, env: NodeJS.ProcessEnv): Promise<ServiceProcess> {
    const service = new ServiceProcess(name, label, env);
    await service.spawn();
    return service;
  }

  /** The process id of the service as it runs now. */
  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** Asks the service to stop, and kills it when it takes too long. */
  async close(): Promise<void> {
    this.stopping = true;
    clearTimeout(this.timer);
    if (this.child) await endChild(this.child, stopTimeoutMs);
  }

  private async spawn(): Promise<void> {
    // A session of its own: Ctrl-C in a terminal must reach the hub only, which stops its services in order.
    const child = fork(mainOf(this.name), [], {
      env: this.env,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      detached: true,
    });
    this.child = child;
    await new Promise<void>((resolve, reject) => {
      const fail = (why: string) =>
        reject(new HarkError('unavailable', 'service.did-not-start', `${this.label} did not start: ${why}`));
      const timer = setTimeout(() => {
        child.kill('SIGKILL');
        fail('it was not ready in time');
      }, readyTimeoutMs);
      child.once('message', (ready: { url?: string; healthUrl?: string }) => {
        clearTimeout(timer);
        this.url = ready.url;
        // Started again it answers where it did before, also on a port that was any free one.
        if (ready.url !== undefined) this.env = { ...this.env, HARK_PORT: new URL(ready.url).port };
        this.healthUrl = ready.healthUrl;
        this.waitMs = restartWaitMs;
        child.once('exit', () => this.restart());
        resolve();
      });
      child.once('exit', (code, signal) => {
        clearTimeout(timer);
        fail(`it ended with ${signal ?? code}`);
      });
    });
  }

  private restart(): void {
    this.healthUrl = undefined;
    if (this.stopping) return;
    process.stderr.write(`hark: ${this.label} ended, starting it again 服务意外退出，正在重启\n`);
    this.timer = setTimeout(() => {
      this.spawn().catch(() => this.restart());
    }, this.waitMs);
    this.waitMs = Math.min(this.waitMs * 2, restartWaitMaxMs);
  }
}
