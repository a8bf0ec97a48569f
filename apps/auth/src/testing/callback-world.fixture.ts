import { verifyWebhook } from '@hark/channels';
import { authSubjects, CallbackView, ChangeAppReply, Page } from '@hark/contracts';
import { WebhookCall } from '@hark/sandbox';
import { until } from '@hark/testing';
import { AuthWorld, Somebody } from './auth-world.fixture';

/** An app with an address that it is called at. */
export interface CalledApp {
  readonly appId: string;
  /** Signs its calls. */
  readonly secret: string;
}

/** What a call says; throws why it is none of the hub's that holds this secret. */
export function verified(
  auth: AuthWorld,
  secret: string,
  { headers, body }: WebhookCall,
): { type: string; data: object } {
  const verdict = verifyWebhook(secret, headers as object, body, Date.parse(auth.now()));
  if (verdict !== 'valid') throw new Error(verdict);
  return JSON.parse(body) as { type: string; data: object };
}

/** Apps of one owner whose calls are seen. */
export class CallbackWorld {
  private constructor(
    readonly auth: AuthWorld,
    readonly owner: Somebody,
    readonly ann: Somebody,
    /** The address below which every call is taken. */
    readonly hooks: string,
  ) {}

  static async start(): Promise<CallbackWorld> {
    const auth = await AuthWorld.start();
    return new CallbackWorld(auth, await auth.somebody('owner'), await auth.somebody('ann'), auth.openHooks());
  }

  /** A new app that is called at a path. */
  async called(path: string): Promise<CalledApp> {
    const { appId } = await this.auth.app(this.owner);
    const asked = { appId, callbackUrl: `${this.hooks}${path}` };
    const { body } = await this.owner.ask<ChangeAppReply>(authSubjects.changeApp, asked);
    return { appId, secret: body.callbackSecret! };
  }

  /** The calls to a path, once there are so many. */
  calls(path: string, count: number): Promise<WebhookCall[]> {
    const made = () => (this.auth.hooks(path).length >= count ? this.auth.hooks(path) : undefined);
    return until(made, { what: `${count} calls to ${path}` });
  }

  /** The calls that the owner sees of an app. */
  async listed(appId: string): Promise<readonly CallbackView[]> {
    return (await this.owner.ask<Page<CallbackView>>(authSubjects.listCallbacks, { appId })).body.items;
  }
}
