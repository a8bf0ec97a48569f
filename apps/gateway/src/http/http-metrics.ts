import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Metrics } from '@hark/service';
import { streamType } from '../live/event-stream';

const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2.5, 5, 10];
const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
const statusesOfAClass = 100;
const secondsPerMs = 1 / 1_000;

/**
 * Counts and times answers by method, status class and the route as the table writes it. Never by the requested path:
 * it holds ids, and anybody can invent paths.
 */
export class HttpMetrics {
  private readonly requests;
  private readonly durations;

  constructor(metrics: Metrics) {
    const labels = ['route', 'method', 'status'] as const;
    this.requests = metrics.counter('hark_http_requests_total', 'HTTP requests answered.', labels);
    const help = 'From the arrival of an HTTP request to the end of its answer.';
    this.durations = metrics.histogram('hark_http_request_duration_seconds', help, buckets, labels);
  }

  /** Call it for every answer that has been sent. */
  readonly answered = (request: FastifyRequest, reply: FastifyReply): void => {
    const labels = {
      route: request.routeOptions.url ?? 'none',
      method: methods.has(request.method) ? request.method : 'other',
      status: `${Math.floor(reply.statusCode / statusesOfAClass)}xx`,
    };
    this.requests.inc(labels);
    // How long a stream was open says nothing of how fast it was answered.
    if (reply.getHeader('content-type') !== streamType)
      this.durations.observe(labels, reply.elapsedTime * secondsPerMs);
  };
}
