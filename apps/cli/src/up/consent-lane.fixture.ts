import { randomUUID } from 'node:crypto';
import { setImmediate as turn, setTimeout as pause } from 'node:timers/promises';
import { Actors } from '../demo/actors';
import { call, expecting, HttpAnswer, HttpCall, Json, Unexpected } from '../demo/http';
import { ConsentRecord, Withdrawal } from './consent-record.fixture';

/** How often one binding is withdrawn and granted again, so that its stream stays short. */
const roundsOfOneBinding = 20;
/** Pushes at the same time, before a withdrawal is answered and after. */
const meanwhileMax = 2;
const afterMax = 3;
/** How many of the withdrawals are followed by a batch instead of single pushes. */
const batchShare = 0.3;
const turnsMax = 40;
const againMs = 50;
const answerDeadlineMs = 90_000;

interface Bound {
  readonly bindingId: string;
  readonly openid: string;
  readonly key: string;
}

/** Answers that say nothing of consent: a store is away, or the request was cut off. The same again is harmless. */
const saysNothing = (answer: HttpAnswer | undefined): answer is undefined =>
  answer === undefined || answer.status === 503;

/** One user with a phone and an app of its own, who grants and withdraws consent again and again. */
export class ConsentLane {
  private readonly openid: string;
  private token = '';
  private appId = '';
  private secret = '';
  private bound: Bound | undefined;
  private roundsOfBinding = 0;
  private bindings = 0;
  /** The app's name for the user in the binding that is withdrawn and granted again. */
  private name = this.newName();
  /** Pushes that began before the round's withdrawal was answered. */
  private readonly underWay: Promise<void>[] = [];
  /** Accepted while the app was muted. */
  private readonly muted: { readonly id: string; readonly secret: string }[] = [];

  private constructor(
    private readonly actors: Actors,
    private readonly record: ConsentRecord,
  ) {
    this.openid = actors.newOpenid();
  }

  static async open(actors: Actors, record: ConsentRecord): Promise<ConsentLane> {
    const lane = new ConsentLane(actors, record);
    await lane.logIn();
    await actors.addPhone(lane.token);
    await lane.newApp();
    return lane;
  }

  /** One round: consent, a withdrawal that is answered, pushes that begin after the answer. */
  async round(kind: Withdrawal): Promise<void> {
    if (kind === 'suspend') await this.suspend();
    else if (kind === 'mute') await this.mute();
    else if (kind === 'erase') await this.erase();
    else await this.refuse(kind);
    await Promise.all(this.underWay.splice(0));
    this.record.rounds[kind] += 1;
  }

  /**
   * The user erases everything about themselves, and is another one afterwards, with a phone of their own. Muted pushes of the
   * one before go with their inbox.
   */
  private async erase(): Promise<void> {
    const { key } = await this.bind(this.newName());
    await this.withdraw(key, async () => {
      await this.acknowledged('DELETE', '/v1/me', [202]);
    });
    await this.pushesAfter('erase', { token: key });
    this.muted.length = 0;
    this.bound = undefined;
    await this.logIn();
    await this.tried(() => this.actors.addPhone(this.token));
  }

  /**
   * What became of the pushes that were accepted while muted, by how many. Resolves when each has been decided on: only
   * then it cannot ring any more.
   */
  async outcomes(): Promise<Record<string, number>> {
    const filed = await this.filedFor();
    const outcomes: Record<string, number> = {};
    for (const { id, secret } of this.muted) {
      const outcome = filed.get(id) ?? (await this.outcomeOf(id, secret));
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    }
    return outcomes;
  }

  /** Why the messages of the inbox were only filed, by id. */
  private async filedFor(): Promise<ReadonlyMap<string, string>> {
    const reasons = new Map<string, string>();
    let cursor = '';
    do {
      const { body } = await this.acknowledged('GET', `/v1/inbox?limit=200${cursor}`, [200]);
      for (const { id, why } of body.items as unknown as Json[]) reasons.set(String(id), String(why?.reason));
      cursor = typeof body.nextCursor === 'string' ? `&cursor=${encodeURIComponent(body.nextCursor)}` : '';
    } while (cursor !== '');
    return reasons;
  }

  private async outcomeOf(id: string, secret: string): Promise<string> {
    let outcome = '';
    const isOver = ({ status, reason }: Json): boolean => {
      outcome = String(reason ?? status);
      return ['inbox-only', 'suppressed', 'delivered', 'failed'].includes(String(status));
    };
    await this.seen(`/v1/pushes/${id}`, isOver, secret);
    return outcome;
  }

