import { randomBytes, randomUUID } from 'node:crypto';
import { latestPosition } from '@hark/kernel';
import { call, expecting, HttpAnswer, HttpCall, Json } from './http';
import { seen } from './wait';

/** The hub and the sandbox that the story plays on. */
export interface Stage {
  readonly hubUrl: string;
  readonly sandboxUrl: string;
  /** An openid that HARK_ADMINS names: whoever logs in with it is an operator. */
  readonly operatorOpenid: string;
}

/**
 * The calls that the story makes: public HTTP, and the sandbox's control API for what happens outside Hark. What the actors
 * have written, their reads show: like any client, they send back the latest `Hark-Position`.
 */
export class Actors {
  private written: string | undefined;

  constructor(readonly stage: Stage) {}

  /** One call to the hub. A read is made again while what was written before is not there to be read yet. */
  async hub(method: string, path: string, request: HttpCall = {}): Promise<HttpAnswer> {
    if (method === 'GET') return this.read(path, request);
    const answer = await call(this.stage.hubUrl, method, path, request);
    this.written = latestPosition([this.written, answer.headers.get('hark-position') ?? undefined]);
    return answer;
  }

  /** A new openid of Hark's own mini program: a person nobody has seen before. */
  newOpenid(): string {
    return `o${randomBytes(13).toString('hex')}`;
  }

  /** Logs in as WeChat would: the sandbox mints the code that `wx.login` gives. Answers the access token. */
  async logIn(openid: string): Promise<{ token: string; userId: string; roles: Json }> {
    const minted = expecting(
      await call(this.stage.sandboxUrl, 'POST', '/control/wechat/codes', { body: { openid } }),
      200,
    );
    // The same client may repeat it, and does while the hub has too much to do.
    const answer = await seen('an answer to the log-in', async () => {
      const told = await this.hub('POST', '/v1/sessions', { body: { provider: 'wechat', code: minted.body.code } });
      return told.status === 503 ? undefined : told;
    });
    const { body } = expecting(answer, 201);
    return { token: String(body.accessToken), userId: String(body.user?.id), roles: body.user?.roles as Json };
  }

  /** A phone with Bark on it; answers its device key. */
  async newPhone(): Promise<string> {
    const deviceKey = randomUUID().replaceAll('-', '').slice(0, 22);
    const { body } = expecting(
      await call(this.stage.sandboxUrl, 'POST', '/control/bark/devices', { body: { deviceKey } }),
      200,
    );
    return String(body.deviceKey);
  }

  /** A phone with Bark on it, as a verified endpoint of whoever logged in with `token`; answers its device key. */
  async addPhone(token: string): Promise<string> {
    const deviceKey = await this.newPhone();
    const body = { kind: 'bark', deviceKey };
    const added = expecting(await this.hub('POST', '/v1/endpoints', { token, body }), 201);
    const [challenge] = await this.phone(deviceKey, 1);
    const code = /\b\d{6}\b/.exec(JSON.stringify(challenge))?.[0];
    expecting(await this.hub('POST', `/v1/endpoints/${added.body.id}/verify`, { token, body: { code } }), 200);
    return deviceKey;
  }

  /** Every push that came to a phone, oldest first. Waits until there are `atLeast`. */
  phone(deviceKey: string, atLeast: number): Promise<Json[]> {
    return this.arrivals(`/control/bark/pushes?deviceKey=${deviceKey}`, atLeast);
  }

  /** Every mail to an address, oldest first. Waits until there are `atLeast`. */
  mailbox(address: string, atLeast: number): Promise<Json[]> {
    return this.arrivals(`/control/mail?to=${encodeURIComponent(address)}`, atLeast);
  }

  /** What is there now, without waiting. */
  async phoneNow(deviceKey: string): Promise<number> {
    const { body } = expecting(
      await call(this.stage.sandboxUrl, 'GET', `/control/bark/pushes?deviceKey=${deviceKey}`),
      200,
    );
    return (body.items as unknown as Json[]).length;
  }

  /** The message of this push in a person's inbox. Waits for it. */
  inboxItem(token: string, pushId: string): Promise<Json> {
    return seen(`push ${pushId} in the inbox`, async () => {
      const answer = await this.hub('GET', `/v1/inbox/${pushId}`, { token });
      return answer.status === 200 ? answer.body : undefined;
    });
  }

  /** A push as its sender sees it. Waits until its status is one of these. */
  pushWithStatus(key: string, pushId: string, statuses: readonly string[]): Promise<Json> {
    return seen(`push ${pushId} ${statuses.join(' or ')}`, async () => {
      const answer = await this.hub('GET', `/v1/pushes/${pushId}`, { token: key });
      return answer.status === 200 && statuses.includes(String(answer.body.status)) ? answer.body : undefined;
    });
  }

  /** What came to one of the sandbox's places, oldest first. Waits until there are `atLeast`. */
  arrivals(path: string, atLeast: number): Promise<Json[]> {
    return seen(`${atLeast} arrivals at ${path}`, async () => {
      const { body } = expecting(await call(this.stage.sandboxUrl, 'GET', path), 200);
      const items = body.items as unknown as Json[];
      return items.length >= atLeast ? items : undefined;
    });
  }

  private read(path: string, request: HttpCall): Promise<HttpAnswer> {
    const position = this.written;
    const headers = { ...(position !== undefined && { 'hark-position': position }), ...request.headers };
    return seen(`${path} as it was written`, async () => {
      const answer = await call(this.stage.hubUrl, 'GET', path, { ...request, headers });
      return String(answer.body.code) === 'readmodel.behind' ? undefined : answer;
    });
  }
}
