import { AppEvent } from '@hark/contracts';
import { publicNameOf } from '@hark/gate';
import { FoldProjection } from '@hark/readmodel';
import { skeletonOf } from '../domain/name-skeleton';

/** One app, as `auth.apps` has it. */
export interface AppRow {
  app_id: string;
  owner_id: string | null;
  name: string;
  /** The name's skeleton (`skeletonOf`). */
  name_skeleton: string;
  description: string | null;
  homepage: string | null;
  wechat_app_id: string | null;
  redirect_uris: readonly string[];
  callback_url: string | null;
  verified: boolean;
  /** The position in the log, by which the list is ordered. A number once it was read back. */
  place: string | number;
  created_at: string;
}

/** `auth.apps`: one row an app. */
export const appRows: FoldProjection<AppRow, AppEvent> = {
  name: 'auth.apps.v3',
  table: 'auth.apps',
  key: ['app_id'],
  categories: ['app'],
  types: ['app.registered'],
  replacing: ['app.registered'],

  keyOf: ({ id }) => ({ app_id: id }),

  evolve(row, { event, id, position }) {
    if (event.type !== 'app.registered') return row;
    const { ownerId, description, homepage, redirectUris, callbackUrl, verified, at } = event.data;
    const { wechatAppIdWished, wechatAppId = wechatAppIdWished } = event.data;
    const name = publicNameOf(event.data);
    return {
      app_id: id,
      owner_id: ownerId,
      name,
      name_skeleton: skeletonOf(name),
      description: description ?? null,
      homepage: homepage ?? null,
      wechat_app_id: wechatAppId ?? null,
      redirect_uris: redirectUris,
      callback_url: callbackUrl ?? null,
      verified,
      place: String(position),
      created_at: at,
    };
  },
};
