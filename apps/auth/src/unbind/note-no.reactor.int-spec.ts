import { authSubjects, BindingEvent, BindingView, OpenidEvent } from '@hark/contracts';
import { EventStore, RecordedEvent } from '@hark/eventstore';
import { openidIdOf } from '@hark/gate';
import { Door, doorTo, FreshDatabase, freshDatabase, until } from '@hark/testing';
import { AuthWorld, Somebody } from '../testing/auth-world.fixture';
import { NoteNoReactor } from './note-no.reactor';

type Unbound = Extract<BindingEvent, { type: 'binding.unbound' }>;

describe('the end of a consent', () => {
  let auth: AuthWorld;
  let ann: Somebody;
  let app: { appId: string; credential: string };
  let database: FreshDatabase;
  let door: Door;
  beforeAll(async () => {
    database = await freshDatabase();
    door = await doorTo(database.url);
    auth = await AuthWorld.start({ DATABASE_URL: door.url });
    ann = await auth.somebody('ann');
    app = await auth.app(await auth.somebody('owner'));
  });
  afterAll(async () => {
    await door.open();
    await auth.close();
    await door.close();
    await database.close();
  });

  const bound = async (openid: string, confirmed: boolean) => {
    const { bindingId } = await auth.bindTo(app.appId, ann, openid);
    if (confirmed) await auth.ask(authSubjects.confirmBinding, { ...app, bindingId, openid });
    return bindingId;
  };
  const unbind = (bindingId: string) => ann.ask(authSubjects.unbind, { bindingId });
  const ofOpenid = (openid: string) => auth.types('openid', openidIdOf(app.appId, openid));
  const noted = (openid: string) =>
    until(async () => (await ofOpenid(openid)).at(-1) === 'declined', { what: `a no under ${openid} is noted` });

  it('that the app had confirmed is a no to it, at the time at which it was said, once', async () => {
    const bindingId = await bound('meant', true);
    await unbind(bindingId);
    await noted('meant');
    const store = auth.service.app.get(EventStore);
    const [unbound] = (await store.read('binding', bindingId)).slice(-1) as [RecordedEvent<Unbound>];
    const declined = (await auth.events<OpenidEvent>('openid', openidIdOf(app.appId, 'meant'))).at(-1)!;
    expect(declined.data.at).toBe(unbound.event.data.at);
    const reactor = auth.service.app.get(NoteNoReactor);
    await Promise.all([reactor.react(unbound), reactor.react(unbound)]);
    // Nor does it count against a consent that came after it.
    await bound('meant', true);
    await reactor.react(unbound);
    expect(await ofOpenid('meant')).toEqual(['claimed', 'confirmed', 'declined', 'claimed', 'confirmed']);
  });

  it('that it had not confirmed is none: whom it never meant cannot keep it from asking', async () => {
    await unbind(await bound('asserted', false));
    await unbind(await bound('after', true));
    await noted('after');
    expect(await ofOpenid('asserted')).toEqual(['claimed']);
  });

  it('is answered and in force while Postgres is away, and noted as a no when that is back', async () => {
    const [ended, blocked] = [await bound('outage', true), await bound('outage-2', true)];
    // Nothing that the service remembers of keys helps it.
    await auth.restart({ DATABASE_URL: door.url });
    await door.shut();
    await unbind(ended);
    await unbind(ended);
    await ann.ask(authSubjects.block, { bindingId: blocked });
    expect(await auth.types('binding', ended)).toEqual(['bound', 'confirmed', 'unbound']);
    expect(await auth.types('binding', blocked)).toEqual(['bound', 'confirmed', 'blocked']);
    expect(await ofOpenid('outage')).toEqual(['claimed', 'confirmed']);
    await door.open();
    await noted('outage');
    expect(await ofOpenid('outage')).toEqual(['claimed', 'confirmed', 'declined']);
    const view = await until(
      () =>
        ann.ask<BindingView>(authSubjects.getBinding, { bindingId: ended }).then(
          ({ body }) => body,
          () => undefined,
        ),
      { what: 'the binding can be read again' },
    );
    expect(view.status).toBe('unbound');
  });
});
