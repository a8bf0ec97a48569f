import { AppEvent } from '@hark/contracts';
import { App, AppFacts, appFold, domainOf } from '@hark/gate';
import { Decider, HarkError, IsoTime, plusMs } from '@hark/kernel';

/** How long a former secret works on, in milliseconds, unless it is revoked at once. */
export const secretOverlapMs = 24 * 3_600_000;

type Registered = Extract<AppEvent, { type: 'app.registered' }>['data'];
type Changed = Extract<AppEvent, { type: 'app.changed' }>['data'];

/** Any of an app's settings, changed all or none. An absent one stays, `null` takes it away. */
export type AppChange = Omit<Changed, 'at' | 'callbackSecretId' | 'verified'>;

/** What an owner proves control of, and how. */
export type AppProof = { readonly by: 'dns' | 'well-known'; readonly domain: string };

export type AppCommand = { readonly at: IsoTime } & (
  | ({ readonly type: 'Register'; readonly ownerId: string; readonly secretHash: string } & Omit<
      Registered,
      'at' | 'ownerId' | 'secretHash' | 'verified' | 'wechatAppId'
    >)
  /** A mini program asked for a binding: makes an app without an owner, unverified, named by its mini program's id. */
  | { readonly type: 'Discover'; readonly wechatAppId: string }
  | OwnersCommand
  /** Whoever proved to WeChat that the mini program is theirs takes over its app, which nobody owns. */
  | {
      readonly type: 'ClaimMiniProgram';
      readonly personId: string;
      readonly secretHash: string;
      /** Whether the standing that the app has by itself may be left behind (`isUnburdened`). */
      readonly isUnburdened: boolean;
    }
  /** The person to whom the app was offered takes it, with a new secret, or declines it. */
  | ({ readonly type: 'AcceptTransfer'; readonly personId: string; readonly isUnburdened: boolean } & NewSecret)
  | { readonly type: 'DeclineTransfer'; readonly personId: string }
);

/** `ownerId` is who asks; for anybody but the owner there is no such app. */
type OwnersCommand = { readonly ownerId: string } &
  /** `callbackSecretId` names the new secret where the change brings another callback address. */
  (
    | { readonly type: 'Change'; readonly change: AppChange; readonly callbackSecretId: string }
    | ({ readonly type: 'RotateSecret' } & NewSecret)
    | { readonly type: 'RotateCallbackSecret'; readonly callbackSecretId: string; readonly revokeNow: boolean }
    | { readonly type: 'ProveDomain'; readonly proof: AppProof }
    | { readonly type: 'OfferTransfer'; readonly toId: string; readonly isUnburdened: boolean }
    | { readonly type: 'WithdrawTransfer' }
    | { readonly type: 'Delete' }
  );

/** Without `revokeNow` the secrets before it work 24 h longer. */
interface NewSecret {
  readonly secretHash: string;
  readonly revokeNow: boolean;
}

/**
 * The rules of an app: registered once, its owner's alone, deleted for good. The mini program that an owner names is
 * only a claim until it is proven. An app changes hands only while its standing is nothing to run from.
 */
export const appDecider: Decider<App, AppCommand, AppEvent> = {
  ...appFold,

  decide(command, app) {
    const { at } = command;
    switch (command.type) {
      case 'Register': {
        const { type: _, ...data } = command;
        return app.is === 'absent' ? [{ type: 'app.registered', data: { ...data, verified: false } }] : [];
      }
      case 'Discover':
        return app.is === 'absent' ? [discovered(command.wechatAppId, at)] : [];
      case 'ClaimMiniProgram': {
        const { personId, secretHash, isUnburdened } = command;
        if (app.is !== 'registered' || app.wechatAppId === undefined) throw unknown();
        if (app.ownerId === personId && app.wechatProven) return [];
        if (app.ownerId !== null && app.ownerId !== personId) throw taken();
        if (app.ownerId === null && !isUnburdened) throw burdened();
        return [{ type: 'app.claimed', data: { ownerId: personId, by: 'wechat', secretHash, at } }];
      }
      case 'AcceptTransfer': {
        const { personId, secretHash, revokeNow, isUnburdened } = command;
        const known = registered(app);
        if (known.ownerId === personId && known.secretHash === secretHash) return [];
        if (known.offeredTo !== personId) throw unknown();
        if (!isUnburdened) throw burdened();
        const data = { ownerId: personId, secretHash, oldUntil: revokeNow ? null : plusMs(at, secretOverlapMs), at };
        return [{ type: 'app.transferred', data }];
      }
      case 'DeclineTransfer': {
        const { personId } = command;
        return registered(app).offeredTo === personId
          ? [{ type: 'app.transfer-withdrawn', data: { by: personId, at } }]
          : [];
      }
      default:
        return decideForOwner(command, app);
    }
  },
};

