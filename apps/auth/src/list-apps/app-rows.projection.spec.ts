import { AppEvent } from '@hark/contracts';
import { projectionSpec, stream } from '@hark/testing';
import { appRows } from './app-rows.projection';

const at = '2026-01-05T09:00:00.000Z';
const data = { name: 'Tickets', redirectUris: ['https://a.example/'], secretHash: 'h', verified: false, at };
const registered = (more: object): AppEvent => ({ type: 'app.registered', data: { ...data, ownerId: null, ...more } });
const rows = projectionSpec(appRows);

describe('the rows of apps', () => {
  it('say what was registered, in the order of the log, and nothing of the secret', () => {
    rows.given(stream('a1', registered({ ownerId: 'owner' })), stream('a2', registered({ ownerId: 'owner' }))).thenRows(
      { app_id: 'a1', owner_id: 'owner', name: 'Tickets', place: '1', created_at: at, deleted: false },
      {
        app_id: 'a2',
        place: '2',
        facts: expect.objectContaining({ redirectUris: data.redirectUris }) as never,
        verified: false,
      },
    );
    const row = appRows.evolve(undefined, { event: registered({}), id: 'a1', position: 1n } as never);
    expect(JSON.stringify(row)).not.toMatch(/secret/i);
  });

  it('name the mini program: the one it is, or the one its owner says', () =>
    rows
      .given(
        stream('a1', registered({ wechatAppId: 'wx01' })),
        stream('a2', registered({ ownerId: 'owner', wechatAppIdWished: 'wx02' })),
      )
      .thenRows(
        { name: 'wx01', facts: expect.objectContaining({ wechatAppId: 'wx01' }) as never, owner_id: null },
        { name: 'Tickets', owner_id: 'owner' },
      ));

  it('follow what becomes of an app: its name, its owner, its end', () =>
    rows
      .given(
        stream<AppEvent[]>(
          'a1',
          registered({ ownerId: 'owner' }),
          { type: 'app.changed', data: { name: 'Repairs', homepage: 'https://a.example/', at } },
          { type: 'app.claimed', data: { ownerId: 'owner', by: 'dns', domain: 'a.example', at } },
        ),
        stream<AppEvent[]>(
          'a2',
          registered({ ownerId: 'owner' }),
          { type: 'app.transferred', data: { ownerId: 'other', secretHash: 'h', oldUntil: null, at } },
          { type: 'app.deleted', data: { at } },
        ),
      )
      .thenRows(
        { name: 'Repairs', name_skeleton: 'repalrs', verified: true, owner_id: 'owner', place: '1' },
        { owner_id: 'other', verified: false, deleted: true, place: '4' },
      ));
});
