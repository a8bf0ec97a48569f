import type { ServerResponse } from 'node:http';
import type { z } from 'zod';
import type { BarkPush } from '../bark/bark';
import { newDeviceKey } from '../bark/bark-devices';
import { type Answer, json, parseJson, problem } from '../http/exchange';
import { type Received } from '../http/received';
import type { Sandbox } from '../sandbox';
import type { Arrival, Arrivals } from './arrivals';
import * as schemas from './control.schemas';

/** Bytes that may wait for a slow reader of the stream before it is cut off. */
export const streamBufferMax = 8_388_608;

interface Route {
  readonly method: 'GET' | 'POST';
  readonly run: (request: Received) => Answer | Promise<Answer>;
}

/** The calls that script the stand-ins and tell what reached them. Bad input is a 400 problem document. */
export class Control {
  private readonly routes: Readonly<Record<string, Route>>;

  constructor(private readonly sandbox: Sandbox) {
    const { wechat, bark, mail, webhooks, pushService, clock } = sandbox;
    this.routes = {
      '/control/wechat/codes': post(schemas.codeBody, ({ sessionKey, appId, ...identity }) => ({
        code: wechat.mint(identity, sessionKey, appId),
      })),
      '/control/wechat/verdicts': post(schemas.verdictBody, (verdict) =>
        wechat.content.set(verdict) ? verdict : full('verdicts'),
      ),
      '/control/wechat/subscriptions': post(schemas.subscriptionBody, ({ openid, templateId, count }) => ({
        openid,
        templateId,
        count: wechat.messages.grant(openid, templateId, count),
      })),
      '/control/wechat/subscribe-messages': list('openid', wechat.messages.sent),
      '/control/bark/devices': post(schemas.deviceBody, ({ deviceKey = newDeviceKey(), state }) =>
        bark.devices.put(deviceKey, { token: `sandbox-${deviceKey}`, state }) ? { deviceKey, state } : full('devices'),
      ),
      '/control/bark/pushes': list('deviceKey', bark.pushes),
      '/control/bark/stream': get(schemas.streamQuery, ({ deviceKey }) => this.stream(deviceKey)),
      '/control/mail': list('to', mail.mails, (address) => address.toLowerCase()),
      '/control/webhooks': list('path', webhooks.calls, (path) =>
        path.startsWith('/hooks/') ? path : `/hooks/${path.replace(/^\//, '')}`,
      ),
      '/control/webpush/subscriptions': post(
        schemas.browserBody,
        ({ applicationServerKey }) => pushService.subscribe(applicationServerKey) ?? full('browsers'),
      ),
      '/control/webpush/unsubscriptions': post(schemas.unsubscriptionBody, ({ path }) => ({
        ended: pushService.unsubscribe(path),
      })),
      '/control/webpush/messages': list('path', pushService.messages),
      '/control/faults': post(schemas.faultBody, ({ mode, ...fault }) => {
        if (mode === 'ok') sandbox.faults.clear(fault.provider, fault.match);
        else if (!sandbox.faults.set({ mode, ...fault })) return full('faults');
        return { mode, ...fault };
      }),
      '/control/clock': post(schemas.clockBody, ({ advanceMs }) => {
        clock.advance(advanceMs);
        return { now: new Date(clock.nowMs()).toISOString() };
      }),
      '/control/reset': post(schemas.nothing, () => {
        sandbox.reset();
        return {};
      }),
      '/control/journal': get(schemas.journalQuery, (filter) =>
        json(200, { items: sandbox.journal.list(filter).map(dated), dropped: sandbox.journal.dropped }),
      ),
    };
  }

  /** Answers a request under `/control/`. */
  async handle(request: Received): Promise<Answer> {
    const route = Object.hasOwn(this.routes, request.path) ? this.routes[request.path] : undefined;
    if (!route) return problem(404, 'control.unknown', 'no such control call');
    if (request.method !== route.method) return problem(405, 'control.method', `use ${route.method}`);
    return route.run(request);
  }

  /** NDJSON, one line for each push as it comes, from the moment the headers are sent. Ends only with a side. */
  private stream(deviceKey: string | undefined): Answer {
    const { stream } = this.sandbox.bark;
    return {
      take(response: ServerResponse) {
        let lines = '';
        const flush = () => {
          const batch = lines;
          lines = '';
          // A reader that does not read would otherwise grow the process without bound.
          if (response.writableLength > streamBufferMax) response.destroy();
          else response.write(batch);
        };
        const onPush = (push: BarkPush) => {
          if (deviceKey !== undefined && push.deviceKey !== deviceKey) return;
          const { id, title, body, receivedAtMs } = push;
          if (lines === '') setImmediate(flush);
          lines += `${JSON.stringify({ deviceKey: push.deviceKey, id, title, body, receivedAtMs })}\n`;
        };
        stream.on('push', onPush);
        response.once('close', () => stream.off('push', onPush));
        response.writeHead(200, { 'content-type': 'application/x-ndjson', 'cache-control': 'no-store' });
        response.flushHeaders();
      },
    };
  }
}

class Full {
  constructor(readonly what: string) {}
}

const full = (what: string): Full => new Full(what);

function post<S extends z.ZodType>(schema: S, run: (input: z.output<S>) => object): Route {
  return {
    method: 'POST',
    run: (request) => {
      const body = request.body.length === 0 ? {} : parseJson(request.text);
      const parsed = schema.safeParse(body);
      if (!parsed.success) return invalid('body', parsed.error);
      const result = run(parsed.data);
      return result instanceof Full ? problem(409, 'control.full', `too many ${result.what}`) : json(200, result);
    },
  };
}

function get<S extends z.ZodType>(
  schema: S,
  run: (input: z.output<S>, request: Received) => Answer | Promise<Answer>,
): Route {
  return {
    method: 'GET',
    run: (request) => {
      const parsed = schema.safeParse(Object.fromEntries(request.query));
      return parsed.success ? run(parsed.data, request) : invalid('query', parsed.error);
    },
  };
}

/** A list that can wait: with `atLeast` it answers when that many are there, or after `waitMs` with what there is. */
function list<T extends Arrival>(name: string, arrivals: Arrivals<T>, normalise = (key: string): string => key): Route {
  return get(schemas.listQuery(name), async (query, request) => {
    const asked = query[name] as string | undefined;
    const { atLeast = 1, waitMs = 0, after = 0 } = query;
    const filter = { key: asked === undefined ? undefined : normalise(asked), after };
    if (waitMs > 0) {
      const signal = AbortSignal.any([request.signal, AbortSignal.timeout(waitMs)]);
      if (!(await arrivals.waitFor(filter, atLeast, signal))) {
        return problem(503, 'control.busy', 'too many long polls are open');
      }
    }
    return json(200, { items: arrivals.list(filter).map(dated), dropped: arrivals.dropped });
  });
}

const dated = <T extends { receivedAtMs: number }>(item: T) => ({
  ...item,
  receivedAt: new Date(item.receivedAtMs).toISOString(),
});

const invalid = (where: string, error: z.ZodError): Answer =>
  problem(
    400,
    'request.invalid',
    'the input is not what this call takes',
    error.issues.map(({ path, message }) => ({ path: [where, ...path].join('.'), message })),
  );
