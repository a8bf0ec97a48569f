import { AddressInfo, connect, createServer, Socket } from 'node:net';

/** Stands between client and store; `stall` makes every connection of the moment fall silent without closing it. */
export async function stallingProxy(url: string) {
  const targetPort = Number(/:(\d+)/.exec(url)![1]);
  const open = new Set<[Socket, Socket]>();
  const server = createServer((near) => {
    const far = connect(targetPort, '127.0.0.1');
    const pair: [Socket, Socket] = [near, far];
    open.add(pair);
    near.pipe(far).pipe(near);
    for (const socket of pair) {
      socket.on('error', () => {});
      socket.on('close', () => {
        pair.forEach((one) => one.destroy());
        open.delete(pair);
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `esdb://127.0.0.1:${(server.address() as AddressInfo).port}?tls=false`,
    stall: () => {
      for (const [near, far] of open) {
        near.unpipe(far);
        far.unpipe(near);
        near.pause();
        far.pause();
      }
    },
    close: async () => {
      open.forEach((pair) => pair.forEach((one) => one.destroy()));
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
