import { createServer, IncomingMessage, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';

/** A push as a Bark server got it. */
export type BarkPush = Readonly<Record<string, unknown>> & { readonly device_key?: string };

/** What stands in for WeChat, a Bark server and a mail server: real sockets on this machine, nothing else. */
export class OutsideWorld {
  readonly barkPushes: BarkPush[] = [];
  readonly mails: { readonly to: string; readonly subject: string; readonly text: string }[] = [];
  /** What WeChat answers instead of a session, e.g. `{ errcode: 40226 }`. */
  wechatAnswer: object | undefined;
  /** The status Bark answers with instead of 200. */
  barkStatus: number | undefined;
  /** How often it did. */
  barkRefusals = 0;
  /** Devices that are answered with a status of their own; every try at one is counted. */
  readonly barkAnswers = new Map<string, number>();
  readonly barkTries = new Map<string, number>();
  codeExchanges = 0;
  private readonly codes = new Map<string, { openid: string; spent: boolean }>();

  private constructor(
    private readonly http: Server,
    private readonly smtp: SMTPServer,
  ) {}

  static async start(): Promise<OutsideWorld> {
    const http = createServer((request, response) => {
      void world.answer(request).then(({ status, body }) => {
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      });
    });
    const smtp = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      onData: (stream, session, done) => {
        const to = session.envelope.rcptTo.map(({ address }) => address).join();
        simpleParser(stream).then(
          ({ subject = '', text = '' }) => {
            world.mails.push({ to, subject, text });
            done();
          },
          (error: Error) => done(error),
        );
      },
    });
    const world: OutsideWorld = new OutsideWorld(http, smtp);
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', resolve));
    return world;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.http.address() as AddressInfo).port}`;
  }

  get smtpUrl(): string {
    return `smtp://127.0.0.1:${(this.smtp.server.address() as AddressInfo).port}?tls=none`;
  }

  /** What `wx.login` gives the person: good for one exchange. */
  codeOf(openid: string): string {
    const code = `code-${this.codes.size}-${openid}`;
    this.codes.set(code, { openid, spent: false });
    return code;
  }

  async close(): Promise<void> {
    this.http.closeAllConnections();
    await new Promise((resolve) => this.http.close(resolve));
    await new Promise<void>((resolve) => this.smtp.close(() => resolve()));
  }

  private async answer(request: IncomingMessage): Promise<{ status: number; body: object }> {
    const url = new URL(request.url ?? '/', this.url);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (url.pathname === '/sns/jscode2session') return { status: 200, body: this.exchange(url.searchParams) };
    const sent = Buffer.concat(chunks).toString();
    const key = url.pathname.split('/').find((part) => part !== '' && part !== 'push');
    const device = key ?? (sent && (JSON.parse(sent) as { device_key?: string }).device_key) ?? '';
    this.barkTries.set(device, (this.barkTries.get(device) ?? 0) + 1);
    const status = this.barkAnswers.get(device) ?? this.barkStatus;
    if (status !== undefined) {
      this.barkRefusals += 1;
      // A server that is down answers through its proxy, without Bark's own envelope.
      return { status, body: status < 500 ? { code: status, message: 'device token invalid' } : {} };
    }
    this.barkPushes.push({ ...(key && { device_key: key }), ...(sent && (JSON.parse(sent) as object)) });
    return { status: 200, body: { code: 200, message: 'success', timestamp: 1 } };
  }

  private exchange(query: URLSearchParams): object {
    this.codeExchanges += 1;
    if (this.wechatAnswer) return this.wechatAnswer;
    const known = this.codes.get(query.get('js_code') ?? '');
    if (!known) return { errcode: 40029, errmsg: 'invalid code' };
    if (known.spent) return { errcode: 40163, errmsg: 'code been used' };
    known.spent = true;
    return { openid: known.openid, session_key: Buffer.from(known.openid).toString('base64') };
  }
}
