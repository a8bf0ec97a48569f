import { isDeepStrictEqual } from 'node:util';
import {
  aadOf,
  ComplaintLookEvent,
  complaintsSubjects,
  ComplaintView,
  PushContent,
  Reply,
  Severity,
  StandingEvent,
  StandingView,
  UpholdReply,
} from '@hark/contracts';
import { hashCredential, issueCredential } from '@hark/credentials';
import { uuid7 } from '@hark/kernel';
import { Caller, RpcOptions } from '@hark/nats';
import { operator, serviceHarness, ServiceWorld, until, user } from '@hark/testing';
import { start } from '../main';

export const dayMs = 86_400_000;

/** An app as the auth service would have registered it. */
export interface RegisteredApp {
  readonly appId: string;
  /** The holder of the standing: the app itself while nobody owns it. */
  readonly ownerId: string;
  readonly secret: string;
}

/** The complaints service on real stores; what others would have written is appended to their streams. */
export class ComplaintsWorld extends ServiceWorld {
  static async start(): Promise<ComplaintsWorld> {
    return new ComplaintsWorld(await serviceHarness(start));
  }

  async app(ownerId: string | null = uuid7()): Promise<RegisteredApp> {
    const appId = uuid7();
    const secret = issueCredential('app', appId, uuid7(), this.keys.secrets);
    const data = { ownerId, name: 'x', redirectUris: [], secretHash: hashCredential(secret), verified: false };
    await this.append('app', appId, { type: 'app.registered', data: { ...data, at: this.now() } });
    const account = ownerId ?? appId;
    await until(async () => (await this.types('standing', account)).length, { what: 'the standing is open' });
    return { appId, ownerId: account, secret };
  }

  /** A message in somebody's inbox, as delivery files it; answers its id. */
  async filed(
    { appId, ownerId }: RegisteredApp,
    personId: string,
    text: Partial<PushContent> = {},
    sender: { sentBy?: 'app' | 'key'; appKnowsKey?: boolean } = {},
  ): Promise<string> {
    const pushId = uuid7();
    const content = await this.vault.seal(personId, JSON.stringify({ body: 'x', ...text }), aadOf.content(pushId));
    const at = this.now();
    const ids = { appId, ownerId, personId, bindingId: uuid7(), content };
    const hash = 'a'.repeat(64);
    const accepted = {
      ...ids,
      consentId: uuid7(),
      bindingRevision: 0,
      contentHash: hash,
      priority: 'normal',
      ...sender,
      at,
    };
    await this.append('message', pushId, { type: 'message.pushed', data: accepted });
    const data = { ...ids, pushedAt: at, at };
    await this.append('delivery', pushId, { type: 'delivery.filed', data });
    return pushId;
  }

  complain(
    personId: string,
    inboxItemId: unknown,
    more: object = {},
    meta: RpcOptions = {},
  ): Promise<Reply<ComplaintView>> {
    const data = { inboxItemId, reason: 'spam', ...more };
    return this.ask(complaintsSubjects.complain, data, { caller: user(personId), ...meta });
  }

  /** Somebody's complaint about a message of the app; answers its id. */
  async complaint(app: RegisteredApp, more: object = {}): Promise<string> {
    const personId = uuid7();
    return (await this.complain(personId, await this.filed(app, personId), more)).body.id;
  }

  uphold(
    complaintId: unknown,
    severity: Severity = 'major',
    by = operator(),
    meta: RpcOptions = {},
  ): Promise<Reply<UpholdReply>> {
    return this.ask(complaintsSubjects.uphold, { complaintId, severity }, { caller: by, ...meta });
  }

  /** A new complaint about the app, upheld; answers the owner's standing after it. */
  async upheld(app: RegisteredApp, severity: Severity = 'major', by = operator()): Promise<StandingView> {
    return (await this.uphold(await this.complaint(app), severity, by)).body.standing!;
  }

  /** What `read` answers, as soon as it is what was expected. */
  async shown<T>(read: () => Promise<T>, expected: T): Promise<T> {
    const isShown = async () => isDeepStrictEqual(await read(), expected);
    await until(isShown, { what: JSON.stringify(expected) });
    return expected;
  }

  /** The looks that were recorded of an operator, oldest first. */
  async looks(operatorId: string): Promise<ComplaintLookEvent['data'][]> {
    const all = await this.dataOfAll<ComplaintLookEvent['data']>('complaint_look');
    return all.filter((look) => look.operatorId === operatorId);
  }

  penalties = async (ownerId: string) =>
    (await this.events<StandingEvent>('standing', ownerId)).flatMap((event) =>
      event.type === 'standing.penalized' ? [event.data] : [],
    );

  /** As an operator, unless a caller is named. */
  override ask<T>(subject: string, data: unknown, meta: RpcOptions = {}): Promise<Reply<T>> {
    return super.ask(subject, data, { caller: operator(), ...meta });
  }
}

/** A caller who is not an operator. */
export const others: readonly Caller[] = [
  user(uuid7()),
  { kind: 'user', userId: uuid7(), roles: ['user', 'admin'] },
  { kind: 'anonymous', roles: ['operator'] },
  { kind: 'app', roles: ['operator'] },
  { kind: 'service', service: 'test', roles: ['operator'] },
];

/** Ids that are none of ours. */
export const strangeIds = [uuid7(), 'x', '', null, 7, '../x', '{}'];