  private async refuse(kind: 'unbind' | 'block' | 'none'): Promise<void> {
    const { bindingId, key } = await this.bindAgain();
    const binding = `/v1/bindings/${bindingId}`;
    await this.withdraw(key, async () => {
      if (kind === 'none') await this.acknowledged('PATCH', binding, [200], { body: { level: 'none' } });
      else await this.acknowledged('DELETE', kind === 'block' ? `${binding}?block=true` : binding, [204]);
    });
    await this.pushesAfter(kind, { token: key });
    if (kind === 'none') await this.acknowledged('PATCH', binding, [200], { body: { level: 'strong' } });
    else this.bound = undefined;
    if (kind === 'block') await this.acknowledged('DELETE', `/v1/blocks/${this.appId}`, [204]);
  }

  /** A binding of its own each time: unmuted again, what was accepted while muted might ring. */
  private async mute(): Promise<void> {
    const { bindingId, key } = await this.bind(this.newName());
    await this.withdraw(key, async () => {
      await this.acknowledged('PATCH', `/v1/bindings/${bindingId}`, [200], { body: { muted: true } });
    });
    await all(upTo(afterMax, 1), async () => {
      const { body } = expecting(await this.decisive({ token: key }, false), 202);
      this.muted.push({ id: String(body.id), secret: this.secret });
      this.record.after.accepted += 1;
    });
  }

  /** The last round of its app: points do not come back. */
  private async suspend(): Promise<void> {
    const { key, openid } = await this.bind(this.newName());
    const asApp = { token: this.secret, body: { key, openid } };
    for (const severity of ['severe', 'major']) {
      const { body } = expecting(await this.decisive(asApp, true), 202);
      const inboxItemId = String(body.id);
      await this.seen(`/v1/inbox/${inboxItemId}`, () => true);
      const complaint = await this.acknowledged('POST', '/v1/complaints', [201], {
        body: { inboxItemId, reason: 'spam' },
      });
      const uphold = { token: (await this.session(this.actors.stage.operatorOpenid)).token, body: { severity } };
      // 409: it was decided by a call whose answer was lost.
      await this.acknowledged('POST', `/v1/ops/complaints/${complaint.body.id}/uphold`, [200, 409], uphold);
    }
    await this.seen(`/v1/apps/${this.appId}/standing`, ({ status }) => status === 'suspended', this.secret);
    await this.pushesAfter('suspend', { token: key });
    await this.newApp();
  }

  /** Withdraws while pushes are under way, at any moment of each. */
  private async withdraw(key: string, ask: () => Promise<void>): Promise<void> {
    const { meanwhile } = this.record;
    const pushes = all(upTo(meanwhileMax, 0), async () => {
      await turns();
      const answer = await this.push({ token: key }, this.record.newText(true));
      if (saysNothing(answer)) meanwhile.unavailable += 1;
      else if (answer.status === 202) meanwhile.accepted += 1;
      else meanwhile.refused += 1;
    });
    await turns();
    await ask();
    // They may be decided while what follows the answer is.
    this.underWay.push(pushes);
  }

  /** Pushes that must be refused, as calls of their own or in one batch. */
  private async pushesAfter(kind: Withdrawal, by: HttpCall): Promise<void> {
    const refused = ({ status, body }: HttpAnswer): void => {
      if (status === 202) this.record.wronglyAccepted.push(`${kind}: push ${body.id}`);
      this.record.after[status === 202 ? 'accepted' : 'refused'] += 1;
    };
    const pushes = upTo(afterMax, 1);
    if (Math.random() < batchShare) (await this.decisiveBatch(by, pushes)).forEach(refused);
    else await all(pushes, async () => refused(await this.decisive(by, false)));
  }

  /** Pushes until the answer says something of consent. Each time is a push of its own. */
  private async decisive(by: HttpCall, mayRing: boolean): Promise<HttpAnswer> {
    for (const giveUpAt = Date.now() + answerDeadlineMs; Date.now() < giveUpAt; await pause(againMs)) {
      const answer = await this.push(by, this.record.newText(mayRing));
      if (!saysNothing(answer)) return answer;
      this.record.after.unavailable += 1;
    }
    throw new Unexpected('an answer to a push', 'none in time');
  }

  /** The same with one batch of pushes, none of which may ring; those without an answer go again in another one. */
  private async decisiveBatch({ token }: HttpCall, pushes: number): Promise<readonly HttpAnswer[]> {
    const answers: HttpAnswer[] = [];
    for (const giveUpAt = Date.now() + answerDeadlineMs; Date.now() < giveUpAt; await pause(againMs)) {
      const left = Array.from({ length: pushes - answers.length }, () => ({ body: this.record.newText(false) }));
      const request = { token, body: { pushes: left } };
      const answer = await this.actors.hub('POST', '/v1/pushes/batch', request).catch(() => undefined);
      for (const each of left.map((_, index) => ofItem(answer, index))) {
        if (saysNothing(each)) this.record.after.unavailable += 1;
        else answers.push(each);
      }
      if (answers.length === pushes) return answers;
    }
    throw new Unexpected('an answer to a batch', 'none in time');
  }

