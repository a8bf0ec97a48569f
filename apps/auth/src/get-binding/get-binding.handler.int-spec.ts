import { DataSource } from 'typeorm';
import { authSubjects, BindingView } from '@hark/contracts';
import { hashCredential } from '@hark/credentials';
import { uuid7 } from '@hark/kernel';
import { CredentialUses } from '@hark/service';
import { until } from '@hark/testing';
import { AuthWorld, Somebody } from '../testing/auth-world.fixture';

describe('a binding', () => {
  let auth: AuthWorld;
  let ann: Somebody;
  let ben: Somebody;
  beforeAll(async () => {
    auth = await AuthWorld.start();
    [ann, ben] = [await auth.somebody('ann'), await auth.somebody('ben')];
  });
  afterAll(() => auth.close());

  it('is shown to its person as it stands, without its key', async () => {
    const { binding, key } = await auth.bind(ann, 'o-1');
    const { body } = await ann.ask<BindingView>(authSubjects.getBinding, { bindingId: binding.id });
    expect(body).toEqual(binding);
    expect(JSON.stringify(body)).not.toContain(key);
    const changed = await ann.ask(authSubjects.changeBinding, { bindingId: binding.id, level: 'weak' });
    expect((await ann.ask(authSubjects.getBinding, { bindingId: binding.id })).body).toEqual(changed.body);
  });

  it('says on which day its key was last used, wherever that was, and nothing of a former key', async () => {
    const former = await auth.bind(ann, 'o-3');
    const { binding, key } = await auth.bind(ann, 'o-3');
    const shown = async () =>
      (await ann.ask<BindingView>(authSubjects.getBinding, { bindingId: binding.id })).body.keyLastUsedOn;
    const database = auth.service.app.get(DataSource);
    const day = auth.now();
    // As the service does that takes pushes. Of a former key this day says nothing.
    new CredentialUses(database, () => day, console).note(hashCredential(former.key));
    const stored = async () => (await auth.harness.sql('select 1 from credentials.uses')).length;
    await until(async () => (await stored()) === 1, { what: 'the use of the former key is noted' });
    expect(await shown()).toBeUndefined();
    new CredentialUses(database, () => day, console).note(hashCredential(key));
    await until(async () => (await shown()) !== undefined, { what: 'the use is noted' });
    expect(await shown()).toBe(day.slice(0, 10));
  });

  it('is as if it were not there for everybody else', async () => {
    const bindingId = (await auth.bind(ann, 'o-2')).binding.id;
    expect(await ben.refusal(authSubjects.getBinding, { bindingId })).toBe('binding.unknown');
    expect(await ann.refusal(authSubjects.getBinding, { bindingId: uuid7() })).toBe('binding.unknown');
    expect(await ann.refusal(authSubjects.getBinding, { bindingId: 'binding-1' })).toBe('binding.unknown');
    expect(await ann.refusal(authSubjects.getBinding, { bindingId, extra: true })).toBe('request.invalid');
    expect(await auth.refusal(authSubjects.getBinding, { bindingId })).toBe('session.required');
  });
});
