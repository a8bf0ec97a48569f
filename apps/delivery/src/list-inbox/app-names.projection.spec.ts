import { AppEvent } from '@hark/contracts';
import { projectionSpec, stream } from '@hark/testing';
import { appNames } from './app-names.projection';

const data = { name: 'Tickets', redirectUris: [], secretHash: null, verified: true, at: '2026-01-05T09:00:00.000Z' };
const registered = (more: object): AppEvent => ({ type: 'app.registered', data: { ...data, ownerId: null, ...more } });

it('the names of apps are their own where somebody owns them, and the mini program’s where nobody does', () =>
  projectionSpec(appNames)
    .given(stream('a1', registered({ ownerId: 'owner' })), stream('a2', registered({ wechatAppId: 'wx01' })))
    .thenRows(
      { app_id: 'a1', name: 'Tickets', verified: true, owned: true },
      { app_id: 'a2', name: 'wx01', owned: false },
    ));

it('the names of apps follow what becomes of the apps', () =>
  projectionSpec(appNames)
    .given(
      stream<AppEvent[]>(
        'a1',
        registered({ wechatAppId: 'wx01', verified: false }),
        { type: 'app.claimed', data: { ownerId: 'owner', by: 'wechat', at: data.at } },
        { type: 'app.changed', data: { name: 'Repairs', at: data.at } },
      ),
      stream<AppEvent[]>('a2', registered({ ownerId: 'owner' }), {
        type: 'app.changed',
        data: { homepage: null, verified: false, at: data.at },
      }),
      stream<AppEvent[]>('a3', registered({ ownerId: 'owner' }), {
        type: 'app.transferred',
        data: { ownerId: 'other', secretHash: 'h', oldUntil: null, at: data.at },
      }),
    )
    .thenRows(
      { app_id: 'a1', name: 'Repairs', verified: true, owned: true },
      { app_id: 'a2', name: 'Tickets', verified: false },
      { app_id: 'a3', verified: false, owned: true },
    ));
