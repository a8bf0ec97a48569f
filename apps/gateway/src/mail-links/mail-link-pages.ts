import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { authSubjects, Locale } from '@hark/contracts';
import { mailLinkPath, readMailLink } from '@hark/credentials';
import { HarkError } from '@hark/kernel';
import { RouteServer } from '../http/route-server';
import { mailLinkPage, MailLinkState } from './mail-link-page';

/** What is read of a form. RFC 8058 sends one field; nothing of it matters, because the address says everything. */
const formBytesMax = 4_096;
const purposes = ['mute', 'unbind'] as const;
type Served = (typeof purposes)[number];

const statusOf: Readonly<Record<MailLinkState, number>> = {
  asks: 200,
  done: 200,
  gone: 200,
  forged: 404,
  expired: 410,
};

/** Nothing runs, nothing is loaded, and the only form leads back here. */
const policy =
  "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/**
 * The pages behind a mail's links. The link is the credential: it lets its holder mute or unbind the one binding it names. GET
 * never acts, because scanners of mail follow links; POST acts at once, as RFC 8058 wants of one-click unsubscription.
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
      // RFC 8058 3.2 sends multipart/form-data or a URL-encoded form.
      scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: formBytesMax }, (_request, _bytes, done) =>
        done(null),
      );
      for (const purpose of purposes) {
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

  private async answer(purpose: Served, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { token } = request.params as { token: string };
    const locale: Locale = (request.query as { lang?: unknown }).lang === 'en' ? 'en' : 'zh-CN';
    const state = await this.stateAfter(purpose, token, request);
    return reply
      .status(statusOf[state])
      .headers({ 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy })
      .send(mailLinkPage(locale, purpose, state));
  }

  private async stateAfter(purpose: Served, token: string, request: FastifyRequest): Promise<MailLinkState> {
    this.served.admit(request);
    const read = readMailLink(token, purpose, this.keys, Date.now());
    if (read.is === 'forged') this.served.refusedTrial(request);
    if (read.is !== 'valid') return read.is;
    if (request.method !== 'POST') return 'asks';
    const { personId, bindingId } = read.link;
    try {
      if (purpose === 'unbind') await this.served.askFor(personId, authSubjects.unbind, { bindingId }, request);
      else await this.served.askFor(personId, authSubjects.changeBinding, { bindingId, muted: true }, request);
      return 'done';
    } catch (error) {
      if (error instanceof HarkError && goneCodes.has(error.code)) return 'gone';
      throw error;
    }
  }
}

/** What the auth service says of a binding that is no more. Nothing is left to stop then. */
const goneCodes: ReadonlySet<string> = new Set(['binding.unknown', 'binding.ended']);
