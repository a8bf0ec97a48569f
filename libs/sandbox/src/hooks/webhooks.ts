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

  constructor(arrivalsMax: number) {
    this.calls = new Arrivals(arrivalsMax);
  }

  handle(request: Received): Reply {
    const { seq, method, path, headers, receivedAtMs, text: body } = request;
    const query = Object.fromEntries(request.query);
    this.calls.add({ seq, method, path, query, headers, body, json: parseJson(body), receivedAtMs }, path);
    const status = Number(/^\/hooks\/status\/([2-5]\d\d)(?:\/|$)/.exec(path)?.[1] ?? 200);
    return text(status, status === 204 || status === 304 ? '' : 'ok');
  }

  fail(fault: Fault): Reply {
    if (fault.mode !== 'rate-limit') return text(fault.status ?? 500, 'error');
    return { status: 429, headers: { 'content-type': 'text/plain', 'retry-after': '1' }, body: 'slow down' };
  }

  reset(): void {
    this.calls.reset();
  }
}
