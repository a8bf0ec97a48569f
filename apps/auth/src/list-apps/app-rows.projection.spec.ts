import { AppEvent } from '@hark/contracts';
import { projectionSpec, stream } from '@hark/testing';
import { appRows } from './app-rows.projection';

const at = '2026-01-05T09:00:00.000Z';
const data = { name: 'Tickets', redirectUris: ['https://a.example/'], secretHash: 'h', verified: false, at };
const registered = (more: object): AppEvent => ({ type: 'app.registered', data: { ...data, ownerId: null, ...more } });
const nothingSaid = { description: null, homepage: null, callback_url: null };
const rows = projectionSpec(appRows);

describe('the rows of apps', () => {
  it('say what was registered, in the order of the log, and nothing of the secret', () => {
    rows
      .given(stream('a1', registered({ ownerId: 'owner' })), stream('a2', registered({ ownerId: 'owner' })))
      .thenRows(
        { app_id: 'a1', owner_id: 'owner', name: 'Tickets', place: '1', created_at: at, ...nothingSaid },
        { app_id: 'a2', place: '2', redirect_uris: data.redirectUris, verified: false },
      );
    const row = appRows.evolve(undefined, { event: registered({}), id: 'a1', position: 1n } as never);
    expect(Object.keys(row!).join()).not.toMatch(/secret/);
  });

  it('name the mini program: the one it is, or the one its owner says', () =>
    rows
      .given(
        stream('a1', registered({ wechatAppId: 'wx01' })),
        stream('a2', registered({ ownerId: 'owner', wechatAppIdWished: 'wx02' })),
      )
      .thenRows({ name: 'wx01', wechat_app_id: 'wx01', owner_id: null }, { name: 'Tickets', wechat_app_id: 'wx02' }));
});
