import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer, type SMTPServerAddress, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import { preciseNowMs } from '@hark/kernel';
import { cannotListen } from '@hark/listen';
import { type Arrival, Arrivals } from '../control/arrivals';
import type { Faults, Strike } from '../control/faults';
import type { Journal, JournalEntry } from '../control/journal';
import { pause } from '../control/pause';
import { scriptFor, type SmtpRefusal } from './scripted-recipients';

/** Larger messages are refused with 552. In bytes. */
export const messageMax = 1_048_576;
const socketTimeoutMs = 300_000;

/** A message that the mail server took. */
export interface Mail extends Arrival {
  /** Envelope recipients, in lower case. */
  readonly to: readonly string[];
  /** The From header as written. */
  readonly from: string;
  /** The envelope sender, where bounces would go. */
  readonly envelopeFrom: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** Names in lower case, values unfolded but not decoded; a repeated header is a list. */
  readonly headers: Readonly<Record<string, string | string[]>>;
  /** With its angle brackets. */
  readonly messageId: string;
}

type Done = (error?: Error | null, message?: string) => void;

/** Stands in for the world's mail servers: takes everything except for scripted recipients and injected faults. */
export class MailServer {
  readonly mails: Arrivals<Mail>;
  private readonly server: SMTPServer;
  private readonly sockets = new Map<number, Socket>();
  private readonly closing = new AbortController();
  /** What happens after the final dot of the session's present message. */
  private readonly afterData = new WeakMap<SMTPServerSession, Strike | 'drop'>();

  constructor(
    private readonly journal: Journal,
    private readonly faults: Faults,
    private readonly times: { arrivalsMax: number; slowMs: number; hangMaxMs: number },
  ) {
    this.mails = new Arrivals(times.arrivalsMax);
    this.server = new SMTPServer({
      name: 'sandbox.hark.local',
      banner: 'Hark sandbox',
      disabledCommands: ['STARTTLS'],
      authOptional: true,
      allowInsecureAuth: true,
      disableReverseLookup: true,
      size: messageMax,
      socketTimeout: socketTimeoutMs,
      logger: false,
      onAuth: (_auth, _session, done) => done(null, { user: 'anyone' }),
      onMailFrom: (_address, session, done) => {
        this.afterData.delete(session);
        done();
      },
      onRcptTo: (address, session, done) => void this.recipient(address, session, done),
      onData: (stream, session, done) => void this.message(stream, session, done),
    });
    // A client that breaks off is its own business; without a listener it would end the process.
    this.server.on('error', () => {});
    this.server.server.on('connection', (socket: Socket) => {
      const port = socket.remotePort ?? 0;
      this.sockets.set(port, socket);
      socket.once('close', () => this.sockets.delete(port));
    });
  }

  /** Starts to listen on the loopback interface; resolves to the port. Rejects when the port is taken. */
  async listen(port: number): Promise<number> {
    const listener = this.server.listen(port, '127.0.0.1');
    try {
      await once(listener, 'listening');
    } catch (error) {
      throw cannotListen({ host: '127.0.0.1', port, settings: { port: 'HARK_SANDBOX_SMTP_PORT' } }, error);
    }
    return (listener.address() as AddressInfo).port;
  }

  /** Cuts every connection. */
  async close(): Promise<void> {
    this.closing.abort();
    if (!this.server.server.listening) return;
    const closed = once(this.server.server, 'close');
    this.server.close();
    for (const socket of this.sockets.values()) socket.destroy();
    await closed;
  }

  /** Whether it says SMTPUTF8 (RFC 6531), and takes addresses beyond ASCII, from the next connection on. */
  set offersUtf8(is: boolean) {
    this.server.options.hideSMTPUTF8 = !is;
  }

  reset(): void {
    this.offersUtf8 = true;
    this.mails.reset();
  }

  private async recipient({ address }: SMTPServerAddress, session: SMTPServerSession, done: Done): Promise<void> {
    if (/[^\p{ASCII}]/u.test(address) && !isUtf8(session))
      return this.answer(this.noteRecipient(address), needsUtf8, session, done);
    const script = scriptFor(address);
    const fault = this.faults.take('mail', address.toLowerCase());
    if (fault?.mode === 'slow') await this.pause(fault, this.times.slowMs);
    else if (fault?.accepted) this.afterData.set(session, fault);
    else if (fault) return this.answer(this.noteRecipient(address, fault), await this.outcomeOf(fault), session, done);

    if (script === 'drop-after-data') this.afterData.set(session, 'drop');
    else if (script === 'slow') await pause(this.times.slowMs, this.closing.signal);
    else if (script) return this.answer(this.noteRecipient(address), script, session, done);
    done();
  }

