import { authSubjects, BindingEvent, BindingView } from '@hark/contracts';
import { uuid7 } from '@hark/kernel';
import { RpcOptions } from '@hark/nats';
import { AuthWorld, Somebody } from '../testing/auth-world.fixture';

describe('muting by the link of a mail', () => {
  let auth: AuthWorld;
  let ann: Somebody;
  let ben: Somebody;
  beforeAll(async () => {
    auth = await AuthWorld.start();
    [ann, ben] = [await auth.somebody('ann'), await auth.somebody('ben')];
  });
  afterAll(() => auth.close());

  const link = (bindingId: string, consentId: string, personId = ann.id): RpcOptions => ({
    caller: {
      kind: 'mail-link',
      roles: [],
      link: { purpose: 'mute', personId, bindingId, consentId, pushId: uuid7() },
    },
  });
  const bound = async (openid: string) => {
    const { id } = (await auth.bind(ann, openid)).binding;
    const [event] = await auth.events<BindingEvent>('binding', id);
    if (event?.type !== 'binding.bound') throw new Error('it is not bound');
    return { bindingId: id, consentId: event.data.consentId };
  };
  const isMuted = async (bindingId: string) =>
    (await ann.ask<BindingView>(authSubjects.getBinding, { bindingId })).body.muted;

  it('mutes what the mail came by, once', async () => {
    const { bindingId, consentId } = await bound('o-1');
    await auth.ask(authSubjects.muteByLink, {}, link(bindingId, consentId));
    await auth.ask(authSubjects.muteByLink, {}, link(bindingId, consentId));
    expect(await isMuted(bindingId)).toBe(true);
    expect(await auth.types('binding', bindingId)).toEqual(['bound', 'muted']);
  });

  it('does nothing to another consent or for another person, and needs a link', async () => {
    const { bindingId, consentId } = await bound('o-2');
    const refusal = (meta?: RpcOptions) => auth.refusal(authSubjects.muteByLink, {}, meta);
    expect(await refusal(link(bindingId, uuid7()))).toBe('binding.ended');
    expect(await refusal(link(bindingId, consentId, ben.id))).toBe('binding.unknown');
    expect(await refusal()).toBe('credential.not-enough');
    expect(await isMuted(bindingId)).toBe(false);
  });
});
