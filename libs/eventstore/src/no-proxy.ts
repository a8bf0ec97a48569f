/**
 * The variables from which grpc-js takes a proxy, for every address, even 127.0.0.1. The client gives no access to its
 * switch.
 */
const variables = ['grpc_proxy', 'https_proxy', 'http_proxy'];

/**
 * Removes gRPC's proxy variables from this process's environment, so that the store is reached directly, as its URL
 * says. Calls to the outside have their own proxy setting.
 */
export function ignoreProxies(): void {
  for (const name of variables) delete process.env[name];
}
