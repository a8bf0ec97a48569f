/** What gRPC takes a proxy from, for every address and 127.0.0.1 too. It has no other switch that the client leaves us. */
const variables = ['grpc_proxy', 'https_proxy', 'http_proxy'];

/**
 * Takes the proxies of gRPC out of this process's environment: a store is reached where its URL says and nowhere else.
 * What the hub calls outside has settings of its own.
 */
export function ignoreProxies(): void {
  for (const name of variables) delete process.env[name];
}
