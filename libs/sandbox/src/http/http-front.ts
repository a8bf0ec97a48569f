import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { preciseNowMs } from '@hark/kernel';
import { listenAt } from '@hark/listen';
import { type Answer, problem, type Reply } from './exchange';
import { Received } from './received';

/** Larger requests are refused with 413. In bytes. */
export const bodyMax = 1_048_576;
// Longer than undici and the hub's clients keep theirs, or a reused connection dies under a request.
const keepAliveMs = 65_000;

/** What the front does with a request that was read to its end; null breaks the connection off. */
export type Dispatch = (request: Received) => Answer | null | Promise<Answer | null>;

/** The HTTP listener: reads whole requests, hands them on, writes what comes back. Loopback only. */
export class HttpFront {
  private servers: readonly Server[] = [];
  private readonly closing = new AbortController();

  constructor(private readonly dispatch: Dispatch) {}

  /** Starts to listen, on both loopbacks where there are two; resolves to the port. Rejects when the port is taken. */
  async listen(port: number): Promise<number> {
    const make = () =>
      createServer({ keepAliveTimeout: keepAliveMs }, (message, response) => {
        this.serve(message, response).catch((error: unknown) => {
          // A broken sandbox must be seen as broken, not as a provider that hangs.
          console.error('sandbox: request failed', error);
          message.socket.destroy();
        });
      });
    const listening = await listenAt({ host: 'localhost', port, settings: { port: 'HARK_SANDBOX_PORT' } }, make);
    this.servers = listening.servers as Server[];
    return listening.port;
  }

  /** Ends long polls, streams and hangs, cuts every connection. Safe to call twice. */
  async close(): Promise<void> {
    this.closing.abort();
    const closed = this.servers.map((server) => once(server, 'close'));
    for (const server of this.servers) {
      server.close();
      server.closeAllConnections();
    }
    this.servers = [];
    await Promise.all(closed);
  }

  private async serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(message);
    if (body === 'gone') return;
    if (body === 'too large') {
      write(response, problem(413, 'request.too-large', `a body may have ${bodyMax} bytes`), true);
      return;
    }
    const { method = 'GET', url = '/', headers } = message;
    const signal = () => AbortSignal.any([this.closing.signal, goneSignal(response)]);
    const answer = await this.dispatch(new Received(method, url, headers, body, preciseNowMs(), signal));
    if (answer === null) message.socket.resetAndDestroy();
    else if ('take' in answer) answer.take(response);
    else write(response, answer);
  }
}

function goneSignal(response: ServerResponse): AbortSignal {
  const gone = new AbortController();
  if (response.destroyed) gone.abort();
  else response.once('close', () => gone.abort());
  return gone.signal;
}

function write(response: ServerResponse, answer: Reply, last = false): void {
  const headers = { ...answer.headers, 'content-length': Buffer.byteLength(answer.body) };
  response.writeHead(answer.status, last ? { ...headers, connection: 'close' } : headers);
  response.end(answer.body);
}

function readBody(message: IncomingMessage): Promise<Buffer | 'gone' | 'too large'> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    message.on('data', (chunk: Buffer) => {
      size += chunk.length;
      // The rest is read and thrown away: a connection cut in mid-upload would hide the 413 from the caller.
      if (size <= bodyMax) chunks.push(chunk);
      else resolve('too large');
    });
    message.on('end', () => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)));
    message.on('error', () => resolve('gone'));
    message.on('close', () => resolve('gone'));
  });
}
