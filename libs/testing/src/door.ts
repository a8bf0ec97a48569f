import { AddressInfo, connect, createServer, Server, Socket } from 'node:net';
import { until } from './until';

/** A door to a store that a test can shut: as if the store had gone away, and come back. */
export interface Door {
  /** The store's address, but through the door. */
  readonly url: string;
  /** Cuts every connection and takes no new one. */
  shut(): Promise<void>;
  open(): Promise<void>;
  close(): Promise<void>;
}

/** Opens a door to whatever listens at the host and port of `url`. */
export async function doorTo(url: string): Promise<Door> {
  const behind = new URL(url.replace(/^[a-z+]+:/, 'http:'));
  const sockets = new Set<Socket>();
  const listen = async (port: number): Promise<Server> => {
    const server = createServer((near) => {
      const far = connect(Number(behind.port), behind.hostname);
      for (const socket of [near, far]) {
        sockets.add(socket);
        socket.on('error', () => {});
        socket.on('close', () => {
          sockets.delete(socket);
          near.destroy();
          far.destroy();
        });
      }
      near.pipe(far).pipe(near);
    });
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
    return server;
  };
  let server: Server | undefined = await listen(0);
  const { port } = server.address() as AddressInfo;
  const shut = async (): Promise<void> => {
    const open = server;
    server = undefined;
    const closed = new Promise((resolve) => (open ? open.close(resolve) : resolve(undefined)));
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  return {
    url: url.replace(behind.host, `127.0.0.1:${port}`),
    shut,
    // Somebody else may have been given the port meanwhile, for as long as a test takes.
    open: async () => void (server ??= await until(() => listen(port), { what: 'the door stands at its port again' })),
    close: shut,
  };
}
