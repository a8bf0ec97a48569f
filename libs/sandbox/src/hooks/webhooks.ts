import { createHmac } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { type Arrival, Arrivals } from '../control/arrivals';
import type { Fault } from '../control/faults';
import { parseJson, type Reply, text } from '../http/exchange';
import { type Received } from '../http/received';

/** A request that reached a webhook receiver. */
export interface WebhookCall extends Arrival {
  readonly method: string;
  /** Path without query, prefix included: `/hooks/orders`. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: IncomingHttpHeaders;
  /** Exactly as it came: signatures are over this text. */
  readonly body: string;
  /** The body parsed; absent when it is no JSON. */
  readonly json?: unknown;
}

/** Stands in for the receivers of callbacks: takes anything. `/hooks/status/<code>/…` answers with that status. */
export class Webhooks {
  readonly calls: Arrivals<WebhookCall>;
  private readonly secrets = new Map<string, string>();

  constructor(arrivalsMax: number) {
    this.calls = new Arrivals(arrivalsMax);
  }

  /** From now on answers at that path are signed with the secret (`whsec_…`); without one no longer. */
  sign(path: string, secret?: string): void {
    if (secret === undefined) this.secrets.delete(path);
    else this.secrets.set(path, secret);
  }

  handle(request: Received): Reply {
    const { seq, method, path, headers, receivedAtMs, text: body } = request;
    const query = Object.fromEntries(request.query);
    this.calls.add({ seq, method, path, query, headers, body, json: parseJson(body), receivedAtMs }, path);
    const status = Number(/^\/hooks\/status\/([2-5]\d\d)(?:\/|$)/.exec(path)?.[1] ?? 200);
    const reply = text(status, status === 204 || status === 304 ? '' : 'ok');
    const secret = this.secrets.get(path);
    return secret === undefined ? reply : { ...reply, headers: { ...reply.headers, ...answerTo(headers, secret) } };
  }

  fail(fault: Fault): Reply {
    if (fault.mode !== 'rate-limit') return text(fault.status ?? 500, 'error');
    return { status: 429, headers: { 'content-type': 'text/plain', 'retry-after': '1' }, body: 'slow down' };
  }

  reset(): void {
    this.calls.reset();
    this.secrets.clear();
  }
}

/** The signed answer of a receiver (`signAnswer` of the hub's channels, written here a second time so that both must agree). */
function answerTo(headers: IncomingHttpHeaders, secret: string): Record<string, string> {
  const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.answer`;
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  return { 'webhook-answer': `v1,${createHmac('sha256', key).update(signed).digest('base64')}` };
}
