import { HarkError } from './hark-error';

/** The address of a server, taken apart and decoded. */
export interface ServerUrl {
  /** In lower case, without its colon. */
  readonly scheme: string;
  /** Undefined when the address names none. */
  readonly user?: string;
  readonly password?: string;
  /** At least one. IPv6 addresses without brackets. */
  readonly hosts: readonly ServerAddress[];
  /** What follows the first host, from its slash or question mark on; not decoded. */
  readonly rest: string;
}

/** One server of an address. */
export interface ServerAddress {
  readonly host: string;
  readonly port?: number;
}

const portMax = 65_535;
/** Characters with a meaning in an address, and how to write them inside a name or a password. */
const encoded = { '%': '%25', '#': '%23', '@': '%40', ':': '%3A', '/': '%2F', '?': '%3F' } as const;

/**
 * Reads `scheme://[user[:password]@]host[:port][,host[:port]…][/path][?query]`. A comma in a password is part of it;
 * each further server may repeat the scheme and the login. Throws `invalid` `config.invalid` saying which character is
 * wrong and how to write it, without quoting the address, which may hold a secret.
 */
export function parseServerUrl(text: string): ServerUrl {
  const [, scheme = '', behind = ''] = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/is.exec(text.trim()) ?? [];
  if (behind === '') throw wrong('must look like scheme://user:password@host:port');
  if (/[\s\p{Cc}]/u.test(behind)) throw wrong('has a blank or a line break in it: write %20 for a blank');
  if (behind.includes('#')) throw misplaced('#');
  if (!isDecodable(behind)) throw misplaced('%');
  // Escape the scheme's dots and pluses: in a pattern they have another meaning.
  const servers = behind.split(new RegExp(`,${scheme.replace(/[+.]/g, '\\$&')}://`, 'i'));
  const [first, ...more] = servers.map((server) => readServer(server, scheme.toLowerCase()));
  for (const { user, password } of more) {
    if (user !== undefined && (user !== first!.user || password !== first!.password)) throw wrong('names two logins');
  }
  return { ...first!, scheme: scheme.toLowerCase(), hosts: [first!, ...more].flatMap(({ hosts }) => hosts) };
}

function readServer(text: string, scheme: string): Omit<ServerUrl, 'scheme'> {
  const end = text.search(/[/?]/);
  const authority = end < 0 ? text : text.slice(0, end);
  const rest = end < 0 ? '' : text.slice(end);
  const at = authority.lastIndexOf('@');
  if (at < 0) refuseCutLogin(authority, rest, scheme);
  const login = at < 0 ? undefined : authority.slice(0, at);
  const hosts = authority
    .slice(at + 1)
    .split(',')
    .map(readAddress);
  if (login === undefined) return { hosts, rest };
  if (login.includes('@')) throw misplaced('@');
  const colon = login.indexOf(':');
  const user = colon < 0 ? login : login.slice(0, colon);
  const password = colon < 0 ? undefined : login.slice(colon + 1);
  // EventStoreDB's client would cut the password there.
  if (password?.includes(':') && /^(esdb|kurrentdb)/.test(scheme)) throw misplaced(':');
  return {
    user: decodeURIComponent(user),
    ...(password !== undefined && { password: decodeURIComponent(password) }),
    hosts,
    rest,
  };
}

/** A slash or a question mark in a password ends the host before the @ comes. */
function refuseCutLogin(authority: string, rest: string, scheme: string): void {
  const [mark] = rest;
  if (!rest.includes('@') || (mark !== '/' && mark !== '?')) return;
  const [path = ''] = rest.slice(1).split('?');
  const port = /:([^:\]]*)$/.exec(authority)?.[1] ?? '';
  const isLogin = !/^\d*$/.test(port) || (mark === '/' && path.includes('@') && !scheme.startsWith('http'));
  if (isLogin || (mark === '?' && /^\?[^=]*@/.test(rest))) throw misplaced(mark);
}

function readAddress(text: string): ServerAddress {
  const [, bracketed, plain, port] = /^(?:\[([0-9a-f:.]+)\]|([^:[\]]*))(?::(.*))?$/i.exec(text) ?? [];
  const host = bracketed ?? plain;
  if (!host) throw wrong('names no host, or one that cannot be read: write scheme://user:password@host:port');
  if (port === undefined || port === '') return { host };
  if (/^\d+$/.test(port) && Number(port) <= portMax) return { host, port: Number(port) };
  throw wrong(`has a port that is no number; what is part of a password must be encoded (${allEncoded})`);
}

const allEncoded = Object.entries(encoded)
  .map(([character, code]) => `${character} as ${code}`)
  .join(', ');

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

const misplaced = (character: keyof typeof encoded): HarkError =>
  wrong(`has a ${character} that belongs to a name or a password: write it as ${encoded[character]}`);

const wrong = (message: string): HarkError => new HarkError('invalid', 'config.invalid', message);
