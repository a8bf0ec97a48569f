import { type AddressInfo, createServer, type Server } from 'node:net';
import { networkInterfaces } from 'node:os';
import { HarkError } from '@hark/kernel';

/** Where to listen, and which settings say so, for the message when it cannot be. */
export interface Place {
  /** `localhost` means this machine's loopback in both families; `::` every address of it, in both. */
  readonly host: string;
  /** 0: a free one. */
  readonly port: number;
  readonly settings: { readonly host?: string; readonly port: string };
}

/** What listens, on one port. */
export interface Listening {
  readonly port: number;
  readonly servers: readonly Server[];
}

const freePortTriesMax = 10;

/**
 * The addresses that a host stands for: `localhost` both loopbacks, `::` every address, of IPv6 too where the machine
 * has it.
 */
export function addressesOf(host: string): readonly string[] {
  if (host === 'localhost') return hasAddress('::1') ? ['127.0.0.1', '::1'] : ['127.0.0.1'];
  return [host === '::' && !hasIpv6() ? '0.0.0.0' : host];
}

/**
 * Listens with a server of `make` on each address of the place, all on one port. Throws `config.port-taken` or
 * `config.address` that names the setting and what to do.
 */
export async function listenAt(place: Place, make: () => Server): Promise<Listening> {
  const [first = place.host, ...others] = addressesOf(place.host);
  for (let tries = 1; ; tries += 1) {
    const servers: Server[] = [];
    try {
      servers.push(await listening(make(), first, place.port));
      const { port } = servers[0]!.address() as AddressInfo;
      for (const address of others) servers.push(await listening(make(), address, port));
      return { port, servers };
    } catch (error) {
      for (const server of servers) server.close();
      const { code } = error as NodeJS.ErrnoException;
      // A port that is free on one loopback may be taken on the other.
      if (place.port === 0 && code === 'EADDRINUSE' && tries < freePortTriesMax) continue;
      throw cannotListen(place, error);
    }
  }
}

/**
 * A port that is free on every address of the place: its own, or any for port 0. For servers that listen by themselves;
 * another process may take it meanwhile. Throws as `listenAt`.
 */
export async function freePortAt(place: Place): Promise<number> {
  const { port, servers } = await listenAt(place, createServer);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return port;
}

/**
 * Lets `main`, which listens on the first address of the place, also take connections on the others. They count as
 * `main`'s own, so its bounds, counts and closing apply to them. Returns what ends the listening; call it before `main`
 * is closed. Throws as `listenAt`.
 */
export async function listenAlso(main: Server, place: Place): Promise<() => void> {
  const { port } = main.address() as AddressInfo;
  const doors: Server[] = [];
  const close = () => doors.forEach((door) => door.close());
  for (const address of addressesOf(place.host).slice(1)) {
    const door = createServer({ noDelay: true }, (socket) => main.emit('connection', socket));
    door.maxConnections = main.maxConnections;
    try {
      doors.push(await listening(door, address, port));
    } catch (error) {
      close();
      throw cannotListen({ ...place, port }, error);
    }
  }
  return close;
}

/** Why a server cannot listen, as one sentence with what to do. */
export function cannotListen({ host, port, settings }: Place, cause: unknown): HarkError {
  const { code, message } = cause as NodeJS.ErrnoException;
  const another = `set ${settings.port} to another one (0 takes a free one)`;
  if (code === 'EADDRINUSE') {
    const text = `port ${port} is taken: end the program that listens there, or ${another}`;
    return new HarkError('conflict', 'config.port-taken', text, { extra: { port, setting: settings.port } }, { cause });
  }
  const what =
    code === 'EACCES'
      ? `port ${port} is not for this user: ${another}`
      : `${host} cannot be listened on (${code ?? message}): set ${settings.host ?? settings.port} to an address of this machine`;
  return new HarkError('invalid', 'config.address', what, {}, { cause });
}

function listening(server: Server, host: string, port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.removeListener('error', reject);
      resolve(server);
    });
  });
}

const addresses = (): string[] =>
  Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map(({ address }) => address));
const hasAddress = (wanted: string): boolean => addresses().includes(wanted);
const hasIpv6 = (): boolean => addresses().some((address) => address.includes(':'));
