import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Locale } from '@hark/contracts';
import { header } from '../http/request-headers';
import { escapeHtml } from '../texts/escape-html';
import { consolePages } from './console-pages';

/** Where the build puts the console (tools/build); the same place from the sources and from what was built of them. */
export const consoleFolder = join(__dirname, '..', '..', '..', 'console', 'dist');

/** What the page is told about the hub that serves it. */
export interface ConsoleFacts {
  /** Where sandbox people log in; absent where a real provider says who somebody is. */
  readonly sandboxUrl?: string;
}

interface StoredFile {
  readonly type: string;
  readonly plain: Buffer;
  readonly brotli?: Buffer;
}

const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.webmanifest': 'application/manifest+json',
};
const immutable = 'public, max-age=31536000, immutable';
/** 16 bytes, as CSP 3 section 2.3.1 asks at least. */
const nonceBytes = 16;

/**
 * The console as static files, read once at the start. Files whose names hold a hash of their content may be kept for
 * ever; the page itself never, so that a new build is seen at once. Its routes are the console's own and no others: an
 * unknown path stays a problem document. Without a build there is no console, and the API answers as ever.
 */
export class ConsoleFiles {
  private constructor(
    private readonly page: string,
    private readonly reference: string,
    private readonly assets: ReadonlyMap<string, StoredFile>,
    private readonly worker: Buffer,
    private readonly facts: ConsoleFacts,
  ) {}

  /** The files in `folder`; `undefined` when nothing was built there. */
  static read(folder: string, facts: ConsoleFacts): ConsoleFiles | undefined {
    const page = join(folder, 'index.html');
    if (!existsSync(page)) return undefined;
    const assets = new Map<string, StoredFile>();
    const names = readdirSync(join(folder, 'assets'));
    for (const name of names) {
      const type = types[extname(name)];
      if (type === undefined) continue;
      const file = join(folder, 'assets', name);
      assets.set(name, {
        type,
        plain: readFileSync(file),
        ...(names.includes(`${name}.br`) && { brotli: readFileSync(`${file}.br`) }),
      });
    }
    return new ConsoleFiles(
      readFileSync(page, 'utf8'),
      readFileSync(join(folder, 'docs.html'), 'utf8'),
      assets,
      readFileSync(join(folder, 'service-worker.js')),
      facts,
    );
  }

  register(server: FastifyInstance): void {
    const route = (url: string, handler: (request: FastifyRequest, reply: FastifyReply) => unknown) =>
      server.route({ method: ['GET', 'HEAD'], url, exposeHeadRoute: false, handler });
    for (const path of consolePages) route(path, (request, reply) => this.sendPage(request, reply));
    for (const [name, file] of this.assets) {
      route(`/assets/${name}`, (request, reply) => sendAsset(file, request, reply));
    }
    // Its name is the same in every build: browsers look whether it changed, and must not be told from a cache.
    route('/service-worker.js', (_request, reply) =>
      reply.headers({ 'content-type': types['.js'], 'cache-control': 'no-cache' }).send(this.worker),
    );
  }

  private sendPage({ query }: FastifyRequest, reply: FastifyReply): FastifyReply {
    const page = this.page.replace('__SANDBOX__', escapeHtml(this.facts.sandboxUrl ?? ''));
    return sendHtml(page, { img: (query as { pictures?: unknown }).pictures === 'show' ? ' https:' : '' }, reply);
  }

  /** Sends the page of the API reference in a language, with `links` above it: HTML of our own. */
  sendReference(locale: Locale, links: string, reply: FastifyReply): FastifyReply {
    return sendHtml(this.reference.replace('__LANG__', locale).replace('__LINKS__', links), { font: ' data:' }, reply);
  }
}

/** What a page's policy lets in beside our own. */
interface Beside {
  readonly img?: string;
  readonly font?: string;
}

function sendHtml(page: string, beside: Beside, reply: FastifyReply): FastifyReply {
  const nonce = randomBytes(nonceBytes).toString('base64');
  return reply
    .headers({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': policyWith(nonce, beside),
      'cross-origin-opener-policy': 'same-origin',
      'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=()',
    })
    .send(page.replaceAll('__NONCE__', nonce));
}

/**
 * Nothing from elsewhere, no inline script; inline styles only those that the page's own code makes, by the nonce. Pictures
 * from elsewhere tell their host who reads what: only the page that was asked for with them lets them in.
 */
const policyWith = (nonce: string, { img = '', font = '' }: Beside): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    `img-src 'self' data:${img}`,
    `font-src 'self'${font}`,
    "connect-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

function sendAsset({ type, plain, brotli }: StoredFile, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  reply.headers({ 'content-type': type, 'cache-control': immutable, vary: 'accept-encoding' });
  if (!brotli || !/(^|,)\s*br\s*(,|$)/.test(header(request.headers, 'accept-encoding') ?? '')) return reply.send(plain);
  return reply.header('content-encoding', 'br').send(brotli);
}
