import { createDecipheriv } from 'node:crypto';
import fc from 'fast-check';
import { Outbound } from '@hark/outbound';
import { BarkChannel, barkParameters } from './bark.channel';
import { BarkEncryption, encryptForBark, freshBarkIv } from './bark-crypto';
import { classifyBark } from './bark-reply';
import { Notification } from './channel';
import { ErrorBudget } from './error-budget';
import { cutToBytes, jsonBytes } from './text-budget';

const note: Notification = {
  deliveryId: 'd-1',
  dedupeId: 'd-1',
  appName: 'Hacker密码',
  appVerified: true,
  personId: 'p-1',
  ownerId: 'o-1',
  title: '工单',
  body: '已派单',
  priority: 'normal',
  level: 'strong',
  locale: 'zh-CN',
  receivedAt: '2026-11-22T09:00:00.000Z',
};

describe('encryption for Bark', () => {
  const key16 = '1234567890123456';
  const key32 = '12345678901234567890123456789012';
  const vectors: [BarkEncryption, string, string, string][] = [
    [
      { algorithm: 'AES128', mode: 'CBC', key: key16 },
      '1111111111111111',
      '{"body": "test", "sound": "birdsong"}',
      'd3QhjQjP5majvNt5CjsvFWwqqj2gKl96RFj5OO+u6ynTt7lkyigDYNA3abnnCLpr',
    ],
    [
      { algorithm: 'AES128', mode: 'CBC', key: key16 },
      '1234567890123456',
      '{"body": "test", "sound": "birdsong"}',
      '+aPt5cwN9GbTLLSFri60l3h1X00u/9j1FENfWiTxhNHVLGU+XoJ15JJG5W/d/yf0',
    ],
    [
      { algorithm: 'AES256', mode: 'GCM', key: key32 },
      '111111111111',
      '{"body":"test","sound":"birdsong"}',
      '7h58z2hMtfpAZnNetzS8dTV3l/IyD5NYbtFbga2OhVipnQTd9VZVHIVs8rmQ+LIgZKc=',
    ],
    [
      { algorithm: 'AES256', mode: 'ECB', key: key32 },
      '',
      '{"body":"test","sound":"birdsong"}',
      'EAxDvaSjW3ZusGaSc3omzoydDtBtqva9k7LRgsO8gn6VoA5XzTfZzrBst5S/Vm/Q',
    ],
  ];

  it.each(vectors)('%j with iv %s', (encryption, iv, plaintext, expected) => {
    expect(encryptForBark(plaintext, encryption, iv)).toBe(expected);
  });

  it.each(['AES128', 'AES192', 'AES256'] as const)('%s-CBC comes back', (algorithm) => {
    const key = key32.slice(0, Number(algorithm.slice(3)) / 8);
    const iv = freshBarkIv('CBC');
    const decipher = createDecipheriv(`aes-${algorithm.slice(3)}-cbc`, key, iv);
    const sealed = encryptForBark('已派单', { algorithm, mode: 'CBC', key }, iv);
    expect(decipher.update(sealed, 'base64', 'utf8') + decipher.final('utf8')).toBe('已派单');
  });

  it('takes a fresh IV each time, in characters', () => {
    expect([freshBarkIv('CBC'), freshBarkIv('GCM'), freshBarkIv('ECB')].map((iv) => iv.length)).toEqual([16, 12, 0]);
    expect(freshBarkIv('CBC')).toMatch(/^[\w-]{16}$/);
    expect(freshBarkIv('CBC')).not.toBe(freshBarkIv('CBC'));
  });
});

