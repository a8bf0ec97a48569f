import type { NatsContext } from '@nestjs/microservices';
import { SignJWT } from 'jose';
import {
  authSubjects,
  checkSessionRequest,
  complaintsSubjects,
  deliverySubjects,
  intakeSubjects,
  moderationSubjects,
  Reply,
} from '@hark/contracts';
import { HarkNatsServer, RequestContext, requestContextOf, RpcClient } from '@hark/nats';
import { Keys } from '@hark/service';
import { Stack, startStack } from '@hark/testing';
import { RunningGateway, startGateway } from './gateway';
import { HttpLimits } from './http/http-limits';
import { Problem, problemSchema } from './http/problem';

/** Everything a service was asked. */
export interface Asked {
  readonly subject: string;
  readonly data: Record<string, unknown>;
  readonly request: RequestContext;
}

export type Responder = (asked: Asked) => Reply | Promise<Reply>;

export const userId = '11111111-1111-4111-8111-111111111111';
export const sessionId = '22222222-2222-4222-8222-222222222222';
export const someId = '33333333-3333-4333-8333-333333333333';
const keyId = '44444444444444448444444444444444';
/** Tokens of the right form; whether they are anyone's is for the services to say. */
export const bindingKey = `hk_${keyId}_${'k'.repeat(43)}`;
export const appSecret = `has_${keyId}_${'s'.repeat(43)}`;

const everySubject = [authSubjects, intakeSubjects, moderationSubjects, deliverySubjects, complaintsSubjects].flatMap(
  (subjects) => Object.values(subjects),
);
/** Enough of every reply for the answers that quote one. */
const anyBody = { id: someId, app: { id: someId }, binding: { id: someId }, results: [] };

/** A gateway on a broker of its own, with a responder behind every subject that notes what it is asked. */
export class GatewayHarness {
  readonly asked: Asked[] = [];
  private responder: Responder = () => ({ body: anyBody });
  /** What the auth service says of a session that is used. It is asked beside every call, so it is not noted. */
  sessionCheck: Responder = () => ({ body: { secondFactor: true } });
  sessionChecks = 0;

  private constructor(
    private readonly stack: Stack,
    private readonly keys: Keys,
    private readonly services: RpcClient,
    private readonly server: HarkNatsServer,
    readonly gateway: RunningGateway,
  ) {}

  static async start(
    limits: Partial<HttpLimits> = {},
    settings: Readonly<Record<string, string>> = {},
    subjects: readonly string[] = everySubject,
  ): Promise<GatewayHarness> {
    const stack = await startStack({ nats: true });
    const keys = new Keys(Buffer.from(stack.env.HARK_MASTER_KEY, 'base64'));
    const own = { url: stack.env.NATS_URL, name: 'services', service: 'services', callerKey: keys.caller };
    const services = await RpcClient.connect(own);
    const server = new HarkNatsServer({ connection: services.connection, queue: 'services', callerKey: keys.caller });
    const env = { ...stack.env, HARK_PORT: '0', HARK_RATE_PER_CALLER: '0', HARK_RATE_PER_ADDRESS: '0', ...settings };
    const gateway = await startGateway(env, limits);
    const harness = new GatewayHarness(stack, keys, services, server, gateway);
    for (const subject of subjects) {
      server.addHandler(subject, (data: Record<string, unknown>, context: NatsContext) =>
        harness.serve({ subject, data, request: requestContextOf(context) }),
      );
    }
    server.listen(() => {});
    await server.flushed();
    return harness;
  }

  get env(): Stack['env'] {
    return this.stack.env;
  }

  get url(): string {
    return this.gateway.url;
  }

  /** From now on every service answers like this, having forgotten what it was asked before. */
  answering(responder: Responder): void {
    this.asked.length = 0;
    this.responder = responder;
  }

  reset(): void {
    this.answering(() => ({ body: anyBody }));
  }

  fetch(path: string, init: RequestInit = {}): Promise<Response> {
    return fetch(`${this.url}${path}`, init);
  }

  /** A session of the one user, or of `sub`, signed as the auth service signs them; `claims` over the usual ones. */
  session(roles: readonly string[] = ['user'], claims: Record<string, unknown> = {}): Promise<string> {
    return new SignJWT({ roles, sid: sessionId, ...claims })
      .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' })
      .setIssuer('hark')
      .setAudience('hark')
      .setSubject(typeof claims.sub === 'string' ? claims.sub : userId)
      .setIssuedAt()
      .setExpirationTime('15m')
      .sign(this.keys.session);
  }

  /** Ends the broker while the gateway runs on. */
  loseBroker(): Promise<void> {
    return this.stack.close();
  }

  async close(): Promise<void> {
    await this.gateway.close();
    await this.server.close();
    await this.services.close();
    await this.stack.close();
  }

  private async serve(asked: Asked): Promise<Reply> {
    if (asked.subject === authSubjects.checkSession) {
      expect(checkSessionRequest.safeParse(asked.data).success).toBe(true);
      this.sessionChecks += 1;
      return this.sessionCheck(asked);
    }
    this.asked.push(asked);
    return this.responder(asked);
  }
}

export const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
export const json = { 'content-type': 'application/json' };

/** The problem in a response; fails when there is none, or not in the form of the OpenAPI document. */
export async function problem(response: Response): Promise<Problem> {
  expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  const told = problemSchema.parse(await response.json());
  expect(told).toMatchObject({ status: response.status, type: `urn:hark:problem:${told.code}` });
  expect(told.requestId).toBe(response.headers.get('x-request-id'));
  return told;
}

/** The clock that rates go by stands still, so that no share grows again between two calls, however slow the machine. */
export async function whileClockStands<T>(work: () => Promise<T>): Promise<T> {
  const clock = jest.spyOn(performance, 'now').mockReturnValue(performance.now());
  try {
    return await work();
  } finally {
    clock.mockRestore();
  }
}
