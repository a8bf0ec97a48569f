import { AddressInfo, createServer, Socket } from 'node:net';
import fc from 'fast-check';
import { ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer, SMTPServerOptions } from 'smtp-server';
import { MailError } from './mail-error';
import { Mail, Mailer } from './mailer';

interface Received {
  readonly raw: Buffer;
  readonly parsed: ParsedMail;
  readonly from: string;
  readonly to: string[];
}

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function mailServer(options: SMTPServerOptions = {}) {
  const received: Received[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const raw = Buffer.concat(chunks);
        const { mailFrom, rcptTo } = session.envelope;
        void simpleParser(raw).then((parsed) => {
          received.push({
            raw,
            parsed,
            from: mailFrom ? mailFrom.address : '',
            to: rcptTo.map(({ address }) => address),
          });
          done();
        });
      });
    },
    ...options,
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => new Promise<void>((resolve) => server.close(resolve)));
  return { received, ...mailerFor((server.server.address() as AddressInfo).port) };
}

function mailerFor(port: number) {
  const mailer = new Mailer({ smtpUrl: `smtp://127.0.0.1:${port}` });
  closers.push(() => mailer.close());
  return { mailer };
}

const mail: Mail = {
  to: 'alice@example.com',
  from: { name: 'Hacker密码 via Hark', address: 'notify@hub.example' },
  subject: '工单 已派单',
  text: '师傅已派单\n.\nend',
  html: '<p>师傅已派单</p>',
  headers: { 'Auto-Submitted': 'auto-generated', References: '<thread.1@hub.example>' },
  messageId: '<d-1.abc@hub.example>',
};

async function failureOf(work: Promise<unknown>): Promise<MailError> {
  const error: unknown = await work.then(
    () => new Error('the mail was accepted'),
    (reason: unknown) => reason,
  );
  if (error instanceof MailError) return error;
  throw error;
}

const refusing = (reply: string): SMTPServerOptions => ({
  onRcptTo: (_address, _session, done) =>
    done(Object.assign(new Error(reply.slice(4)), { responseCode: Number(reply.slice(0, 3)) })),
});

describe('a mail', () => {
  it('arrives as written, under the Message-ID it was given', async () => {
    const { mailer, received } = await mailServer();
    expect((await mailer.send(mail)).messageId).toBe(mail.messageId);
    const [{ parsed, from, to }] = received as [Received];
    expect({ from, to }).toEqual({ from: 'notify@hub.example', to: ['alice@example.com'] });
    expect(parsed).toMatchObject({ subject: mail.subject, messageId: mail.messageId, html: mail.html });
    expect(parsed.text?.trim()).toBe(mail.text);
    expect(parsed.from?.value).toEqual([{ name: 'Hacker密码 via Hark', address: 'notify@hub.example' }]);
    expect(parsed.headers.get('auto-submitted')).toBe('auto-generated');
    expect(parsed.references).toBe('<thread.1@hub.example>');
  });

  it('to an address beyond ASCII goes as SMTPUTF8, its address plain in the envelope and in each header', async () => {
    const { mailer, received } = await mailServer();
    const to = '用户.一@xn--fsqu00a.xn--fiqs8s';
    const headers = { 'Require-Recipient-Valid-Since': `${to}; Mon, 05 Jan 2026 09:00:00 +0000` };
    await Promise.all([mailer.send({ ...mail, to, headers }), mailer.send({ ...mail, to, headers })]);
    for (const { raw, to: recipients } of received) {
      expect(recipients[0]).toMatch(/^用户\.一@(例子\.中国|xn--fsqu00a\.xn--fiqs8s)$/);
      expect(raw.toString('utf8')).toMatch(/^To: 用户\.一@/m);
      expect(raw.toString('utf8')).toContain(`Require-Recipient-Valid-Since: ${to};`);
    }
    expect(received.length).toBe(2);
  });

  it('to an address beyond ASCII is not given to a server without SMTPUTF8; others are', async () => {
    const { mailer, received } = await mailServer({ hideSMTPUTF8: true });
    const refused = await failureOf(mailer.send({ ...mail, to: '用户@example.com' }));
    expect([refused.providerClass, refused.detail]).toEqual(['RECIPIENT_REFUSED', 'no SMTPUTF8']);
    await mailer.send(mail);
    expect(received.map(({ to }) => to)).toEqual([['alice@example.com']]);
  });

  it('to an address beyond ASCII waits for a server that cannot be asked, and asks it again', async () => {
    const { mailer } = mailerFor(1);
    for (const to of ['用户@example.com', '用户@example.com'])
      expect((await failureOf(mailer.send({ ...mail, to }))).providerClass).toBe('TRANSIENT');
  });

  it('to an address beyond ASCII waits no longer than a mail may take for a server that goes on talking', async () => {
    const mailer = new Mailer({ smtpUrl: `smtp://127.0.0.1:${await talkingServer()}`, sendMs: 300 });
    closers.push(() => mailer.close());
    const [first, second] = ['用户@example.com', '用户@example.org'].map((to) =>
      failureOf(mailer.send({ ...mail, to })),
    );
    for (const failure of [await first!, await second!])
      expect([failure.providerClass, failure.detail]).toEqual(['TRANSIENT', 'ETIMEDOUT']);
  });

  it('is known to be refused beforehand where the server lacks SMTPUTF8, and only there', async () => {
    const [without, withIt] = [await mailServer({ hideSMTPUTF8: true }), await mailServer()];
    const refuses = ({ mailer }: typeof without) =>
      Promise.all(['用户@example.com', 'señor@example.com', mail.to].map((to) => mailer.refuses(to)));
    expect(await refuses(without)).toEqual([true, true, false]);
    expect(await refuses(withIt)).toEqual([false, false, false]);
    expect(await mailerFor(1).mailer.refuses('用户@example.com')).toBe(false);
    expect([...without.received, ...withIt.received]).toEqual([]);
  });

  it('has exactly one recipient and no header it should not have, whatever the texts say', async () => {
    const { mailer, received } = await mailServer();
    const unit = fc.constantFrom(
      'a',
      '密',
      ' ',
      '\r',
      '\n',
      '\0',
      ':',
      ',',
      '<',
      '>',
      '@',
      '"',
      '=?utf-8?q?x?=',
      'Bcc: ',
      '\r\nBcc: c@evil.example\r\n',
      '.',
      '\u202e',
      '😀',
    );
    const text = fc.string({ unit, maxLength: 60 });
    const headerNames = new Set<string>();
    await fc.assert(
      fc.asyncProperty(text, text, text, text, async (subject, name, body, listId) => {
        received.length = 0;
        await mailer.send({
          ...mail,
          subject,
          text: body,
          html: undefined,
          from: { ...mail.from, name },
          headers: { 'List-ID': listId },
        });
        const [{ parsed, to }] = received as [Received];
        expect(to).toEqual(['alice@example.com']);
        expect([parsed.to].flat().flatMap((list) => list?.value ?? [])).toEqual([
          { address: 'alice@example.com', name: '' },
        ]);
        expect(parsed.from?.value.map(({ address }) => address)).toEqual(['notify@hub.example']);
        expect(parsed.cc ?? parsed.bcc).toBeUndefined();
        for (const { key } of parsed.headerLines) headerNames.add(key);
      }),
      { numRuns: 300 },
    );
    expect([...headerNames].sort()).toEqual([
      'content-transfer-encoding',
      'content-type',
      'date',
      'from',
      'list-id',
      'message-id',
      'mime-version',
      'subject',
      'to',
    ]);
  });

  it('with a line of one dot or bare line ends stays one mail', async () => {
    const { mailer, received } = await mailServer();
    await mailer.send({
      ...mail,
      text: 'a\r\n.\r\nMAIL FROM:<x@evil.example>\n.\nRCPT TO:<y@evil.example>\r.\rDATA',
      html: undefined,
    });
    expect(received).toHaveLength(1);
    expect(received[0]!.parsed.text).toContain('RCPT TO:<y@evil.example>');
  });

  it('is never sent to or from something that is not one plain address', async () => {
    const { mailer, received } = await mailServer();
    const bad = (change: Partial<Mail>) => failureOf(mailer.send({ ...mail, ...change }));
    expect((await bad({ to: 'a@example.com,b@example.com' })).providerClass).toBe('RECIPIENT_GONE');
    expect((await bad({ to: 'a@example.com\r\nRCPT TO:<b@example.com>' })).providerClass).toBe('RECIPIENT_GONE');
    expect((await bad({ from: { address: 'Bank <b@example.com>' } })).providerClass).toBe('CONFIG');
    expect((await bad({ headers: { Bcc: 'b@example.com' } })).detail).toBe('header');
    expect((await bad({ headers: { 'X\r\nBcc': 'b@example.com' } })).detail).toBe('header');
    expect((await bad({ messageId: '<a@b>\r\nBcc: c' })).detail).toBe('message-id');
    expect((await bad({ text: { path: '/etc/passwd' } as unknown as string })).detail).toBe('body');
    expect(received).toEqual([]);
  });
});