describe("a Bark server's answer", () => {
  const envelope = (code: number, message: string) => JSON.stringify({ code, message, timestamp: 1 });
  it.each([
    [200, envelope(200, 'success'), 'sent'],
    [200, '<html>portal</html>', 'unknown'],
    [200, '{}', 'unknown'],
    [200, envelope(500, 'odd'), 'unknown'],
    [400, envelope(400, 'device key is empty'), 'BAD_REQUEST'],
    [
      400,
      envelope(400, 'failed to get device token: failed to get [KEYSECRET] device token from database'),
      'RECIPIENT_GONE',
    ],
    [400, envelope(400, 'failed to get device token: device token invalid'), 'RECIPIENT_GONE'],
    [400, envelope(400, 'failed to get device token: key not found'), 'RECIPIENT_GONE'],
    [400, envelope(400, 'request bind failed: unexpected end'), 'BAD_REQUEST'],
    [404, envelope(404, 'Cannot GET /a/b/c/d/e'), 'BAD_REQUEST'],
    [405, envelope(405, 'Method Not Allowed'), 'BAD_REQUEST'],
    [418, "I'm a teapot", 'CONFIG'],
    [302, '', 'CONFIG'],
    [404, '<html>', 'CONFIG'],
    [429, '<html>', 'THROTTLED'],
    [502, '<html>', 'TRANSIENT'],
    [429, envelope(429, 'push failed: BadDeviceToken'), 'THROTTLED'],
    [503, envelope(503, 'failed to get device token'), 'TRANSIENT'],
    [500, envelope(500, 'push failed: BadDeviceToken'), 'RECIPIENT_GONE'],
    [500, envelope(500, 'push failed: Unregistered'), 'RECIPIENT_GONE'],
    [500, envelope(500, 'push failed: DeviceTokenNotForTopic'), 'RECIPIENT_GONE'],
    [500, envelope(500, 'push failed: PayloadTooLarge'), 'BAD_REQUEST'],
    [500, envelope(500, 'push failed: TooManyRequests'), 'THROTTLED'],
    [500, envelope(500, 'push failed: TooManyProviderTokenUpdates'), 'CONFIG'],
    [500, envelope(500, 'push failed: InvalidProviderToken'), 'CONFIG'],
    [500, envelope(500, 'push failed: Post "https://api.push.apple.com": dial tcp: i/o timeout'), 'TRANSIENT'],
    [500, envelope(500, 'push failed: InternalServerError'), 'TRANSIENT'],
    [500, envelope(500, 'interface conversion: interface {} is float64, not string'), 'BAD_REQUEST'],
  ])('%i %s means %s', (status, text, expected) => {
    const result = classifyBark(status, text);
    expect(result.is === 'failed' ? result.class : result.is).toBe(expected);
    expect(JSON.stringify(result)).not.toContain('KEYSECRET');
  });

  it('that sends elsewhere says so', () =>
    expect(classifyBark(301, '')).toMatchObject({ class: 'CONFIG', reason: 'redirected' }));

  it('about credentials is against the hub where the server is its own', () => {
    expect(classifyBark(418, "I'm a teapot", true)).toMatchObject({ class: 'CONFIG', reason: 'hub-refused' });
    expect(classifyBark(418, "I'm a teapot")).not.toHaveProperty('reason');
  });
});

