import { HarkError } from './hark-error';
import { parseServerUrl } from './server-url';

const secret = 'p%,:@/?#ß word';
const code = encodeURIComponent(secret);

describe('the address of a server', () => {
  it.each([
    ['nats://localhost:4222', { scheme: 'nats', hosts: [{ host: 'localhost', port: 4222 }], rest: '' }],
    ['nats://token@h', { scheme: 'nats', user: 'token', hosts: [{ host: 'h' }], rest: '' }],
    [
      'nats://u:a,b@h:1,i:2',
      {
        user: 'u',
        password: 'a,b',
        hosts: [
          { host: 'h', port: 1 },
          { host: 'i', port: 2 },
        ],
      },
    ],
    [
      'nats://u:p@h:1,nats://u:p@i:2',
      {
        user: 'u',
        password: 'p',
        hosts: [
          { host: 'h', port: 1 },
          { host: 'i', port: 2 },
        ],
      },
    ],
    [
      `SMTP://me%40example.org:${code}@[::1]:25?tls=none`,
      {
        scheme: 'smtp',
        user: 'me@example.org',
        password: secret,
        hosts: [{ host: '::1', port: 25 }],
        rest: '?tls=none',
      },
    ],
    [
      `postgres://hark:${code}@db/hark?sslmode=require`,
      { user: 'hark', password: secret, rest: '/hark?sslmode=require' },
    ],
    ['postgres://hark:a:b@db/hark', { user: 'hark', password: 'a:b' }],
    [
      'esdb+discover://u:p@a,b:2114?connectionName=x@y',
      { scheme: 'esdb+discover', hosts: [{ host: 'a' }, { host: 'b', port: 2114 }] },
    ],
    ['https://host/@scope/a', { scheme: 'https', hosts: [{ host: 'host' }], rest: '/@scope/a' }],
  ])('%s is read and decoded', (text, expected) => expect(parseServerUrl(text)).toMatchObject(expected));

  it.each([
    ['postgres://hark:50%off@db/hark', '%', '%25'],
    ['postgres://hark:%E4@db/hark', '%', '%25'],
    ['smtp://me:a#b@mail', '#', '%23'],
    ['nats://u:a@b@host', '@', '%40'],
    ['postgres://hark:a/b@db/hark', '/', '%2F'],
    ['postgres://hark:1/2@db/hark', '/', '%2F'],
    ['nats://to/ken@host', '/', '%2F'],
    ['smtp://me:a?b@mail', '?', '%3F'],
    ['smtp://me:1?b@mail', '?', '%3F'],
    ['esdb://u:a:b@host', ':', '%3A'],
  ])('%s is refused with the character and its code', (text, character, right) =>
    expect(refusalOf(text)).toBe(`has a ${character} that belongs to a name or a password: write it as ${right}`),
  );

  it.each([
    '',
    'host:1',
    'nats://',
    'nats://u:p@',
    'nats://u:p@h:x',
    'nats://h:70000',
    'nats://a b@h',
    'nats://u:p@h,nats://v:q@i',
  ])('%p is refused without showing any of it', (text) => {
    const refusal = refusalOf(text);
    expect(refusal).not.toBe('');
    for (const part of ['u:p@h', 'v:q', 'a b@', '70000']) expect(refusal).not.toContain(part);
  });
});

function refusalOf(text: string): string {
  try {
    parseServerUrl(text);
    return '';
  } catch (error) {
    expect(error).toBeInstanceOf(HarkError);
    expect((error as HarkError).code).toBe('config.invalid');
    return (error as HarkError).message;
  }
}
