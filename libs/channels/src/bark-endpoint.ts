import { z } from 'zod';
import { BarkAddress, isDeviceKey, readBarkAddress, readBarkServer } from './bark-address';
import { barkKeyCharacters } from './bark-crypto';

const urlCharactersMax = 500;

const encryption = z
  .strictObject({
    algorithm: z.enum(['AES128', 'AES192', 'AES256']),
    mode: z.enum(['CBC', 'ECB', 'GCM']),
    key: z.string().regex(/^[\x21-\x7e]{16,32}$/, 'must be 16, 24 or 32 ASCII characters'),
  })
  .refine(({ algorithm, key }) => key.length === barkKeyCharacters[algorithm], {
    path: ['key'],
    error: 'must be as long as the algorithm needs: 16, 24 or 32 characters',
  });

/** A device as it is stored: `serverUrl` without a trailing slash, absent for the hub's default server. */
export interface BarkEndpoint {
  readonly deviceKey: string;
  readonly serverUrl?: string;
  readonly encryption?: z.output<typeof encryption>;
  /** The person wants critical pushes to sound even when the phone is silent. */
  readonly critical?: boolean;
}

type Field = 'deviceKey' | 'serverUrl';
class Wrong {
  constructor(
    readonly field: Field,
    readonly message: string,
  ) {}
}

/**
 * Reads a Bark endpoint. The key may be the whole address that the app copies (`https://server/KEY/…`), and the server
 * may carry the key or a route behind it. `refusalOf` says why another person's server may not be called; undefined
 * when it may. Each issue names the field that was sent.
 */
export const barkSchema = (
  defaultUrl: string,
  refusalOf: (url: string) => string | undefined,
): z.ZodType<BarkEndpoint> =>
  z
    .strictObject({
      deviceKey: z.string().trim().min(1).max(urlCharactersMax),
      serverUrl: z.string().trim().max(urlCharactersMax).optional(),
      encryption: encryption.optional(),
      critical: z.boolean().optional(),
    })
    .transform((input, context): BarkEndpoint => {
      const address = addressOf(input, defaultUrl);
      if (address instanceof Wrong) return refuse(context, address);
      const isDefault = address.server === defaultUrl;
      const refusal = isDefault ? undefined : refusalOf(`${address.server}/push`);
      if (refusal !== undefined)
        return refuse(context, new Wrong(input.serverUrl === undefined ? 'deviceKey' : 'serverUrl', refusal));
      return {
        deviceKey: address.key,
        ...(!isDefault && { serverUrl: address.server }),
        ...(input.encryption !== undefined && { encryption: input.encryption }),
        ...(input.critical === true && { critical: true }),
      };
    });

function refuse(context: z.RefinementCtx, { field, message }: Wrong): never {
  context.addIssue({ code: 'custom', path: [field], message });
  return z.NEVER;
}

function addressOf(
  { deviceKey, serverUrl }: { readonly deviceKey: string; readonly serverUrl?: string },
  defaultUrl: string,
): BarkAddress | Wrong {
  if (!/^https?:/i.test(deviceKey)) {
    if (!isDeviceKey(deviceKey)) return new Wrong('deviceKey', noKey);
    const server = serverUrl === undefined ? defaultUrl : serverIn(serverUrl, deviceKey);
    return server instanceof Wrong ? server : { server, key: deviceKey };
  }
  const pasted = urlOf('deviceKey', deviceKey);
  if (pasted instanceof Wrong) return pasted;
  const given = serverUrl === undefined ? undefined : serverIn(serverUrl, '');
  if (given instanceof Wrong) return given;
  const found = readBarkAddress(pasted, [...(given === undefined ? [] : [given]), defaultUrl]);
  if (found === undefined) return new Wrong('deviceKey', noKey);
  if (given !== undefined && (found === 'ambiguous' || readBarkServer(new URL(given), found.key) !== found.server))
    return new Wrong('serverUrl', 'must be the server of the address in deviceKey');
  return found === 'ambiguous' ? new Wrong('serverUrl', whichServer) : found;
}

function serverIn(text: string, key: string): string | Wrong {
  const url = urlOf('serverUrl', text);
  return url instanceof Wrong ? url : readBarkServer(url, key);
}

function urlOf(field: Field, text: string): URL | Wrong {
  const url = /^https?:\/\/[^/?#]/i.test(text) ? URL.parse(text) : null;
  if (url === null) return new Wrong(field, 'must be an address that begins with https:// and has no blanks in it');
  // Without this refusal the password would be dropped without a word.
  if (url.username !== '' || url.password !== '') return new Wrong(field, 'must not hold a user name or password');
  return url;
}

const noKey = 'must be the key of a Bark device, or the address the app copies';
const whichServer =
  'is needed: the address in deviceKey does not show where the server ends and the key begins. Give the server here, and the key alone in deviceKey';
