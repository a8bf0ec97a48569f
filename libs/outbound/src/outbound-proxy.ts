import { request } from 'node:http';
import { isIPv6, Socket } from 'node:net';
import { buildConnector } from 'undici';
import { HarkError, parseServerUrl } from '@hark/kernel';
import { classifyAddress } from './address-class';
import { isInwardName } from './target-rules';

/**
 * An HTTP proxy that the operator named, `http://[user:password@]host:port`. Every call to the outside goes through it.
 */
export interface OutboundProxy {
  readonly host: string;
  readonly port: number;
  readonly authorization?: string;
}

/** Reads the address of a proxy. Throws `invalid` `config.invalid` with the reason and no part of it. */
export function parseProxyUrl(text: string): OutboundProxy {
  const { scheme, hosts, user, password = '' } = parseServerUrl(text);
  const [server] = hosts;
  if (scheme !== 'http')
    throw wrong('must begin with http://: the hub asks a proxy by CONNECT, without TLS to the proxy');
  if (server?.port === undefined || hosts.length > 1)
    throw wrong('must name one proxy with its port: http://host:port');
  const login = user === undefined ? undefined : Buffer.from(`${user}:${password}`).toString('base64');
  return { host: server.host, port: server.port, ...(login !== undefined && { authorization: `Basic ${login}` }) };
}

/** Whether a configured host is in the operator's own network, and so reached without the proxy. */
export const isInward = (host: string): boolean => {
  const kind = classifyAddress(host.replace(/^\[|\]$/g, ''));
  return kind === 'unparsable' ? !host.includes('.') || isInwardName(host) : kind !== 'public';
};

/**
 * Connects through the proxy to `address`, or to the host's name where none is given. TLS, where the URL has it, is
 * with the host behind the proxy and checks its certificate for the name. All of it ends within `timeoutMs`.
 */
export function proxyConnector(proxy: OutboundProxy, timeoutMs: number, address?: string): buildConnector.connector {
  const secure = buildConnector({ timeout: timeoutMs, allowH2: false, maxCachedSessions: 0 });
  return (options, done) => {
    const port = options.port || (options.protocol === 'https:' ? '443' : '80');
    const host = address ?? options.hostname.replace(/^\[|\]$/g, '');
    tunnel(proxy, `${isIPv6(host) ? `[${host}]` : host}:${port}`, timeoutMs).then(
      (socket) => {
        if (options.protocol === 'https:') secure({ ...options, httpSocket: socket }, done);
        else done(null, socket);
      },
      (error: unknown) => done(error instanceof Error ? error : new Error('proxy'), null),
    );
  };
}

/**
 * A connection through the proxy. Fails with a `code` such as `PROXY_403` or the system's; none of the request has left
 * then.
 */
function tunnel({ host, port, authorization }: OutboundProxy, to: string, timeoutMs: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const headers = { host: to, ...(authorization !== undefined && { 'proxy-authorization': authorization }) };
    const asked = request({ host, port, method: 'CONNECT', path: to, headers, agent: false, timeout: timeoutMs });
    const timer = setTimeout(() => asked.destroy(coded('ETIMEDOUT')), timeoutMs);
    asked.on('connect', ({ statusCode }, socket, head) => {
      clearTimeout(timer);
      // A real proxy does not speak first. What it sent now would be taken for the host's words.
      if (statusCode === 200 && head.length === 0) return resolve(socket.setTimeout(0));
      socket.destroy();
      reject(coded(`PROXY_${statusCode}`));
    });
    asked.on('response', ({ statusCode }) => asked.destroy(coded(`PROXY_${statusCode}`)));
    asked.on('timeout', () => asked.destroy(coded('ETIMEDOUT')));
    asked.on('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    asked.end();
  });
}

const coded = (code: string): Error => Object.assign(new Error('the proxy did not connect'), { code });
const wrong = (message: string): HarkError => new HarkError('invalid', 'config.invalid', message);