  private push({ token, body = {} }: HttpCall, text: string): Promise<HttpAnswer | undefined> {
    return call(this.actors.stage.hubUrl, 'POST', '/v1/pushes', {
      token,
      body: { ...(body as object), body: text },
    }).catch(() => undefined);
  }

  private async bindAgain(): Promise<Bound> {
    this.roundsOfBinding += 1;
    if (this.roundsOfBinding % roundsOfOneBinding === 0) {
      this.name = this.newName();
      this.bound = undefined;
    }
    return (this.bound ??= await this.bind(this.name));
  }

  private newName(): string {
    return `u-${(this.bindings += 1)}`;
  }

  private async bind(openid: string): Promise<Bound> {
    const { body } = await this.acknowledged('POST', '/v1/bindings', [201], { body: { appId: this.appId, openid } });
    return { bindingId: String(body.binding?.id), openid, key: String(body.key) };
  }

  private async newApp(): Promise<void> {
    const { token } = await this.session(this.actors.newOpenid());
    const asked = { token, body: { name: '同意测试' } };
    const { body } = await this.acknowledged('POST', '/v1/apps', [201], asked);
    this.appId = String(body.app?.id);
    this.secret = String(body.secret);
    this.bound = undefined;
  }

  private async logIn(): Promise<void> {
    ({ token: this.token } = await this.session(this.openid));
  }

  /** A log-in that may be cut off: a code works once, so each try has a new one. */
  private session(openid: string): Promise<{ token: string; userId: string }> {
    return this.tried(() => this.actors.logIn(openid));
  }

  /** Does what may be cut off until it succeeds. */
  private async tried<T>(work: () => Promise<T>): Promise<T> {
    for (const giveUpAt = Date.now() + answerDeadlineMs; ; await pause(againMs)) {
      try {
        return await work();
      } catch (error) {
        if (Date.now() > giveUpAt) throw error;
      }
    }
  }

  /** Looks until it is as wanted, as this lane's user unless a token is given. */
  private async seen(path: string, is: (body: Json) => boolean, token?: string): Promise<void> {
    for (const giveUpAt = Date.now() + answerDeadlineMs; Date.now() < giveUpAt; await pause(againMs)) {
      const { status, body } = await this.acknowledged('GET', path, [200, 404], token === undefined ? {} : { token });
      if (status === 200 && is(body)) return;
    }
    throw new Unexpected(path, 'not in time');
  }

  /** Asks until it is answered by one of these statuses, as this lane's user unless another token is given. */
  private async acknowledged(
    method: string,
    path: string,
    statuses: readonly number[],
    request: HttpCall = {},
  ): Promise<HttpAnswer> {
    const headers = method === 'POST' ? { 'idempotency-key': randomUUID() } : undefined;
    for (const giveUpAt = Date.now() + answerDeadlineMs; Date.now() < giveUpAt; await pause(againMs)) {
      const asked = { token: this.token, ...request, ...(headers && { headers }) };
      const answer = await this.actors.hub(method, path, asked).catch(() => undefined);
      if (saysNothing(answer)) continue;
      if (statuses.includes(answer.status)) return answer;
      if (answer.status === 401 && request.token === undefined) await this.logIn();
      else throw new Unexpected(`${method} ${path} ${statuses.join(' or ')}`, JSON.stringify(answer.body));
    }
    throw new Unexpected(`${method} ${path} ${statuses.join(' or ')}`, 'no answer in time');
  }
}

/** What one push of a batch was answered, as if it had come by itself. */
function ofItem(answer: HttpAnswer | undefined, index: number): HttpAnswer | undefined {
  if (answer?.status !== 200) return answer;
  const item = (answer.body.results as unknown as Json[])[index]!;
  return { ...answer, status: item.error === undefined ? 202 : Number(item.error.status), body: item.error ?? item };
}

const upTo = (most: number, least: number): number => least + Math.floor(Math.random() * (most - least + 1));

async function all(count: number, each: () => Promise<void>): Promise<void> {
  await Promise.all(Array.from({ length: count }, each));
}

/** A moment at random: requests that begin together meet in every order. */
async function turns(): Promise<void> {
  for (let left = upTo(turnsMax, 0); left > 0; left -= 1) await turn();
}
