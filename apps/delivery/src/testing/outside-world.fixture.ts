import { createServer, Server, ServerResponse } from 'node:http';
import { AddressInfo } from 'node:net';
import { ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';

/** A push as the Bark server got it. */
export interface BarkPush {
  readonly device_key: string;
  readonly id: string;
  readonly title: string;
  readonly body: string;
  readonly receivedAtMs: number;
}

type Reply = { readonly status: number; readonly message: string; readonly location?: string } | 'hang';

export const barkOk: Reply = { status: 200, message: 'success' };
export const barkTransient: Reply = { status: 500, message: 'push failed: InternalServerError' };
export const barkGone: Reply = { status: 400, message: 'failed to get device token' };
export const barkThrottled: Reply = { status: 500, message: 'push failed: TooManyRequests' };
export const barkMoved: Reply = { status: 301, message: 'moved', location: '/elsewhere' };

/** A Bark server and a mail server of this test's own. */
export class OutsideWorld {
  private readonly pushes: BarkPush[] = [];
  private readonly mails: ParsedMail[] = [];
  private readonly replies = new Map<string, Reply[]>();
  private readonly refusals = new Map<string, string[]>();
  /** What the mail server answers to any sender, e.g. `550 5.7.1 sender not allowed`; undefined: it takes it. */
  senderRefusal: string | undefined;
  /** How often it was asked to take a mail to an address, refusals counted. */
  readonly recipients: string[] = [];
  private readonly hanging = new Set<ServerResponse>();
  private readonly http: Server;
  private readonly smtp: SMTPServer;

  private constructor() {
    this.http = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => this.answer(Buffer.concat(chunks).toString(), response));
    });
    this.smtp = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      onMailFrom: (_from, _session, done) => done(smtpError(this.senderRefusal)),
      onRcptTo: ({ address }, _session, done) => {
        this.recipients.push(address);
        done(smtpError(this.refusals.get(address)?.shift()));
      },
      onData: (stream, _session, done) => {
        simpleParser(stream).then((mail) => (this.mails.push(mail), done()), done);
      },
    });
  }

  static async start(): Promise<OutsideWorld> {
    const world = new OutsideWorld();
    await new Promise<void>((resolve) => world.http.listen(0, '127.0.0.1', resolve));
    await new Promise<void>((resolve) => world.smtp.listen(0, '127.0.0.1', () => resolve()));
    return world;
  }

  get settings() {
    return {
      BARK_BASE_URL: `http://127.0.0.1:${(this.http.address() as AddressInfo).port}`,
      SMTP_URL: `smtp://127.0.0.1:${(this.smtp.server.address() as AddressInfo).port}?tls=none`,
    };
  }

  /** What the device's next pushes are answered with; the last one for all that follow. */
  replyTo(deviceKey: string, ...replies: Reply[]): void {
    this.replies.set(deviceKey, replies);
  }

  /** How the next mails to the address are refused; those after are taken. */
  refuseMail(address: string, ...refusals: string[]): void {
    this.refusals.set(address, refusals);
  }

  /** Answers whatever hangs. */
  release(): void {
    for (const response of this.hanging) say(response, 200, 'success');
    this.hanging.clear();
  }

  barkPushes = (deviceKey: string): BarkPush[] => this.pushes.filter(({ device_key }) => device_key === deviceKey);

  mailsTo = (address: string): ParsedMail[] =>
    this.mails.filter(({ to }) => [to].flat().some((one) => one?.text.includes(address)));

  async close(): Promise<void> {
    this.http.closeAllConnections();
    await new Promise((resolve) => this.http.close(resolve));
    await new Promise<void>((resolve) => this.smtp.close(() => resolve()));
  }

  private answer(text: string, response: ServerResponse): void {
    const push = { ...(JSON.parse(text) as Omit<BarkPush, 'receivedAtMs'>), receivedAtMs: performance.now() };
    this.pushes.push(push);
    const replies = this.replies.get(push.device_key) ?? [barkOk];
    const reply = replies.length > 1 ? replies.shift()! : replies[0]!;
    if (reply === 'hang') this.hanging.add(response);
    else say(response, reply.status, reply.message, reply.location);
  }
}

const smtpError = (refusal: string | undefined): Error | null =>
  refusal === undefined
    ? null
    : Object.assign(new Error(refusal.slice(4)), { responseCode: Number(refusal.slice(0, 3)) });

const say = (response: ServerResponse, code: number, message: string, location?: string): void =>
  void response
    .writeHead(code, { 'content-type': 'application/json', ...(location !== undefined && { location }) })
    .end(JSON.stringify({ code, message, timestamp: 1 }));