function decideForOwner(command: OwnersCommand & { readonly at: IsoTime }, app: App): AppEvent[] {
  const { ownerId, at } = command;
  if (command.type === 'Delete' && app.is === 'deleted' && app.ownerId === ownerId) return [];
  const own = registered(app);
  if (own.ownerId !== ownerId) throw unknown();
  switch (command.type) {
    case 'Change':
      return change(command.change, command.callbackSecretId, own, at);
    case 'RotateSecret': {
      const { secretHash, revokeNow } = command;
      const data = { secretHash, oldUntil: revokeNow ? null : plusMs(at, secretOverlapMs), at };
      return secretHash === own.secretHash ? [] : [{ type: 'app.secret-rotated', data }];
    }
    case 'RotateCallbackSecret': {
      const { callbackSecretId, revokeNow } = command;
      if (own.callbackUrl === undefined) throw notCalled();
      const data = { callbackSecretId, oldUntil: revokeNow ? null : plusMs(at, secretOverlapMs), at };
      return callbackSecretId === own.callbackSecretId ? [] : [{ type: 'app.callback-secret-rotated', data }];
    }
    case 'ProveDomain': {
      const { by, domain } = command.proof;
      if (own.homepage === undefined || domainOf(own.homepage) !== domain) throw unproven();
      return own.provenDomain === domain ? [] : [{ type: 'app.claimed', data: { ownerId, by, domain, at } }];
    }
    case 'OfferTransfer': {
      const { toId, isUnburdened } = command;
      if (toId === ownerId || toId === own.offeredTo) return [];
      if (!isUnburdened) throw burdened();
      return [{ type: 'app.transfer-offered', data: { toId, at } }];
    }
    case 'WithdrawTransfer':
      return own.offeredTo === undefined ? [] : [{ type: 'app.transfer-withdrawn', data: { by: ownerId, at } }];
    case 'Delete':
      return [{ type: 'app.deleted', data: { at } }];
  }
}

/** What differs from the app as it is, in one event. */
function change(asked: AppChange, callbackSecretId: string, app: AppFacts, at: IsoTime): AppEvent[] {
  const fields = Object.entries(asked) as [keyof AppChange, unknown][];
  const differing = fields.filter(([field, value]) => JSON.stringify(value) !== JSON.stringify(app[field] ?? null));
  if (differing.length === 0) return [];
  const changed: AppChange = Object.fromEntries(differing);
  const { homepage, callbackUrl } = changed;
  const proofEnds =
    app.provenDomain !== undefined &&
    homepage !== undefined &&
    (homepage === null || domainOf(homepage) !== app.provenDomain);
  const data = {
    ...changed,
    ...(typeof callbackUrl === 'string' && { callbackSecretId }),
    ...(proofEnds && !app.wechatProven && { verified: false as const }),
    at,
  };
  return [{ type: 'app.changed', data }];
}

function discovered(wechatAppId: string, at: IsoTime): AppEvent {
  const nothing = { redirectUris: [], secretHash: null, verified: false };
  return { type: 'app.registered', data: { ownerId: null, name: wechatAppId, wechatAppId, ...nothing, at } };
}

function registered(app: App): Extract<App, { is: 'registered' }> {
  if (app.is !== 'registered') throw unknown();
  return app;
}

const notCalled = () => new HarkError('refused', 'app.no-callback-url', 'the app has no callback address');
const unknown = () => new HarkError('not-found', 'app.unknown', 'there is no such app for this person');
const taken = () => new HarkError('conflict', 'app.wechat-app-id-taken', 'somebody else has claimed the mini program');
const burdened = () => new HarkError('refused', 'app.standing-burdened', 'penalties would be left behind');
const unproven = () => new HarkError('refused', 'app.proof-missing', 'the proof is not of the domain of the homepage');
