import type { Duplex } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Locale } from '@hark/contracts';
import { HarkError, uuid7 } from '@hark/kernel';
import { errorTexts } from '../texts/error-texts';
import { problemOf } from './problem';
import { localeOf } from './request-headers';
import { responseHeaders } from './response-headers';

/**
 * Answers what never became a request (bad framing, too many headers, too slow) with a problem document too, then
 * closes.
 */
export function answerClientError(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) {
    socket.destroy();
    return;
  }
  hangUpWith(refusalOf(error.code), socket);
}

/**
 * Handles what Node's server would answer with an empty body or not at all: an `Expect` other than `100-continue`, and
 * `CONNECT`.
 */
export function answerByServer(server: FastifyInstance['server']): void {
  server.on('checkExpectation', ({ headers, socket }: FastifyRequest['raw']) =>
    hangUpWith(
      new HarkError('invalid', 'request.expectation', 'the request expects what is not known'),
      socket,
      localeOf(headers),
    ),
  );
  server.on('connect', ({ headers }: FastifyRequest['raw'], socket: Duplex) =>
    hangUpWith(new HarkError('invalid', 'method.unknown', 'this is no proxy'), socket, localeOf(headers)),
  );
}

/** Answers a connection from which no request can be read any more, then closes it. */
export function hangUpWith(refusal: HarkError, socket: Duplex, locale: Locale = 'en'): void {
  const problem = problemOf(refusal, uuid7(), locale);
  const body = JSON.stringify(problem);
  const headers: Readonly<Record<string, string>> = {
    ...responseHeaders(problem.requestId),
    'content-type': 'application/problem+json; charset=utf-8',
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close',
    ...(problem.retryAfter !== undefined && { 'retry-after': String(Number(problem.retryAfter)) }),
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const status = `HTTP/1.1 ${problem.status} ${errorTexts[problem.code].en[0]}\r\n`;
  socket.end(`${status}${lines.join('')}\r\n${body}`, () => socket.destroy());
}

function refusalOf(code: string | undefined): HarkError {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return new HarkError('invalid', 'request.headers-too-large', 'the headers are too large');
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new HarkError('invalid', 'request.too-slow', 'the request did not come in time');
    default:
      return new HarkError('invalid', 'request.malformed', 'the request is not HTTP');
  }
}
