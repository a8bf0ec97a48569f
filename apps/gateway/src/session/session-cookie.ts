import type { FastifyReply } from 'fastify';
import { HarkError } from '@hark/kernel';
import { header } from '../http/request-headers';

type Headers = Parameters<typeof header>[0];

/** The request header by which the console asks for the cookie; no form and no foreign page can send it (Fetch 2.2.2). */
export const cookieHeader = 'hark-session';

/**
 * Keeps the refresh token of a browser's session where no script reads it: in a cookie that only the routes of a session
 * look at, and only when the page asks for it by a header. It never authorises a call by itself.
 */
export class SessionCookie {
  constructor(private readonly publicUrl: () => string) {}

  /**
   * Whether the caller wants the refresh token in the cookie. Throws `session.foreign-page` when another page's script
   * asks, which the browser says in `Sec-Fetch-Site` or `Origin`.
   */
  wanted(headers: Headers): boolean {
    if (header(headers, cookieHeader) !== 'cookie') return false;
    const site = header(headers, 'sec-fetch-site');
    const origin = header(headers, 'origin');
    const own = [new URL(this.publicUrl()).host, header(headers, 'host')];
    const foreign =
      (site !== undefined && site !== 'same-origin') ||
      (origin !== undefined && (!URL.canParse(origin) || !own.includes(new URL(origin).host)));
    if (foreign)
      throw new HarkError('refused', 'session.foreign-page', 'a page of another origin asks for the session');
    return true;
  }

  /** The refresh token; throws `session.required` when the browser has none. */
  read(headers: Headers): string {
    const name = `${this.name}=`;
    const cookies = (header(headers, 'cookie') ?? '').split(';').map((cookie) => cookie.trim());
    const [cookie] = cookies.filter((one) => one.startsWith(name));
    if (cookie === undefined) throw new HarkError('refused', 'session.required', 'the browser has no session');
    return cookie.slice(name.length);
  }

  /** Keeps `refreshToken` for `maxAgeS` seconds; without one takes away what is kept. */
  write(reply: FastifyReply, refreshToken: string, maxAgeS: number): void {
    const secure = this.isSecure ? '; Secure' : '';
    reply.header(
      'set-cookie',
      `${this.name}=${refreshToken}; Path=/; Max-Age=${maxAgeS}; HttpOnly; SameSite=Strict${secure}`,
    );
  }

  /** With TLS the prefix keeps a sibling host from setting it (RFC 6265bis 4.1.3.2). */
  private get name(): string {
    return this.isSecure ? '__Host-hark-refresh' : 'hark-refresh';
  }

  private get isSecure(): boolean {
    return this.publicUrl().startsWith('https:');
  }
}
