import { AppEvent } from '@hark/contracts';
import { absentApp, AppFacts, evolveApp, publicNameOf } from '@hark/gate';
import { FoldProjection } from '@hark/readmodel';
import { skeletonOf } from '../domain/name-skeleton';

/** One app, as `auth.apps` has it. */
export interface AppRow {
  app_id: string;
  owner_id: string | null;
  name: string;
  /** The name's skeleton (`skeletonOf`). */
  name_skeleton: string;
  verified: boolean;
  deleted: boolean;
  /** What the app's stream says, without its secrets: the next event is folded onto it. */
  facts: Omit<AppFacts, 'secretHash' | 'oldSecrets'>;
  /** The position in the log, by which the list is ordered. A number once it was read back. */
  place: string | number;
  created_at: string;
}

/** `auth.apps`: one row an app. */
export const appRows: FoldProjection<AppRow, AppEvent> = {
  name: 'auth.apps.v4',
  table: 'auth.apps',
  key: ['app_id'],
  categories: ['app'],
  replacing: ['app.registered'],

  keyOf: ({ id }) => ({ app_id: id }),

  evolve(row, { event, id, position }) {
    const before = row ? ({ is: 'registered', ...row.facts, secretHash: null } as const) : absentApp;
    const app = evolveApp(before, event);
    if (app.is === 'absent') return row;
    const { is, secretHash: _, oldSecrets: _former, ...facts } = app;
    const name = publicNameOf(app);
    return {
      app_id: id,
      owner_id: app.ownerId,
      name,
      name_skeleton: skeletonOf(name),
      verified: app.verified,
      deleted: is === 'deleted',
      facts,
      place: row?.place ?? String(position),
      created_at: app.at,
    };
  },
};
