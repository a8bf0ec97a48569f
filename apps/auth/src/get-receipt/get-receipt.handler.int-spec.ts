import { createHash } from 'node:crypto';
import { compactVerify, createLocalJWKSet } from 'jose';
import { authSubjects, BindReply, ReceiptJwks, ReceiptView, TermsView } from '@hark/contracts';
import { AuthWorld, Somebody } from '../testing/auth-world.fixture';

const publicUrl = 'https://hark.example';

describe('receipts of consents', () => {
  let auth: AuthWorld;
  let ann: Somebody;
  let ben: Somebody;
  let app: { appId: string };
  beforeAll(async () => {
    auth = await AuthWorld.start();
    [ann, ben] = [await auth.somebody('ann'), await auth.somebody('ben')];
    app = await auth.app(ben);
  });
  afterAll(() => auth.close());

  const receiptOf = async (bindingId: string) =>
    (await ann.ask<ReceiptView>(authSubjects.getReceipt, { bindingId, publicUrl })).body.receipt;
  const published = async () => (await auth.ask<ReceiptJwks>(authSubjects.listReceiptKeys)).body;
  const proven = async (receipt: string) => {
    const { keys } = await published();
    const { payload, protectedHeader } = await compactVerify(receipt, createLocalJWKSet({ keys: [...keys] }));
    const claims = JSON.parse(Buffer.from(payload).toString()) as Record<string, unknown> & {
      wording?: { text: string; hash: string };
    };
    return { claims, protectedHeader };
  };

  it('say who agreed to what, for which app, when, and where that stands in the log', async () => {
    const { body: terms } = await ann.ask<TermsView>(authSubjects.getTerms, { appId: app.appId }, { locale: 'en' });
    const asked = { appId: app.appId, openid: 'customer-1024', level: 'weak', termsHash: terms.hash };
    const { binding } = (await ann.ask<BindReply>(authSubjects.bind, asked)).body;
    const [bound] = await auth.store.read('binding', binding.id);
    const { claims, protectedHeader } = await proven(await receiptOf(binding.id));
    expect(protectedHeader).toMatchObject({ alg: 'EdDSA', typ: 'consent-receipt+jws' });
    expect(claims).toMatchObject({
      iss: publicUrl,
      person: ann.id,
      app: { id: app.appId, verified: false },
      bindingId: binding.id,
      agreed: { eventId: bound!.eventId, position: String(bound!.position), at: binding.boundAt },
      scope: { level: 'weak' },
      wording: { language: 'en', version: 1, hash: terms.hash, presented: true, text: terms.text },
    });
    expect(claims).not.toHaveProperty('withdrawn');
    expect(JSON.stringify(claims)).not.toContain('customer-1024');
    expect(createHash('sha256').update(claims.wording!.text).digest('hex')).toBe(claims.wording!.hash);
  });

  it('hold after the key was changed and after the consent was withdrawn, and say so', async () => {
    const { bindingId } = await auth.bindTo(app.appId, ann, 'withdrawn');
    const before = await receiptOf(bindingId);
    const [former] = (await published()).keys;
    const caller = { kind: 'service' as const, service: 'cli', roles: [] };
    const rotated = await auth.ask<ReceiptJwks>(authSubjects.rotateReceiptKey, {}, { caller });
    expect(rotated.body.keys[1]).toEqual(former);
    expect(await published()).toEqual(rotated.body);
    await ann.ask(authSubjects.unbind, { bindingId });
    const after = await proven(await receiptOf(bindingId));
    expect(after.protectedHeader.kid).toBe(rotated.body.keys[0]!.kid);
    expect(after.claims).toMatchObject({ withdrawn: { how: 'binding.unbound', at: expect.any(String) as string } });
    expect((await proven(before)).protectedHeader.kid).toBe(former!.kid);
    const [header, , signature] = before.split('.');
    const forged = Buffer.from(JSON.stringify({ ...after.claims, person: ben.id })).toString('base64url');
    await expect(proven(`${header}.${forged}.${signature}`)).rejects.toThrow('signature');
  });

  it('are for the person alone', async () => {
    const { bindingId } = await auth.bindTo(app.appId, ann, 'own');
    const asked = { bindingId, publicUrl };
    expect(await ben.refusal(authSubjects.getReceipt, asked)).toBe('binding.unknown');
    expect(await auth.refusal(authSubjects.getReceipt, asked)).toBe('session.required');
  });
});
