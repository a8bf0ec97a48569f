import type { FastifyReply } from 'fastify';
import { SessionCookie } from './session-cookie';

const here = new SessionCookie(() => 'http://localhost:3000');
const outside = new SessionCookie(() => 'https://hark.example');
const asking = { 'hark-session': 'cookie', host: 'hark.example' };

/** The header that `write` sets. */
function written(cookie: SessionCookie, token: string, maxAgeS: number): unknown {
  const headers: Record<string, unknown> = {};
  cookie.write(
    { header: (name: string, value: unknown) => (headers[name] = value) } as unknown as FastifyReply,
    token,
    maxAgeS,
  );
  return headers['set-cookie'];
}

/** The code of the error that `work` throws. */
function refusal(work: () => unknown): string | undefined {
  try {
    work();
  } catch (error) {
    return (error as { code?: string }).code;
  }
  return undefined;
}

describe('a session in a cookie', () => {
  it('is asked for by a header, of the hub’s own pages alone', () => {
    expect(outside.wanted({ host: 'hark.example' })).toBe(false);
    // What a browser sends by itself asks for nothing.
    expect(outside.wanted({ host: 'hark.example', cookie: '__Host-hark-refresh=one' })).toBe(false);
    expect(outside.wanted(asking)).toBe(true);
    expect(outside.wanted({ ...asking, origin: 'https://hark.example', 'sec-fetch-site': 'same-origin' })).toBe(true);
    const foreign = [
      { origin: 'https://evil.example' },
      { origin: 'https://sub.hark.example' },
      { origin: 'null' },
      { 'sec-fetch-site': 'same-site' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'none' },
    ];
    for (const headers of foreign)
      expect(refusal(() => outside.wanted({ ...asking, ...headers }))).toBe('session.foreign-page');
  });

  it('is out of the reach of scripts, other sites and sibling hosts', () => {
    expect(written(outside, 'token', 60)).toBe(
      '__Host-hark-refresh=token; Path=/; Max-Age=60; HttpOnly; SameSite=Strict; Secure',
    );
    expect(written(here, 'token', 60)).toBe('hark-refresh=token; Path=/; Max-Age=60; HttpOnly; SameSite=Strict');
    expect(written(here, '', 0)).toContain('Max-Age=0');
  });

  it('is read under its own name only', () => {
    expect(outside.read({ cookie: 'a=b; __Host-hark-refresh=one; c=d' })).toBe('one');
    expect(here.read({ cookie: 'hark-refresh=two' })).toBe('two');
    for (const cookie of [undefined, '', 'hark-refresh=two', 'x__Host-hark-refresh=one'])
      expect(refusal(() => outside.read({ cookie }))).toBe('session.required');
  });
});
