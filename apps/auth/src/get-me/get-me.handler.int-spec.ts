import { authSubjects } from '@hark/contracts';
import { AuthWorld } from '../testing/auth-world.fixture';

it('a person is shown themselves, as they just changed; nobody else is', async () => {
  const auth = await AuthWorld.start();
  try {
    const ann = await auth.somebody('ann');
    expect((await ann.ask(authSubjects.getMe)).body).toEqual({ id: ann.id, roles: ['user'] });
    const changed = await ann.ask(authSubjects.changeMe, { locale: 'en' });
    expect((await ann.ask(authSubjects.getMe)).body).toEqual(changed.body);
    expect(await ann.refusal(authSubjects.getMe, { userId: ann.id })).toBe('request.invalid');
    expect(await auth.refusal(authSubjects.getMe)).toBe('session.required');
  } finally {
    await auth.close();
  }
});
