import { AppEvent } from '@hark/contracts';
import { absentApp, App, evolveApp } from '@hark/gate';
import { Decider, HarkError, IsoTime } from '@hark/kernel';

export type AppCommand = { readonly at: IsoTime } & (
  | ({ readonly type: 'Register'; readonly ownerId: string; readonly secretHash: string } & Omit<
      AppEvent['data'],
      'at' | 'ownerId' | 'secretHash' | 'verified'
    >)
  /** A mini program that nobody registered asked for a binding: an unverified app without an owner. */
  | { readonly type: 'Discover'; readonly name: string; readonly wechatAppId: string }
);

/** The rules of an app: registered once; a mini program belongs to one app. */
export const appDecider: Decider<App, AppCommand, AppEvent> = {
  initial: absentApp,
  evolve: evolveApp,

  decide(command, app) {
    switch (command.type) {
      case 'Register': {
        const { type: _, ...data } = command;
        if (app.is === 'absent') return [{ type: 'app.registered', data: { ...data, verified: false } }];
        if (app.secretHash === command.secretHash) return [];
        throw new HarkError('conflict', 'app.wechat-app-id-taken', 'the mini program belongs to an app already');
      }
      case 'Discover': {
        const { name, wechatAppId, at } = command;
        const data = { ownerId: null, name, wechatAppId, redirectUris: [], secretHash: null, verified: false, at };
        return app.is === 'absent' ? [{ type: 'app.registered', data }] : [];
      }
    }
  },
};
