import { AppEvent } from '@hark/contracts';
import { FoldProjection } from '@hark/readmodel';

/** What an app is called, beside its messages. */
export interface AppNameRow {
  app_id: string;
  name: string;
}

export const appNames: FoldProjection<AppNameRow> = {
  name: 'delivery.app-names.v1',
  table: 'delivery.app_names',
  key: ['app_id'],
  categories: ['app'],

  keyOf: ({ id }) => ({ app_id: id }),

  evolve(row, recorded) {
    const event = recorded.event as AppEvent;
    return event.type === 'app.registered' ? { app_id: recorded.id, name: event.data.name } : row;
  },
};
