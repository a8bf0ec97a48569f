import { createDecipheriv } from 'node:crypto';
import { createServer, IncomingHttpHeaders } from 'node:http';
import { AddressInfo, Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { ParsedMail, simpleParser } from 'mailparser';
import { Pool } from 'pg';
import { SMTPServer } from 'smtp-server';
import { Mailer, Outbound } from '@hark/outbound';
import { FreshDatabase, freshDatabase, xssCorpus } from '@hark/testing';
import { BarkChannel } from './bark.channel';
import { Channel, Notification } from './channel';
import { ChannelRegistry } from './channel-registry';
import { EmailChannel, EmailOptions } from './email.channel';
import { ErrorBudget } from './error-budget';
import { NtfyChannel } from './ntfy.channel';
import { signAnswer, signWebhook, WebhookChannel } from './webhook.channel';
import { WechatChannel } from './wechat.channel';

const note: Notification = {
  deliveryId: '0f3a1c9e-1111-4222-8333-444455556666',
  dedupeId: '0f3a1c9e-1111-4222-8333-444455556666',
  appName: 'Hacker密码',
  appVerified: true,
  personId: 'p-1',
  ownerId: 'o-1',
  title: '工单 <已派单>',
  body: '师傅 & 车辆\n已出发 <script>alert(1)</script>',
  url: 'https://app.example/t/1?a=1&b="2"',
  priority: 'high',
  thread: 'ticket-1024',
  level: 'strong',
  locale: 'zh-CN',
  receivedAt: '2026-11-22T09:00:00.000Z',
};

let database: FreshDatabase;
let pool: Pool;
let errors: ErrorBudget;
beforeAll(async () => {
  database = await freshDatabase();
  pool = new Pool({ connectionString: database.url, max: 2 });
  errors = new ErrorBudget(pool);
});
afterAll(async () => {
  await pool.end();
  await database.close();
});

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

interface Seen {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly raw: string;
  readonly body: Record<string, unknown>;
}
interface Reply {
  readonly status?: number;
  readonly text?: string;
  readonly headers?: Record<string, string>;
  readonly cut?: boolean;
  readonly hang?: boolean;
}

async function httpServer(reply: Reply = {}) {
  const seen: Seen[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const raw = Buffer.concat(chunks).toString();
      seen.push({
        path: request.url ?? '',
        headers: request.headers,
        raw,
        body: JSON.parse(raw) as Record<string, unknown>,
      });
      if (reply.hang === true) return;
      if (reply.cut === true) return request.socket.destroy();
      response
        .writeHead(reply.status ?? 200, reply.headers ?? {})
        .end(reply.text ?? '{"code":200,"message":"success","timestamp":1}');
    });
  });
  server.on('connection', (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const port = (server.address() as AddressInfo).port;
  const outbound = new Outbound({
    allowOrigins: [baseUrl],
    allowHttp: true,
    allowPorts: [port],
    allowNetworks: ['127.0.0.1/32'],
  });
  closers.push(
    () => new Promise((resolve) => server.close(resolve)),
    () => sockets.forEach((socket) => socket.destroy()),
    () => outbound.close(),
  );
  return { seen, baseUrl, outbound };
}

/** A server of a person's own that takes requests and never answers. */
async function hangingServer() {
  const { baseUrl, outbound } = await httpServer({ hang: true });
  return { server: baseUrl, outbound };
}

describe('Bark', () => {
  async function barkWith(reply: Reply = {}) {
    const { seen, baseUrl, outbound } = await httpServer(reply);
    return { seen, bark: new BarkChannel({ outbound, baseUrl, errors }) };
  }
  const device = { deviceKey: 'keyAAAA' };

  it('gets one JSON push with string values only and an id that repeats', async () => {
    const { seen, bark } = await barkWith();
    expect(await bark.send(device, note)).toEqual({ is: 'sent', providerRef: note.dedupeId });
    await bark.send(device, note);
    expect(seen[0]).toMatchObject({ path: '/push', headers: { 'content-type': 'application/json; charset=utf-8' } });
    expect(seen[0]?.body).toEqual({
      device_key: 'keyAAAA',
      id: note.dedupeId,
      title: note.title,
      subtitle: 'Hacker密码',
      body: note.body,
      group: 'Hacker密码',
      isArchive: '1',
      url: 'https://app.example/t/1?a=1&b=%222%22',
      level: 'timeSensitive',
    });
    expect(seen[1]?.body).toEqual(seen[0]?.body);
  });

  it.each([
    [{ level: 'weak' }, {}, 'passive'],
    [{ silent: true }, { critical: true }, 'passive'],
    [{ priority: 'low' }, {}, 'passive'],
    [{ priority: 'normal' }, {}, 'active'],
    [{ priority: 'high' }, {}, 'timeSensitive'],
    [{ priority: 'critical' }, {}, 'timeSensitive'],
    [{ priority: 'critical' }, { critical: true }, 'critical'],
  ] as const)('%j at an endpoint with %j has level %s', async (change, endpoint, level) => {
    const { seen, bark } = await barkWith();
    await bark.send({ ...device, ...endpoint }, { ...note, ...change });
    expect(seen[0]?.body['level']).toBe(level);
  });

  it('gets a link that it can open, names an unverified app as such, and says when a link is left out', async () => {
    const { seen, bark } = await barkWith();
    const url = 'https://例子.中国/工单?x={1}';
    expect(await bark.send(device, { ...note, appVerified: false, url })).not.toHaveProperty('leftOut');
    expect(seen[0]?.body).toMatchObject({
      url: 'https://xn--fsqu00a.xn--fiqs8s/%E5%B7%A5%E5%8D%95?x=%7B1%7D',
      subtitle: 'Hacker密码 · 未认证',
      group: 'Hacker密码 · 未认证',
    });
    const long = await bark.send(device, { ...note, url: `https://a.example/${'x'.repeat(1_500)}` });
    expect(long).toMatchObject({ is: 'sent', leftOut: 'link' });
    expect(seen[1]?.body).not.toHaveProperty('url');
  });

  it('gets nothing readable when the person encrypts', async () => {
    const { seen, bark } = await barkWith();
    const key = '1234567890123456';
    const endpoint = { ...device, encryption: { algorithm: 'AES128', mode: 'CBC', key } };
    expect((await bark.send(endpoint, { ...note, body: '字'.repeat(5_000) })).is).toBe('sent');
    const { iv, ciphertext, ...rest } = seen[0]!.body as Record<string, string>;
    expect(rest).toEqual({ device_key: 'keyAAAA', id: note.dedupeId, body: '收到一条加密消息' });
    expect(Buffer.byteLength(seen[0]!.raw)).toBeLessThan(4_000);
    const decipher = createDecipheriv('aes-128-cbc', key, iv!);
    const plain = JSON.parse(decipher.update(ciphertext!, 'base64', 'utf8') + decipher.final('utf8')) as Record<
      string,
      string
    >;
    expect(plain).toMatchObject({ title: note.title, level: 'timeSensitive', group: 'Hacker密码' });
    expect(plain['body']).toMatch(/^字+…$/);
  });

  it('takes a message back by the name it has on the phone, in the clear: the server has to read that', async () => {
    const { seen, bark } = await barkWith();
    const encryption = { algorithm: 'AES128', mode: 'CBC', key: '1234567890123456' };
    const collapseKey = '0f3a1c9e-1111-5222-8333-444455556666';
    await bark.send({ ...device, encryption }, { ...note, collapseKey });
    expect(await bark.takeBack({ ...device, encryption }, collapseKey, note.personId)).toMatchObject({ is: 'sent' });
    expect(seen[1]!.body).toEqual({ device_key: seen[0]!.body.device_key, id: seen[0]!.body.id, delete: '1' });
  });

  it('gets the code in the language of the person', async () => {
    const { seen, bark } = await barkWith();
    expect((await bark.challenge(device, '123456', 'zh-CN', 'p-1')).is).toBe('sent');
    await bark.challenge(device, '123456', 'en', 'p-1');
    expect(seen.map(({ body }) => body['title'])).toEqual(['Hark 验证码 123456', 'Hark code 123456']);
  });

  it('is put off when the budget of errors is used up, before anything leaves', async () => {
    const { seen, bark } = await barkWith({ status: 400, text: '{"code":400,"message":"device key is empty"}' });
    const results = [];
    for (let i = 0; i < 41; i += 1) results.push(await bark.send(device, { ...note, personId: 'p-spender' }));
    expect(results.at(39)).toMatchObject({ class: 'BAD_REQUEST' });
    expect(results.at(40)).toMatchObject({ is: 'failed', class: 'THROTTLED', putOff: true });
    expect(results.at(40)).toHaveProperty('retryAfterMs');
    expect(seen).toHaveLength(40);
    expect(await bark.send(device, { ...note, personId: 'p-other' })).toMatchObject({ class: 'BAD_REQUEST' });
  });

  it("waits three seconds for somebody's own server, not longer", async () => {
    const { server, outbound } = await hangingServer();
    const bark = new BarkChannel({ outbound, baseUrl: 'https://bark.hub.example', errors });
    const asked = jest.spyOn(outbound, 'request');
    const result = await bark.send({ ...device, serverUrl: server }, note);
    expect(result).toEqual({ is: 'unknown', detail: 'unknown-outcome deadline' });
    expect(asked.mock.calls).toMatchObject([[{ timeoutMs: 3_000 }]]);
  });

  it('says what failed, what is unknown, and that an unreadable endpoint is a fault of ours', async () => {
    const gone = await barkWith({
      status: 500,
      text: '{"code":500,"message":"push failed: BadDeviceToken","timestamp":1}',
    });
    expect(await gone.bark.send(device, note)).toEqual({
      is: 'failed',
      class: 'RECIPIENT_GONE',
      detail: '500 BadDeviceToken',
    });
    expect((await (await barkWith({ cut: true })).bark.send(device, note)).is).toBe('unknown');
    const huge = await barkWith({ text: 'x'.repeat(100_000) });
    expect((await huge.bark.send(device, note)).is).toBe('sent');
    expect(await gone.bark.send({ nonsense: true }, note)).toEqual({
      is: 'failed',
      class: 'CONFIG',
      detail: 'endpoint',
    });
  });
});

describe('e-mail', () => {
  async function mailWith(options: Partial<EmailOptions> = {}, answer = '250 2.0.0 Ok: queued as 1') {
    const mails: { parsed: ParsedMail; raw: string }[] = [];
    const server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['AUTH', 'STARTTLS'],
      onRcptTo: ({ address }, _session, done) =>
        address.startsWith('hard@')
          ? done(Object.assign(new Error('5.1.1 no such user'), { responseCode: 550 }))
          : address.startsWith('sold@')
            ? done(Object.assign(new Error('5.7.17 mailbox owner has changed'), { responseCode: 550 }))
            : done(),
      onData(stream, _session, done) {
        void buffer(stream).then(async (bytes) => {
          mails.push({ parsed: await simpleParser(bytes), raw: bytes.toString('latin1') });
          done(null, answer.slice('250 '.length));
        });
      },
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const mailer = new Mailer({ smtpUrl: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}` });
    closers.push(
      () => new Promise<void>((resolve) => server.close(resolve)),
      () => mailer.close(),
    );
    return { mails, email: new EmailChannel({ mailer, fromAddress: 'notify@hub.example', ...options }) };
  }
  const alice = { address: 'alice@example.com' };

  it('says from whom and why, and is safe to open', async () => {
    const { mails, email } = await mailWith();
    expect((await email.send(alice, note)).is).toBe('sent');
    const { parsed } = mails[0]!;
    expect(parsed.from?.value).toEqual([{ name: 'Hacker密码 · 经由 Hark', address: 'notify@hub.example' }]);
    expect(parsed.subject).toBe(note.title);
    expect(parsed.text).toContain('师傅 & 车辆\n已出发 <script>alert(1)</script>');
    expect(parsed.text).toContain('你在 Hark 授权了“Hacker密码”');
    const html = String(parsed.html);
    expect(html).not.toContain('<script');
    expect(html).toContain('&#60;script&#62;');
    expect(html).toContain('href="https://app.example/t/1?a=1&#38;b=%222%22"');
    expect(html).not.toMatch(/<img|src=|url\(/);
    expect(parsed.headerLines.map(({ line }) => line)).toEqual(
      expect.arrayContaining(['Auto-Submitted: auto-generated', 'X-Auto-Response-Suppress: All', 'Importance: high']),
    );
  });

  it('is refused by a server that knows that the mailbox has another owner since it was proven', async () => {
    const { mails, email } = await mailWith();
    await email.send(alice, { ...note, provenAt: '2026-01-05T09:00:00.000Z' });
    await email.send(alice, note);
    const asked = mails.map(({ parsed }) => parsed.headers.get('require-recipient-valid-since'));
    expect(asked).toEqual(['alice@example.com; Mon, 05 Jan 2026 09:00:00 +0000', undefined]);
    expect(await email.send({ address: 'sold@example.com' }, note)).toMatchObject({
      class: 'RECIPIENT_GONE',
      reason: 'owner-changed',
    });
  });

  it('has the same Message-ID on a retry, another for another delivery or person, one root a thread', async () => {
    const { mails, email } = await mailWith();
    await email.send(alice, note);
    await email.send(alice, note);
    await email.send(alice, { ...note, dedupeId: 'd-2' });
    await email.send({ address: 'bob@example.com' }, note);
    const ids = mails.map(({ parsed }) => parsed.messageId);
    expect(ids[1]).toBe(ids[0]);
    expect(new Set(ids).size).toBe(3);
    expect(new Set(mails.map(({ parsed }) => String(parsed.references))).size).toBe(1);
    expect(mails[0]!.parsed.references).toMatch(/^<thread\.[0-9a-f]{16}@hub\.example>$/);
  });

  it('drops a link that is none of the web', async () => {
    const { mails, email } = await mailWith();
    await email.send(alice, { ...note, url: 'javascript:alert(1)' });
    expect(String(mails[0]!.parsed.html) + String(mails[0]!.parsed.text)).not.toContain('javascript:');
  });

  it('says that it left a link out, and where a link really leads', async () => {
    const { mails, email } = await mailWith();
    expect(await email.send(alice, { ...note, url: 'tel:110' })).toMatchObject({ is: 'sent', leftOut: 'link' });
    expect(await email.send(alice, { ...note, url: 'https://bank.example@evil.example/登录' })).not.toHaveProperty(
      'leftOut',
    );
    const { html, text } = mails[1]!.parsed;
    expect(html).toMatch(
      /<a class="way" href="https:\/\/evil.example\/%E7%99%BB%E5%BD%95" rel="noopener noreferrer"[^>]*>查看详情（evil.example）<\/a>/,
    );
    expect(text).toContain('查看详情（evil.example）\nhttps://evil.example/%E7%99%BB%E5%BD%95');
    expect(`${String(html)}${text}`).not.toContain('bank.example');
  });

  it('keeps blanks, tabs and line ends as they were written, in both parts', async () => {
    const { mails, email } = await mailWith();
    await email.send(alice, { ...note, body: 'CPU   93%\n  └ node  71%\n\tRSS' });
    const { html, text } = mails[0]!.parsed;
    expect(html).toMatch(/<div [^>]*white-space:pre-wrap[^>]*>CPU   93%<br>  └ node  71%<br>\tRSS<\/div>/);
    expect(text).toContain('CPU   93%\n  └ node  71%\n\tRSS');
  });

  it('brings every script, emoji and long word as it was written, in both parts, without a line too long for SMTP', async () => {
    const { mails, email } = await mailWith();
    const body = [
      'שלום עולם — مرحبا 👩‍👩‍👧‍👦🏳️‍🌈 한국어 é é',
      '.a line with a dot',
      'From here',
      '-- ',
      `${'长'.repeat(900)}${'x'.repeat(1_200)}`,
      'ends in blanks   ',
      '= soft =3D',
      '\u202Eover\u202C',
    ].join('\n');
    await email.send(alice, { ...note, title: '工单 👩‍👩‍👧‍👦 שלום', body });
    const { html, text, subject } = mails[0]!.parsed;
    expect(subject).toBe('工单 👩‍👩‍👧‍👦 שלום');
    expect(text).toContain(body);
    expect(html).toContain(body.replaceAll('\n', '<br>'));
    expect(Math.max(...mails[0]!.raw.split('\r\n').map((line) => Buffer.byteLength(line)))).toBeLessThanOrEqual(998);
  });

  it('gets no header, part or recipient from what an app writes', async () => {
    const { mails, email } = await mailWith();
    const ends = [
      '\r\n',
      '\n',
      '\r',
      '\u2028',
      '\u0085',
      '\0',
      '\v',
      '=0D=0A',
      '%0d%0a',
      '=?utf-8?Q?=0D=0A?=',
      '\r\n\r\n',
    ];
    const injected = ends.map((end) => `x${end}Bcc: eve@evil.example${end}Content-Type: text/html${end}${end}<b>`);
    await email.send(alice, { ...note, title: 'x', appName: 'x', thread: 'x' });
    const namesOf = ({ parsed }: (typeof mails)[number]) => parsed.headerLines.map(({ key }) => key);
    const names = namesOf(mails[0]!);
    for (const text of [...injected, ...xssCorpus(20)]) {
      await email.send(alice, { ...note, title: text, appName: text, thread: text, url: text });
      const mail = mails.at(-1)!;
      expect(namesOf(mail)).toEqual(names);
      expect(mail.parsed.to).toMatchObject({ value: [{ address: alice.address }] });
      expect(mail.parsed.from?.value).toMatchObject([{ address: 'notify@hub.example' }]);
      expect(mail.parsed.attachments).toEqual([]);
      expect(mail.parsed.subject).not.toMatch(/\p{Cc}/u);
    }
  });

  it('shows a title that looks like encoded words as it was written, and names its list by a bare id', async () => {
    const { mails, email } = await mailWith();
    const title = `=?UTF-8?B?${Buffer.from('代开发票').toString('base64')}?=`;
    await email.send(alice, { ...note, title, appName: `=?UTF-8?Q?Bank?= 密` });
    const { parsed } = mails[0]!;
    expect(parsed.subject).toBe(title);
    expect(parsed.from?.value[0]?.name).not.toContain('Bank via');
    expect(parsed.from?.text).toContain('UTF-8');
    const lines = parsed.headerLines.map(({ line }) => line.replace(/\r\n\s+/g, ' '));
    expect(lines.find((line) => line.startsWith('Subject:'))).toMatch(
      /^Subject: (=\?UTF-8\?B\?[A-Za-z0-9+/=]+\?= ?)+$/,
    );
    expect(lines.find((line) => line.startsWith('List-ID:'))).toMatch(
      /^List-ID: (=\?UTF-8\?B\?[A-Za-z0-9+/=]+\?= )+<app-[0-9a-f]{16}\.hub\.example>$/,
    );
  });

  it('speaks the language of its reader throughout, and says that an app is not verified', async () => {
    const { mails, email } = await mailWith();
    const english = {
      ...note,
      locale: 'en',
      appName: 'Deploys',
      appVerified: false,
      title: 'Done',
      body: 'All green',
    } as const;
    await email.send(alice, english);
    const { parsed } = mails[0]!;
    expect(parsed.from?.value[0]?.name).toBe('Deploys · unverified via Hark');
    expect(parsed.text).toContain('you allowed “Deploys · unverified” to send you messages');
    expect(`${String(parsed.html)}${parsed.text}${parsed.subject}`).not.toMatch(/\p{Script=Han}/u);
    await email.send(alice, { ...note, appVerified: false });
    expect(mails[1]!.parsed.from?.value[0]?.name).toBe('Hacker密码 · 未认证 · 经由 Hark');
  });

  it('keeps nothing of the answer but the queue id', async () => {
    const { email } = await mailWith({}, '250 2.0.0 Ok: queued as 4F1B2C3D');
    expect(await email.send(alice, note)).toEqual({ is: 'sent', providerRef: '4F1B2C3D' });
    const other = await mailWith({}, '250 2.0.0 <alice@example.com> Saved');
    expect(await other.email.send(alice, note)).toEqual({ is: 'sent' });
  });

  it('takes an address of another script, its domain by its name in ASCII', () => {
    const schema = new EmailChannel({ mailer: new Mailer({ smtpUrl: 'smtp://localhost' }), fromAddress: 'a@b.example' })
      .fields.schema;
    expect(schema.parse({ address: 'wang@例子.中国' })).toEqual({ address: 'wang@xn--fsqu00a.xn--fiqs8s' });
    const address = '王@xn--fsqu00a.xn--fiqs8s';
    expect(schema.parse({ address: '王@例子.中国' })).toEqual({ address });
    expect(schema.parse({ address })).toEqual({ address });
  });

  it('brings the code in the language of the person', async () => {
    const { mails, email } = await mailWith();
    await email.challenge(alice, '123456', 'zh-CN', 'p-1');
    await email.challenge(alice, '123456', 'en', 'p-1');
    for (const { parsed } of mails)
      expect(parsed.html).toMatch(/<html lang="(zh-CN|en)">[^]*class="code"[^>]*>123456</);
    expect(mails.map(({ parsed }) => parsed.subject)).toEqual(['Hark 验证码 123456', 'Hark code 123456']);
    expect(mails[0]!.parsed.text).toContain('123456');
  });

  it('to a dead address says so; an address is kept in one form and shown masked', async () => {
    const { email } = await mailWith();
    expect(await email.send({ address: 'hard@example.com' }, note)).toMatchObject({
      is: 'failed',
      class: 'RECIPIENT_GONE',
    });
    expect(email.fields.schema.parse({ address: ' Alice@EXAMPLE.com ' })).toEqual({ address: 'Alice@example.com' });
    expect(email.fields.schema.safeParse({ address: 'a@b.example,c@d.example' }).success).toBe(false);
    expect(email.identify({ address: 'Alice@EXAMPLE.com' })).toBe('alice@example.com');
    expect(email.show(alice)).toEqual({ address: 'a•••@example.com' });
  });
});

describe('a webhook', () => {
  const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
  async function hookWith(reply: Reply = {}) {
    const { seen, baseUrl, outbound } = await httpServer(reply);
    const webhook = new WebhookChannel({ outbound, nowMs: () => 1_700_000_000_500 });
    return { seen, webhook, endpoint: { url: `${baseUrl}/hook`, secret } };
  }

  it('is signed by Standard Webhooks', () => {
    expect(signWebhook(secret, 'msg_p5jXN8AQM9LWM0D4loKWxJek', 1_614_265_330, '{"test": 2432232314}')).toBe(
      'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    );
  });

  it('gets a signed body under an id that stays', async () => {
    const { seen, webhook, endpoint } = await hookWith({ status: 204, text: '' });
    expect((await webhook.send(endpoint, note)).is).toBe('sent');
    const { headers, raw, body } = seen[0]!;
    expect(headers).toMatchObject({
      'webhook-id': note.dedupeId,
      'webhook-timestamp': '1700000000',
      'webhook-signature': signWebhook(secret, note.dedupeId, 1_700_000_000, raw),
    });
    expect(body).toMatchObject({
      type: 'message.pushed',
      data: {
        title: note.title,
        body: note.body,
        url: 'https://app.example/t/1?a=1&b=%222%22',
        app: { name: 'Hacker密码', verified: true },
      },
    });
  });

  it('may show in its answer that it has the secret, and what it was sent shows nothing', async () => {
    const sign = (by: string) => signAnswer(by, note.dedupeId, 1_700_000_000);
    const other = `whsec_${'A'.repeat(32)}`;
    const echoed = signWebhook(secret, note.dedupeId, 1_700_000_000, JSON.stringify({}));
    const signed = [sign(secret), sign(other), echoed].map(async (answer) => {
      const { webhook, endpoint } = await hookWith({ headers: { 'webhook-answer': answer } });
      return (await webhook.send(endpoint, note)) as { signed?: true };
    });
    expect((await Promise.all(signed)).map((result) => result.signed ?? false)).toEqual([true, false, false]);
  });

  it.each([
    [{ status: 410 }, { is: 'failed', class: 'RECIPIENT_GONE', detail: '410' }],
    [
      { status: 302, headers: { location: '/x' } },
      { is: 'failed', class: 'CONFIG', detail: '302', reason: 'redirected' },
    ],
    [
      { status: 429, headers: { 'retry-after': '7' } },
      { is: 'failed', class: 'THROTTLED', detail: '429', retryAfterMs: 7_000 },
    ],
    [{ status: 500 }, { is: 'failed', class: 'TRANSIENT', detail: '500' }],
    [{ status: 404 }, { is: 'failed', class: 'TRANSIENT', detail: '404', reason: 'not-found' }],
    [{ cut: true }, { is: 'unknown', detail: 'unknown-outcome UND_ERR_SOCKET' }],
  ])('answering %j: %j', async (reply, result) => {
    const { webhook, endpoint } = await hookWith(reply);
    expect(await webhook.send(endpoint, note)).toEqual(result);
  });

  it('brings a secret that its person knows, and has a public address', async () => {
    const { webhook, endpoint } = await hookWith();
    const read = (input: object) => webhook.fields.schema.safeParse(input);
    expect(read({ url: endpoint.url }).success).toBe(false);
    expect(read({ url: 'https://10.0.0.1/hook' }).success).toBe(false);
    expect(read({ url: endpoint.url, secret: 'short' }).success).toBe(false);
    expect(webhook.show(endpoint)).toEqual({
      url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/…$/),
      secret: '••••LaSw',
    });
  });
});

describe('ntfy', () => {
  async function ntfyWith(reply: Reply = {}) {
    const { seen, baseUrl, outbound } = await httpServer({ text: '{"id":"sPs71M8A2T","event":"message"}', ...reply });
    return { seen, ntfy: new NtfyChannel(outbound), endpoint: { topic: 'hark_demo', serverUrl: baseUrl } };
  }

  it('gets a message as JSON, with the token of its person to their server', async () => {
    const { seen, ntfy, endpoint } = await ntfyWith();
    const token = 'tk_abcdefghij1234567890';
    expect(await ntfy.send({ ...endpoint, token }, note)).toEqual({ is: 'sent', providerRef: 'sPs71M8A2T' });
    expect(seen[0]!.headers).toMatchObject({ authorization: `Bearer ${token}` });
    expect(seen[0]!.body).toEqual({
      topic: 'hark_demo',
      title: `${note.title} · Hacker密码`,
      message: note.body,
      priority: 4,
      click: 'https://app.example/t/1?a=1&b=%222%22',
    });
    await ntfy.challenge(endpoint, '482913', 'en', 'p-1');
    expect(seen[1]!.body['title']).toBe('Hark code 482913');
  });

  it.each([
    [
      { status: 429, text: '{"code":42901}' },
      { class: 'THROTTLED', detail: '42901' },
    ],
    [
      { status: 429, text: '{"code":42908}' },
      { class: 'QUOTA_DAY', detail: '42908' },
    ],
    [
      { status: 403, text: '{"code":40301}' },
      { class: 'CONFIG', detail: '40301' },
    ],
    [
      { status: 400, text: '{"code":40009}' },
      { class: 'BAD_REQUEST', detail: '40009' },
    ],
    [
      { status: 500, text: '{"code":50001}' },
      { class: 'TRANSIENT', detail: '50001' },
    ],
    [
      { status: 302, text: '' },
      { class: 'CONFIG', reason: 'redirected' },
    ],
  ])('answering %j: %j', async (reply, failure) => {
    const { ntfy, endpoint } = await ntfyWith(reply);
    expect(await ntfy.send(endpoint, note)).toMatchObject({ is: 'failed', ...failure });
  });

  it('is on the public server unless another is named, never on a private one', () => {
    const strict = new Outbound({});
    closers.push(() => strict.close());
    const ntfy = new NtfyChannel(strict);
    const read = (input: object) => ntfy.fields.schema.safeParse(input);
    expect(read({ topic: 'a' }).data).toEqual({ topic: 'a', serverUrl: 'https://ntfy.sh' });
    expect(read({ topic: 'a', serverUrl: 'https://10.0.0.1' }).success).toBe(false);
    expect(read({ topic: '../a' }).success).toBe(false);
  });
});

it('no channel shows a secret again', async () => {
  const { outbound, baseUrl } = await httpServer();
  const encryption = { algorithm: 'AES128', mode: 'CBC', key: 'SecretSecret1234' };
  const kinds: readonly (readonly [Channel, Readonly<Record<string, unknown>>])[] = [
    [new BarkChannel({ outbound, baseUrl, errors }), { deviceKey: 'SecretSecretSecret1234', encryption }],
    [
      new EmailChannel({ mailer: undefined as never, fromAddress: 'hark@example.test' }),
      { address: 'secretsecret@x.test' },
    ],
    [
      new WebhookChannel({ outbound }),
      { url: `${baseUrl}/secretsecret`, secret: 'whsec_SecretSecretSecretSecretSecretSecret' },
    ],
    [new NtfyChannel(outbound), { topic: 'secretsecrettopic', serverUrl: baseUrl, token: 'tk_secretsecretsecret' }],
    [new WechatChannel({ client: undefined as never }), { templateId: 'T', openid: 'oSecretSecretSecret' }],
  ];
  for (const [channel, fields] of kinds) {
    const shown = channel.show(fields);
    expect(channel.fields.secret.length).toBeGreaterThan(0);
    for (const name of channel.fields.secret) expect(shown[name]).not.toEqual(fields[name]);
    expect(JSON.stringify(shown)).not.toMatch(/secretsecret/i);
  }
});

it('the registry knows its channels and nothing else', async () => {
  const { outbound, baseUrl } = await httpServer();
  const registry = new ChannelRegistry([
    new BarkChannel({ outbound, baseUrl, errors }),
    new WebhookChannel({ outbound }),
  ]);
  expect(registry.kinds()).toEqual(['bark', 'webhook']);
  expect(registry.get('bark')?.kind).toBe('bark');
  expect(registry.get('constructor')).toBeUndefined();
});
