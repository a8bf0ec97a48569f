import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ComplainableView, complainByLinkRequest, Locale } from '@hark/contracts';
import { MailLink, mailLinkPath, MailLinkPurpose, mailLinkPurposes, readMailLink } from '@hark/credentials';
import { HarkError } from '@hark/kernel';
import { RouteServer } from '../http/route-server';
import { mailLinkPage, mailLinkPolicy, MailLinkState } from './mail-link-page';
import { mailLinkTable } from './mail-link-table';

/** What is read of a form: the longest note in a script whose characters take twelve, and the reason. */
const formBytesMax = 16_384;

const statusOf: Readonly<Record<MailLinkState, number>> = {
  asks: 200,
  incomplete: 422,
  done: 200,
  gone: 200,
  made: 200,
  late: 410,
  forged: 404,
  expired: 410,
};

/** What the services say of a link whose binding, consent or message is no more, or that has been used. */
const stateAfter: Readonly<Record<string, MailLinkState>> = {
  'binding.unknown': 'gone',
  'binding.ended': 'gone',
  'inbox.unknown': 'gone',
  'complaint.already-made': 'made',
  'complaint.too-late': 'late',
};

interface Shown {
  readonly state: MailLinkState;
  readonly message?: ComplainableView;
}

/**
 * The pages behind a mail's links. The link is the credential: it lets its holder mute or unbind the one binding it names, or
 * complain about the one push. GET never acts, because scanners of mail follow links; POST mutes and unbinds at once, as
 * RFC 8058 wants of one-click unsubscription, and complains when it says why.
 */
export class MailLinkPages {
  /** `keys`: what signs links, the newest first. */
  constructor(
    private readonly served: RouteServer,
    private readonly keys: readonly Uint8Array[],
  ) {}

  register(server: FastifyInstance): void {
    void server.register(async (scope) => {
      scope.removeAllContentTypeParsers();
      // RFC 8058 3.2 sends multipart/form-data or a URL-encoded form; browsers send the latter.
      scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: formBytesMax }, (_request, bytes, done) =>
        done(null, bytes),
      );
      for (const purpose of mailLinkPurposes) {
        scope.route({
          method: ['GET', 'HEAD', 'POST'],
          url: mailLinkPath(purpose, ':token'),
          exposeHeadRoute: false,
          errorHandler: (error, request, reply) => void this.served.sendProblem(error, request, reply),
          handler: (request, reply) => this.answer(purpose, request, reply),
        });
      }
    });
  }

  private async answer(purpose: MailLinkPurpose, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { token } = request.params as { token: string };
    const locale: Locale = (request.query as { lang?: unknown }).lang === 'en' ? 'en' : 'zh-CN';
    const { state, message } = await this.shown(purpose, token, request, locale);
    return reply
      .status(statusOf[state])
      .headers({ 'content-type': 'text/html; charset=utf-8', 'content-security-policy': mailLinkPolicy })
      .send(mailLinkPage(locale, purpose, state, message));
  }

  private async shown(
    purpose: MailLinkPurpose,
    token: string,
    request: FastifyRequest,
    locale: Locale,
  ): Promise<Shown> {
    this.served.admit(request);
    const read = readMailLink(token, purpose, this.keys, Date.now());
    if (read.is === 'forged') this.served.refusedTrial(request);
    if (read.is !== 'valid') return { state: read.is };
    try {
      return await this.followed(read.link, request, locale);
    } catch (error) {
      const state = error instanceof HarkError ? stateAfter[error.code] : undefined;
      if (state === undefined) throw error;
      return { state };
    }
  }

  private async followed(link: MailLink, request: FastifyRequest, locale: Locale): Promise<Shown> {
    const { shows, acts } = mailLinkTable[link.purpose];
    const ask = async (subject: string, data: object) =>
      (await this.served.asker.askByLink(link, subject, data, request, locale)).body;
    const form = link.purpose === 'complain' ? complainByLinkRequest.safeParse(formOf(request.body)) : noForm;
    if (request.method === 'POST' && form.success) {
      await ask(acts, form.data);
      return { state: 'done' };
    }
    if (shows === undefined) return { state: 'asks' };
    const message = (await ask(shows, {})) as ComplainableView;
    if (message.is !== 'open') return { state: message.is === 'made' ? 'made' : 'late' };
    return { state: request.method === 'POST' ? 'incomplete' : 'asks', message };
  }
}

/** Of what muting and unbinding are sent nothing is read: the link says everything. */
const noForm = { success: true, data: {} } as const;

/** What a browser's form says of a complaint. Other fields are left out; line ends are as they are everywhere else in the hub. */
function formOf(body: unknown): object {
  const fields = new URLSearchParams(Buffer.isBuffer(body) ? body.toString() : '');
  const note = (fields.get('note') ?? '').replaceAll('\r\n', '\n').trim();
  return { reason: fields.get('reason'), ...(note !== '' && { note }) };
}
