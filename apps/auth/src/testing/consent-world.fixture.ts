import {
  AppBindingView,
  ApprovedReply,
  authSubjects,
  BindingRequestView,
  DeclinedReply,
  ExchangedReply,
  OpenedBindingRequest,
  Page,
  RegisterAppReply,
} from '@hark/contracts';
import { uuid7 } from '@hark/kernel';
import { RpcOptions } from '@hark/nats';
import { AuthWorld, Somebody } from './auth-world.fixture';

/** Where the apps take people back to. */
export const back = 'https://tickets.example/bound?tenant=7';
/** Where people reach the hub. */
export const publicUrl = 'https://hark.example/';
/** How many redeem one code at once, and how often two people agree to one openid at once; thousands on demand. */
export const racers = Number(process.env.HARK_RACERS ?? 40);

/** The code in the address that a person is taken back to. */
export const codeIn = (redirectTo: string | undefined): string => new URL(redirectTo!).searchParams.get('code')!;

/** An app that speaks for itself. */
export interface SpeakingApp {
  readonly appId: string;
  readonly credential: string;
}

/** Two apps of one owner, which ask Ann and Ben for their consent. */
export class ConsentWorld {
  private constructor(
    readonly auth: AuthWorld,
    readonly owner: Somebody,
    readonly ann: Somebody,
    readonly ben: Somebody,
    /** Asks, unless another is named. */
    readonly app: SpeakingApp,
    readonly other: SpeakingApp,
  ) {}

  static async start(): Promise<ConsentWorld> {
    const auth = await AuthWorld.start();
    const [owner, ann, ben] = [await auth.somebody('owner'), await auth.somebody('ann'), await auth.somebody('ben')];
    return new ConsentWorld(
      auth,
      owner,
      ann,
      ben,
      await registered(owner, 'Tickets'),
      await registered(owner, 'Other'),
    );
  }

  /** An app asks. */
  async open(asked: object = {}, meta: RpcOptions = {}, by = this.app): Promise<OpenedBindingRequest> {
    const all = { openid: uuid7(), publicUrl, credential: by.credential, ...asked };
    return (await this.auth.ask<OpenedBindingRequest>(authSubjects.openBindingRequest, all, meta)).body;
  }

  /** Somebody looks at what they are asked. */
  async show(who: Somebody, requestId: string, meta: RpcOptions = {}): Promise<BindingRequestView> {
    return (await who.ask<BindingRequestView>(authSubjects.getBindingRequest, { requestId }, meta)).body;
  }

  /** Somebody says yes. */
  async approve(who: Somebody, requestId: string, more: object = {}, meta: RpcOptions = {}): Promise<ApprovedReply> {
    return (await who.ask<ApprovedReply>(authSubjects.approveBindingRequest, { requestId, ...more }, meta)).body;
  }

  /** The code that a yes is refused with. */
  refusalToApprove(who: Somebody, requestId: string, more: object = {}): Promise<string> {
    return who.refusal(authSubjects.approveBindingRequest, { requestId, ...more });
  }

  /** Somebody says no. */
  async decline(who: Somebody, requestId: string): Promise<DeclinedReply> {
    return (await who.ask<DeclinedReply>(authSubjects.declineBindingRequest, { requestId })).body;
  }

  /** The app trades a code for the key of the binding. */
  async exchange(code: string, more: object = {}, meta: RpcOptions = {}): Promise<ExchangedReply> {
    const asked = { code, credential: this.app.credential, ...more };
    return (await this.auth.ask<ExchangedReply>(authSubjects.exchangeCode, asked, meta)).body;
  }

  /** The code of the refusal to trade a code. */
  refusalToExchange(code: string, more: object = {}): Promise<string> {
    return this.auth.refusal(authSubjects.exchangeCode, { code, credential: this.app.credential, ...more });
  }

  /** The app's confirmed bindings that are in force under an openid. */
  async confirmedUnder(openid: string): Promise<AppBindingView[]> {
    // Everything before this write is in the list.
    const { position } = await this.owner.ask(authSubjects.bind, { appId: this.other.appId, openid: 'now' });
    const { body } = await this.auth.ask<Page<AppBindingView>>(authSubjects.listAppBindings, this.app, {
      position: position!,
    });
    return body.items.filter((one) => one.openid === openid && one.confirmed && one.status === 'active');
  }
}

async function registered(owner: Somebody, name: string): Promise<SpeakingApp> {
  const asked = { name, redirectUris: [back, 'http://localhost:8080/cb', back] };
  const { body } = await owner.ask<RegisterAppReply>(authSubjects.registerApp, asked);
  return { appId: body.app.id, credential: body.secret };
}
