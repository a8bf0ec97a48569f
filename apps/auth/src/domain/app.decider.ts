import { AppEvent } from '@hark/contracts';
import { App, appFold } from '@hark/gate';
import { Decider, IsoTime } from '@hark/kernel';

export type AppCommand = { readonly at: IsoTime } & (
  | ({ readonly type: 'Register'; readonly ownerId: string; readonly secretHash: string } & Omit<
      AppEvent['data'],
      'at' | 'ownerId' | 'secretHash' | 'verified' | 'wechatAppId'
    >)
  /** A mini program asked for a binding: makes an app without an owner, unverified, named by its mini program's id. */
  | { readonly type: 'Discover'; readonly wechatAppId: string }
);

/** The rules of an app: registered once. The mini program that an owner names is only a claim until it is proven. */
export const appDecider: Decider<App, AppCommand, AppEvent> = {
  ...appFold,

  decide(command, app) {
    switch (command.type) {
      case 'Register': {
        const { type: _, ...data } = command;
        return app.is === 'absent' ? [{ type: 'app.registered', data: { ...data, verified: false } }] : [];
      }
      case 'Discover': {
        const { wechatAppId, at } = command;
        const data = {
          ownerId: null,
          name: wechatAppId,
          wechatAppId,
          redirectUris: [],
          secretHash: null,
          verified: false,
          at,
        };
        return app.is === 'absent' ? [{ type: 'app.registered', data }] : [];
      }
    }
  },
};