describe('a mail that is not accepted', () => {
  it.each([
    ['550 5.1.1 no such user', 'RECIPIENT_GONE'],
    ['451 4.7.1 greylisted', 'TRANSIENT'],
    ['552 5.2.2 mailbox full', 'RECIPIENT_REFUSED'],
  ])('%s: %s', async (reply, expected) => {
    const { mailer } = await mailServer(refusing(reply));
    const failure = await failureOf(mailer.send(mail));
    expect(failure.providerClass).toBe(expected);
    expect(failure.message).not.toContain('alice');
  });

  it('because nobody listens is transient', async () => {
    expect((await failureOf(mailerFor(1).mailer.send(mail))).providerClass).toBe('TRANSIENT');
  });

  it.each([
    ['MAIL', 'TRANSIENT'],
    ['RCPT', 'TRANSIENT'],
    ['DATA', 'TRANSIENT'],
    ['.', 'UNKNOWN_OUTCOME'],
  ])('because the server hung up at %s: %s', async (at, expected) => {
    const port = await droppingServer(at);
    expect((await failureOf(mailerFor(port).mailer.send(mail))).providerClass).toBe(expected);
  });
});

/** A server that says for ever what else it can do. */
async function talkingServer(): Promise<number> {
  const server = createServer((socket) => {
    socket.write('220 test ESMTP\r\n');
    socket.on('error', () => undefined);
    socket.once('data', () => {
      const timer = setInterval(() => socket.write('250-X-MORE\r\n'), 20);
      socket.once('close', () => clearInterval(timer));
      closers.push(() => socket.destroy());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => new Promise((resolve) => server.close(resolve)));
  return (server.address() as AddressInfo).port;
}

/** A server that hangs up without a word when it sees a line beginning with `at`. */
async function droppingServer(at: string): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    let inData = false;
    let rest = '';
    socket.write('220 test ESMTP\r\n');
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      const lines = (rest + chunk.toString('latin1')).split('\r\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        if (inData ? line === at : at !== '.' && line.startsWith(at)) return socket.destroy();
        if (inData) continue;
        inData = line === 'DATA';
        socket.write(inData ? '354 go on\r\n' : '250 ok\r\n');
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}
