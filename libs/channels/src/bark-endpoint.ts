import { z } from 'zod';
import { barkKeyCharacters } from './bark-crypto';

const deviceKey = /^[\w-]{1,64}$/;
const routes: ReadonlySet<string> = new Set(['push', 'ping', 'register', 'info', 'healthz', 'mcp']);
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

/** A device as it is kept: `serverUrl` without a trailing slash, absent for the hub's default server. */
export interface BarkEndpoint {
  readonly deviceKey: string;
  readonly serverUrl?: string;
  readonly encryption?: z.output<typeof encryption>;
  /** The person wants critical pushes to sound even when the phone is silent. */
  readonly critical?: boolean;
}

/**
 * Reads a Bark endpoint. The key may be the whole URL that the app copies (`https://server/KEY/…`), and the server may
 * be given with the key behind it. `isAllowed` is the guard's word on other people's servers.
 */
export const barkSchema = (defaultUrl: string, isAllowed: (url: string) => boolean): z.ZodType<BarkEndpoint> =>
  z
    .strictObject({
      deviceKey: z.string().trim().min(1).max(urlCharactersMax),
      serverUrl: z.string().trim().max(urlCharactersMax).optional(),
      encryption: encryption.optional(),
      critical: z.boolean().optional(),
    })
    .transform((input, context): BarkEndpoint => {
      const pasted = /^https?:/i.test(input.deviceKey) ? partsOf(input.deviceKey, defaultUrl) : null;
      const key = pasted === null ? input.deviceKey : (pasted.segments[0] ?? '');
      if (!deviceKey.test(key) || routes.has(key)) {
        context.addIssue({
          code: 'custom',
          path: ['deviceKey'],
          message: 'must be the key of a Bark device, or the URL the app copies',
        });
        return z.NEVER;
      }
      const server = input.serverUrl === undefined ? (pasted?.base ?? '') : serverOf(input.serverUrl, key, defaultUrl);
      if (server !== '' && !isAllowed(`${server}/push`)) {
        context.addIssue({ code: 'custom', path: ['serverUrl'], message: 'must be a public https address' });
        return z.NEVER;
      }
      const isDefault = server === '' || server === defaultUrl;
      return {
        deviceKey: key,
        ...(isDefault ? {} : { serverUrl: server }),
        ...(input.encryption === undefined ? {} : { encryption: input.encryption }),
        ...(input.critical === true ? { critical: true } : {}),
      };
    });

/** Origin and prefix of what was pasted as a server, the key cut off its end. */
function serverOf(text: string, key: string, defaultUrl: string): string {
  const parts = partsOf(text, defaultUrl);
  if (parts === null) return 'not a URL';
  const at = parts.segments.indexOf(key);
  return [parts.base, ...(at < 0 ? parts.segments : parts.segments.slice(0, at))].join('/');
}

/** A URL as base and path segments; the hub's default server is one base, whatever prefix it has. */
function partsOf(text: string, defaultUrl: string): { base: string; segments: string[] } | null {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) return null;
  // Userinfo would be lost here in silence: keep it out of the parts, and the text out of use.
  if (url.username !== '' || url.password !== '') return null;
  const whole = url.origin + url.pathname;
  const base = `${whole}/`.startsWith(`${defaultUrl}/`) ? defaultUrl : url.origin;
  return {
    base,
    segments: whole
      .slice(base.length)
      .split('/')
      .filter((segment) => segment !== ''),
  };
}