  private async message(stream: SMTPServerDataStream, session: SMTPServerSession, done: Done): Promise<void> {
    const parsed = await simpleParser(stream).catch((error: unknown) => error as Error);
    const receivedAtMs = preciseNowMs();
    const to = session.envelope.rcptTo.map((recipient) => recipient.address.toLowerCase());
    const readable = parsed instanceof Error ? undefined : parsed;
    const [headers, body] = [readable ? headersOf(readable) : {}, readable?.text ?? ''];
    const request = { provider: 'mail', receivedAtMs, method: 'DATA', path: to.join(','), headers, body } as const;
    const entry = this.journal.record(request);
    if (parsed instanceof Error && 'code' in parsed && parsed.code === 'ECONNECTION') {
      // The sender broke off before the final dot: a mail server has taken nothing.
      return this.answer(entry, 'cut', session, done);
    }
    if (!readable) return this.answer(entry, { code: 554, message: '5.6.0 Unreadable' }, session, done);
    // The server itself answers 552; the message must not look taken.
    if (stream.sizeExceeded) return this.answer(entry, { code: 552, message: '5.3.4 Too big' }, session, done);
    this.keep(readable, { seq: entry.seq, receivedAtMs, to: [...new Set(to)], headers }, session);
    const end = this.afterData.get(session);
    if (end && end !== 'drop') entry.fault = end.mode;
    this.answer(entry, end === 'drop' ? 'cut' : end && (await this.outcomeOf(end)), session, done);
  }

  private keep(
    parsed: ParsedMail,
    known: Pick<Mail, 'seq' | 'receivedAtMs' | 'to' | 'headers'>,
    session: SMTPServerSession,
  ): void {
    const mail: Mail = {
      ...known,
      from: parsed.from?.text ?? '',
      envelopeFrom: session.envelope.mailFrom ? session.envelope.mailFrom.address : '',
      subject: parsed.subject ?? '',
      text: parsed.text ?? '',
      html: parsed.html || '',
      messageId: parsed.messageId ?? '',
    };
    this.mails.add(mail, ...mail.to);
  }

  private pause({ delayMs, lifted }: Strike, ms: number): Promise<void> {
    return pause(delayMs ?? ms, AbortSignal.any([this.closing.signal, lifted]));
  }

  private async outcomeOf(fault: Strike): Promise<SmtpRefusal | 'cut'> {
    if (fault.mode === 'rate-limit') return { code: 451, message: '4.7.1 Frequency limited, try again later' };
    if (fault.mode === 'error') {
      const code = fault.status ?? 451;
      return { code, message: fault.message ?? `${Math.floor(code / 100)}.3.0 Local error in processing` };
    }
    if (fault.mode === 'hang') await this.pause(fault, this.times.hangMaxMs);
    return 'cut';
  }

  private noteRecipient(address: string, fault?: Strike): JournalEntry {
    const receivedAtMs = preciseNowMs();
    const request = { provider: 'mail', receivedAtMs, method: 'RCPT', path: address, headers: {}, body: '' } as const;
    return this.journal.record({ ...request, ...(fault && { fault: fault.mode }) });
  }

  private answer(
    entry: JournalEntry,
    outcome: SmtpRefusal | 'cut' | undefined,
    session: SMTPServerSession,
    done: Done,
  ) {
    entry.answered = outcome === 'cut' ? 'cut' : (outcome?.code ?? 250);
    if (outcome === 'cut') this.sockets.get(session.remotePort)?.destroy();
    else if (outcome) done(Object.assign(new Error(outcome.message), { responseCode: outcome.code }));
    else done(null, `2.0.0 Ok: queued as ${entry.seq}`);
  }
}

/** RFC 6531 3.7.4.1: the client did not ask for SMTPUTF8 at MAIL FROM. */
const needsUtf8 = { code: 553, message: '5.6.7 Non-ASCII addresses not permitted for that sender/recipient' };

const isUtf8 = ({ envelope }: SMTPServerSession): boolean => (envelope as { smtpUtf8?: boolean }).smtpUtf8 === true;

function headersOf(parsed: ParsedMail): Record<string, string | string[]> {
  // No prototype: a sender may name a header __proto__.
  const headers = Object.create(null) as Record<string, string | string[]>;
  for (const { key, line } of parsed.headerLines) {
    const value = line
      .slice(line.indexOf(':') + 1)
      .replace(/\r?\n[ \t]+/g, ' ')
      .trim();
    const before = headers[key];
    headers[key] = before === undefined ? value : [...[before].flat(), value];
  }
  return headers;
}
