import { AppEvent } from '@hark/contracts';
import { publicNameOf } from '@hark/gate';
import { FoldProjection } from '@hark/readmodel';

/** What an app is called before everybody, beside its messages. */
export interface AppNameRow {
  app_id: string;
  name: string;
  verified: boolean;
  /** Whether somebody owns it; if not, each person sees the name that their own client gave it. */
  owned: boolean;
}

export const appNames: FoldProjection<AppNameRow, AppEvent> = {
  name: 'delivery.app-names.v3',
  table: 'delivery.app_names',
  key: ['app_id'],
  categories: ['app'],
  replacing: ['app.registered'],

  keyOf: ({ id }) => ({ app_id: id }),

  evolve(row, { event, id }) {
    if (event.type === 'app.registered') {
      const { verified, ownerId } = event.data;
      return { app_id: id, name: publicNameOf(event.data), verified, owned: ownerId !== null };
    }
    if (row === undefined) return row;
    switch (event.type) {
      case 'app.changed':
        return { ...row, name: event.data.name ?? row.name, verified: event.data.verified ?? row.verified };
      case 'app.claimed':
        return { ...row, verified: true, owned: true };
      case 'app.transferred':
        return { ...row, verified: false };
      default:
        return row;
    }
  },
};
