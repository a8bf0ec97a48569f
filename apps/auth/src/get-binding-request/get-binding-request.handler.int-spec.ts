import { createHash } from 'node:crypto';
import { authSubjects } from '@hark/contracts';
import { uuid7 } from '@hark/kernel';
import { AuthWorld, Somebody } from '../testing/auth-world.fixture';
import { back, ConsentWorld, SpeakingApp } from '../testing/consent-world.fixture';

describe('what a person is asked to agree to', () => {
  let world: ConsentWorld;
  let auth: AuthWorld;
  let ann: Somebody;
  let app: SpeakingApp;
  beforeAll(async () => {
    world = await ConsentWorld.start();
    ({ auth, ann, app } = world);
  });
  afterAll(() => world.auth.close());

  it('shows who asks and what for, and keeps to itself what it need not show', async () => {
    const { id, url, qr, expiresAt } = await world.open({
      openid: 'customer-1024',
      redirectUri: back,
      purpose: '  工单   1024 ',
      state: 's',
    });
    expect(url).toBe(`https://hark.example/consent/${id}`);
    expect(qr).toMatch(/^<svg /);
    const seen = await world.show(ann, id, { locale: 'en' });
    expect(seen).toEqual({
      app: expect.objectContaining({ id: app.appId, name: 'Tickets', verified: false }) as object,
      purpose: '工单 1024',
      openidHint: 'cu••••24',
      domain: 'tickets.example',
      terms: {
        version: 1,
        language: 'en',
        text: expect.stringContaining('“Tickets”') as string,
        hash: expect.any(String) as string,
      },
      expiresAt,
    });
    expect(createHash('sha256').update(seen.terms.text).digest('hex')).toBe(seen.terms.hash);
    const [opened] = await auth.events('binding_request', id);
    for (const text of ['customer-1024', '工单']) expect(JSON.stringify(opened)).not.toContain(text);
    expect(await auth.refusal(authSubjects.getBindingRequest, { requestId: id })).toBe('session.required');
    expect(await ann.refusal(authSubjects.getBindingRequest, { requestId: uuid7() })).toBe('binding-request.unknown');
    expect(await ann.refusal(authSubjects.getBindingRequest, { requestId: 'x' })).toBe('binding-request.unknown');
  });
});