describe('the texts of a push', () => {
  it('name the app, and stand as they came when they fit', () => {
    expect(barkParameters({ ...note, url: 'https://x.example/1' }, 3_500)).toEqual({
      title: '工单',
      subtitle: 'Hacker密码',
      body: '已派单',
      group: 'Hacker密码',
      isArchive: '1',
      url: 'https://x.example/1',
    });
    expect(barkParameters({ ...note, title: undefined }, 3_500)).toMatchObject({ title: 'Hacker密码', body: '已派单' });
  });

  it('come with pictures only from an app that somebody answers for', () => {
    const pictures = { icon: 'https://app.example/icon.png', image: 'https://app.example/map.png' };
    expect(barkParameters({ ...note, ...pictures, appVerified: true }, 3_500)).toMatchObject(pictures);
    const unverified = barkParameters({ ...note, ...pictures, appVerified: false }, 3_500);
    expect(unverified).not.toHaveProperty('icon');
    expect(unverified).not.toHaveProperty('image');
  });

  it('fit the bytes Apple takes, whatever they are, as Go would write them', () => {
    const unit = fc.constantFrom('a', '字', '😀', '<', '&', '\n', '"', '\\', '\u2028', '\ud800', '\0');
    const text = (maxLength: number) => fc.string({ unit, maxLength });
    fc.assert(
      fc.property(text(200), text(1_000), text(6_000), text(1_500), (appName, title, body, url) => {
        const values = Object.values(barkParameters({ ...note, appName, title, body, url }, 3_500));
        expect(values.reduce((sum, value) => sum + jsonBytes(value), 0)).toBeLessThanOrEqual(3_500);
        expect(values.every((value) => value.isWellFormed())).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it('are cut between characters, with a sign that they were', () => {
    expect(cutToBytes('字字字字', 12)).toBe('字字字字');
    expect(cutToBytes('字字字字', 11)).toBe('字字…');
    expect(cutToBytes('😀😀', 7)).toBe('😀…');
    expect(cutToBytes('字', 2)).toBe('');
    expect(cutToBytes('a👩‍👩‍👧‍👦b', 20)).toBe('a…');
    expect(cutToBytes('🇨🇳🇨🇳', 12)).toBe('🇨🇳…');
    expect(jsonBytes('<\n"')).toBe(6 + 2 + 2);
  });
});

describe('a Bark endpoint', () => {
  const base = 'http://localhost:3100/bark';
  const madeKey = 'aB3dE5gH7jK9mN2pQ4sT6v';
  const errors = new ErrorBudget({ query: () => Promise.reject(new Error('nothing is sent here')) });
  const channel = new BarkChannel({ outbound: new Outbound({ allowOrigins: [base] }), baseUrl: `${base}/`, errors });
  const read = (input: object) => channel.fields.schema.safeParse(input);

  it.each([
    [{ deviceKey: 'keyAAAA' }, { deviceKey: 'keyAAAA' }],
    [{ deviceKey: ' keyAAAA ' }, { deviceKey: 'keyAAAA' }],
    [{ deviceKey: 'https://api.day.app/keyAAAA/' }, { deviceKey: 'keyAAAA', serverUrl: 'https://api.day.app' }],
    [
      { deviceKey: 'https://api.day.app/keyAAAA/标题/内容?group=x' },
      { deviceKey: 'keyAAAA', serverUrl: 'https://api.day.app' },
    ],
    [{ deviceKey: `${base}/keyAAAA/Title` }, { deviceKey: 'keyAAAA' }],
    [{ deviceKey: 'keyAAAA', serverUrl: base }, { deviceKey: 'keyAAAA' }],
    [
      { deviceKey: 'keyAAAA', serverUrl: 'https://bark.example.com/' },
      { deviceKey: 'keyAAAA', serverUrl: 'https://bark.example.com' },
    ],
    [
      { deviceKey: 'keyAAAA', serverUrl: 'https://bark.example.com/pre/fix/keyAAAA/' },
      { deviceKey: 'keyAAAA', serverUrl: 'https://bark.example.com/pre/fix' },
    ],
    [
      { deviceKey: `https://bark.example.com/my-bark/${madeKey}/` },
      { deviceKey: madeKey, serverUrl: 'https://bark.example.com/my-bark' },
    ],
    [
      { deviceKey: `https://bark.example.com/a/b/${madeKey}/Title/Body` },
      { deviceKey: madeKey, serverUrl: 'https://bark.example.com/a/b' },
    ],
    [
      { deviceKey: `https://bark.example.com/my-bark/register/${madeKey}` },
      { deviceKey: madeKey, serverUrl: 'https://bark.example.com/my-bark' },
    ],
    [
      { deviceKey: 'https://bark.example.com/my-bark/shortkey/Title', serverUrl: 'https://bark.example.com/my-bark/' },
      { deviceKey: 'shortkey', serverUrl: 'https://bark.example.com/my-bark' },
    ],
    [
      { deviceKey: 'https://bark.example.com/shortkey/' },
      { deviceKey: 'shortkey', serverUrl: 'https://bark.example.com' },
    ],
    [
      { deviceKey: 'k', serverUrl: 'https://bark.example.com/PUSH/' },
      { deviceKey: 'k', serverUrl: 'https://bark.example.com' },
    ],
    [
      { deviceKey: 'k', serverUrl: 'https://bark.example.com/my-bark/push' },
      { deviceKey: 'k', serverUrl: 'https://bark.example.com/my-bark' },
    ],
    [{ deviceKey: 'k', serverUrl: `${base}/Push/` }, { deviceKey: 'k' }],
    [
      { deviceKey: 'k', critical: true },
      { deviceKey: 'k', critical: true },
    ],
  ])('%j is kept as %j', (input, kept) => {
    expect(read(input)).toEqual({ success: true, data: kept });
    expect(read(kept)).toEqual({ success: true, data: kept });
  });

  it.each([
    [{}, 'deviceKey'],
    [{ deviceKey: '' }, 'deviceKey'],
    [{ deviceKey: 'push' }, 'deviceKey'],
    [{ deviceKey: 'a b' }, 'deviceKey'],
    [{ deviceKey: '../x' }, 'deviceKey'],
    [{ deviceKey: 'https://api.day.app/' }, 'deviceKey'],
    [{ deviceKey: 'http://api.day.app/keyAAAA' }, 'deviceKey'],
    [{ deviceKey: 'Push' }, 'deviceKey'],
    [{ deviceKey: 'https://bark.example.com/my-bark/shortkey' }, 'serverUrl'],
    [{ deviceKey: `https://bark.example.com/${madeKey}/${madeKey}` }, 'serverUrl'],
    [{ deviceKey: `https://bark.example.com/${madeKey}`, serverUrl: 'https://other.example.com' }, 'serverUrl'],
    [{ deviceKey: 'k', serverUrl: `${base}/x` }, 'serverUrl'],
    [{ deviceKey: 'k', serverUrl: 'http://localhost:3100/control' }, 'serverUrl'],
    [{ deviceKey: 'k', serverUrl: 'https://10.0.0.1/' }, 'serverUrl'],
    [{ deviceKey: 'k', serverUrl: 'https://user:pw@bark.example.com/' }, 'serverUrl'],
    [{ deviceKey: 'k', serverUrl: 'http://localhost:3101' }, 'serverUrl'],
    [{ deviceKey: 'k', serverUrl: 'bark.example.com' }, 'serverUrl'],
    [{ deviceKey: 'k', encryption: { algorithm: 'AES256', mode: 'GCM', key: '1234567890123456' } }, 'encryption.key'],
    [
      { deviceKey: 'k', encryption: { algorithm: 'DES', mode: 'GCM', key: '1234567890123456' } },
      'encryption.algorithm',
    ],
    [{ deviceKey: 'k', extra: 1 }, ''],
  ])('%j is refused at %s', (input, path) => {
    const result = read(input);
    expect(result.success ? 'accepted' : result.error.issues[0]?.path.join('.')).toBe(path);
  });

  it.each([
    [{ deviceKey: 'k', serverUrl: 'https://push.example.net:8080' }, 'serverUrl', /ports 443, 8443/],
    [{ deviceKey: `https://push.example.net:9443/${madeKey}` }, 'deviceKey', /ports 443, 8443/],
    [{ deviceKey: 'k', serverUrl: 'http://push.example.net' }, 'serverUrl', /begin with https/],
    [{ deviceKey: 'k', serverUrl: 'https://192.168.1.2' }, 'serverUrl', /public address/],
    [{ deviceKey: 'k', serverUrl: 'https://nas.local' }, 'serverUrl', /public host name/],
    [{ deviceKey: 'k', serverUrl: 'push.example.net' }, 'serverUrl', /begins with https/],
    [{ deviceKey: 'k', serverUrl: 'https://u:p@push.example.net' }, 'serverUrl', /user name or password/],
  ])('%j is refused at %s by the rule that says no: %s', (input, path, message) => {
    const result = read(input);
    const [issue] = result.success ? [] : result.error.issues;
    expect([issue?.path.join('.'), issue?.message]).toEqual([path, expect.stringMatching(message)]);
  });

  it('is identified by server and key, and shown without either secret', () => {
    expect(channel.identify({ deviceKey: 'https://api.day.app/keyAAAA/' })).toBe('https://api.day.app/keyAAAA');
    expect(channel.identify({ deviceKey: 'keyAAAA' })).toBe(`${base}/keyAAAA`);
    const encryption = { algorithm: 'AES128', mode: 'CBC', key: '1234567890123456' };
    expect(
      channel.show({ deviceKey: 'ABCDEFGHIJKLMNOP', serverUrl: 'https://bark.example.com/x', encryption }),
    ).toEqual({
      deviceKey: '••••MNOP',
      serverUrl: 'https://bark.example.com',
      encryption: 'AES128-CBC',
    });
    expect(channel.show({ deviceKey: 'short' })).toEqual({ deviceKey: '••••' });
  });
});
