import type { Metadata } from '@grpc/grpc-js';
import type { ReaderIdentity } from './reader';

const basicPrefix = 'Basic ';

/** Who is reading, from a call's headers: without credentials everybody is `system`, as on an insecure real server. */
export function readerIdentity(metadata: Metadata): ReaderIdentity {
  return {
    username: loginName(header(metadata, 'authorization')) ?? 'system',
    connectionName: header(metadata, 'connection-name') ?? '<unknown>',
  };
}

const header = (metadata: Metadata, key: string): string | undefined => metadata.get(key).at(0)?.toString();

/** Whether the password is right has been decided before; here it is only left out. */
function loginName(authorization: string | undefined): string | undefined {
  if (authorization?.startsWith(basicPrefix) !== true) return undefined;
  const credentials = Buffer.from(authorization.slice(basicPrefix.length), 'base64').toString('utf8');
  const name = credentials.split(':', 1).at(0);
  return name === '' ? undefined : name;
}
