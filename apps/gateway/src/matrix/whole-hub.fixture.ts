import { Agent, IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import type { Type } from '@nestjs/common';
import { Client } from 'pg';
import { eventSchemas } from '@hark/contracts';
import { EventStore } from '@hark/eventstore';
import { Disposables } from '@hark/kernel';
import { startSandbox } from '@hark/sandbox';
import { Keys, RunningService } from '@hark/service';
import { startStack, until } from '@hark/testing';
import { RunningGateway, startGateway } from '../gateway';

const services = ['auth', 'intake', 'moderation', 'delivery', 'complaints'] as const;

/** Loaded at run time: nothing imports an app. */
// eslint-disable-next-line @typescript-eslint/no-require-imports -- see above
const load = (file: string) => require(join(__dirname, '../../..', file)) as object as Record<string, unknown>;
type Totp = {
  readonly codeOf: (secret: Uint8Array, step: number) => string;
  readonly stepOf: (nowMs: number) => number;
};
const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
type Start = (env: NodeJS.ProcessEnv) => Promise<RunningService>;

/** The modules of all services, as they stand in the sources. */
export const serviceModules = (): Type[] =>
  services.flatMap((name) => Object.values(load(`${name}/src/${name}.module.ts`)) as Type[]);

/** An answer of the hub. */
export interface Answer {
  readonly status: number;
  readonly text: string;
  /** The body; `undefined` where it is empty. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- any JSON
  readonly body: any;
}

/** How a call is made. */
export interface Sent {
  readonly token?: string | undefined;
  readonly body?: unknown;
  /** In place of `body`: sent as it is. */
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What somebody has in the hub: the ids by the names that paths use, and the credentials. */
export interface Side {
  readonly userId: string;
  readonly session: string;
  readonly secret: string;
  readonly key: string;
  readonly ids: Readonly<Record<string, string>>;
}

/** Gateway and all services in this process, on real stores, with two people who have everything that a route reads. */
export class WholeHub {
  private calls = 0;
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 8 });

  private constructor(
    readonly keys: Keys,
    readonly env: NodeJS.ProcessEnv,
    readonly store: EventStore,
    private readonly gateway: RunningGateway,
    private readonly mint: (openid: string) => string,
    private readonly disposables: Disposables,
  ) {}

  static async start(): Promise<WholeHub> {
    const closing = new Disposables();
    try {
      const stack = closing.add(await startStack());
      const sandbox = closing.add(await startSandbox({ anyDevice: true }));
      const env: NodeJS.ProcessEnv = {
        ...stack.env,
        ...sandbox.settings,
        HARK_ADMINS: 'wechat:chief',
        HARK_PORT: '0',
        // Thousands of calls come from here; each says another address.
        HARK_TRUSTED_PROXIES: '127.0.0.1,::1',
        HARK_RATE_PER_CALLER: '0',
        HARK_RATE_PER_ADDRESS: '0',
        HARK_PUSH_RATE_PER_OWNER: '0',
        HARK_PUSH_RATE_PER_RECIPIENT: '0',
        HARK_LOG: 'error',
      };
      for (const name of services) closing.add(await (load(`${name}/src/main.ts`).start as Start)(env));
      const gateway = closing.add(await startGateway(env));
      const store = closing.add(EventStore.connect(stack.env.EVENTSTORE_URL, { schemas: eventSchemas }));
      const keys = new Keys(Buffer.from(stack.env.HARK_MASTER_KEY, 'base64'));
      const mint = (openid: string) => sandbox.standIns.wechat.users.mint({ openid });
      return new WholeHub(keys, env, store, gateway, mint, closing);
    } catch (error) {
      await closing.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    this.agent.destroy();
    await this.disposables.close();
  }

  /**
   * Calls the hub as it is written: nothing in `target` is put right on the way, as `fetch` would. Calls again, as clients do,
   * while the hub has too much to do on this machine to say whose session it is.
   */
  call(method: string, target: string, sent: Sent = {}): Promise<Answer> {
    const answered = async () => {
      const answer = await this.callOnce(method, target, sent);
      return answer.status === 503 && answer.body?.code === 'service.unavailable' ? undefined : answer;
    };
    return until(answered, { what: `${method} ${target} is answered` });
  }

  private async callOnce(
    method: string,
    target: string,
    { token, body, text: asIs, headers = {} }: Sent,
  ): Promise<Answer> {
    const call = (this.calls += 1);
    const sent = body === undefined ? asIs : JSON.stringify(body);
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const asked = request(this.gateway.url, { method, path: target, agent: this.agent, family: 4 }, resolve);
      asked.setHeader('x-forwarded-for', `10.${call >> 16}.${(call >> 8) & 255}.${call & 255}`);
      if (token !== undefined) asked.setHeader('authorization', `Bearer ${token}`);
      if (body !== undefined) asked.setHeader('content-type', 'application/json');
      for (const [name, value] of Object.entries(headers)) asked.setHeader(name, value);
      asked.once('error', reject).end(sent);
    });
    const isStream = String(response.headers['content-type']).startsWith('text/event-stream');
    if (isStream) {
      response.destroy();
      return { status: response.statusCode!, text: '', body: undefined };
    }
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const isJson = text !== '' && String(response.headers['content-type']).includes('json');
    return { status: response.statusCode!, text, body: isJson ? JSON.parse(text) : undefined };
  }

  /** The columns of all read models, as a body would name them. */
  async columns(): Promise<string[]> {
    const client = new Client({ connectionString: this.env.DATABASE_URL });
    await client.connect();
    try {
      const schemas = "table_schema not in ('pg_catalog', 'information_schema')";
      const sql = `select distinct column_name as name from information_schema.columns where ${schemas} order by 1`;
      const { rows } = await client.query<{ name: string }>(sql);
      return rows.map(({ name }) => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()));
    } finally {
      await client.end();
    }
  }

  /** Calls what must succeed. */
  async done(method: string, target: string, sent: Sent = {}): Promise<Answer['body']> {
    const { status, text, body } = await this.call(method, target, sent);
    if (status >= 300) throw new Error(`${method} ${target}: ${status} ${text}`);
    return body;
  }

  /** Logs in through WeChat. */
  async logIn(openid: string): Promise<{ userId: string; session: string }> {
    const body = await this.done('POST', '/v1/sessions', { body: { provider: 'wechat', code: this.mint(openid) } });
    return { userId: body.user.id, session: body.accessToken };
  }

  /** Sets up a second factor: from now on the session acts by its roles. */
  async secondFactor(session: string): Promise<void> {
    const { secret } = await this.done('POST', '/v1/me/totp', { token: session });
    const bits = [...(secret as string)].map((letter) => base32.indexOf(letter).toString(2).padStart(5, '0')).join('');
    const bytes = Buffer.from((bits.match(/.{8}/g) ?? []).map((eight) => parseInt(eight, 2)));
    const { codeOf, stepOf } = load('auth/src/domain/totp.ts') as Totp;
    await this.done('POST', '/v1/me/totp/confirm', {
      token: session,
      body: { code: codeOf(bytes, stepOf(Date.now())) },
    });
  }

  /** A person with an app that they have bound, a push in their inbox, a complaint about it, and an endpoint. */
  async side(name: string): Promise<Side> {
    const { userId, session } = await this.logIn(name);
    const token = session;
    const { app, secret } = await this.done('POST', '/v1/apps', { token, body: { name: `Tickets ${name}` } });
    const openid = `${name}-1`;
    const { binding, key } = await this.done('POST', '/v1/bindings', { token, body: { appId: app.id, openid } });
    const asked = { token: secret, body: { openid: `${name}-2` } };
    const { id: requestId } = await this.done('POST', '/v1/binding-requests', asked);
    const { userCode } = await this.done('POST', '/v1/device-authorizations', {});
    const endpoint = { kind: 'bark', deviceKey: `device-of-${name}` };
    const { id: endpointId } = await this.done('POST', '/v1/endpoints', { token, body: endpoint });
    const actionId = `ok-${name}`;
    const push = { body: `for ${name}`, actions: [{ id: actionId, label: 'OK' }] };
    const { id: pushId } = await this.done('POST', '/v1/pushes', { token: key, body: push });
    const inbox = async () => {
      const { items } = (await this.done('GET', '/v1/inbox', { token })) as { items: { id: string }[] };
      return items[0];
    };
    const item = await until(inbox, { what: `the push is in the inbox of ${name}` });
    const complaint = { inboxItemId: item.id, reason: 'spam' };
    const { session: another } = await this.logIn(name);
    const claims = JSON.parse(Buffer.from(another.split('.')[1]!, 'base64url').toString()) as { sid: string };
    const { id: complaintId } = await this.done('POST', '/v1/complaints', { token, body: complaint });
    return {
      userId,
      session,
      secret,
      key,
      ids: {
        userId,
        appId: app.id,
        bindingId: binding.id,
        endpointId,
        pushId,
        inboxItemId: item.id,
        actionId,
        complaintId,
        requestId,
        userCode,
        sessionId: claims.sid,
        openid,
      },
    };
  }

  /**
   * The key and secret of an app that `operator` has suspended for two severe complaints, and of one that `second` has banned
   * for them.
   */
  async sanctioned(name: string, operator: string, second?: string): Promise<{ secret: string; key: string }> {
    const [owner, reader] = await Promise.all([this.logIn(`${name}-owner`), this.logIn(`${name}-reader`)]);
    const body = { name: `Noise ${name}` };
    const { app, secret } = await this.done('POST', '/v1/apps', { token: owner.session, body });
    const token = reader.session;
    const bound = { appId: app.id, openid: name };
    const { key, binding } = await this.done('POST', '/v1/bindings', { token, body: bound });
    // Only what the app itself has sent costs it points.
    const confirm = `/v1/apps/${app.id}/bindings/${binding.id}/confirm`;
    await this.done('POST', confirm, { token: secret, body: { openid: name, key } });
    const push = { openid: name, body: 'noise' };
    for (let count = 0; count < 2; count += 1) await this.done('POST', '/v1/pushes', { token: secret, body: push });
    const items = await until(
      async () => {
        const inbox = (await this.done('GET', '/v1/inbox', { token })) as { items: { id: string }[] };
        return inbox.items.length === 2 ? inbox.items : undefined;
      },
      { what: `both pushes are in the inbox of ${name}` },
    );
    for (const { id } of items) {
      const complaint = { inboxItemId: id, reason: 'fraud' };
      const { id: complaintId } = await this.done('POST', '/v1/complaints', { token, body: complaint });
      const path = `/v1/ops/complaints/${complaintId}/uphold`;
      await this.done('POST', path, { token: operator, body: { severity: 'severe' } });
    }
    if (second) await this.done('POST', `/v1/ops/apps/${app.id}/ban`, { token: second, body: { note: 'n' } });
    return { secret, key };
  }
}
