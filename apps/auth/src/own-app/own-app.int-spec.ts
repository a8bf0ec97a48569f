import { createServer } from 'node:http';
import { AddressInfo } from 'node:net';
import { AppCardView, AppView, authSubjects, ProofView, RegisterAppReply } from '@hark/contracts';
import { Outbound } from '@hark/outbound';
import { until } from '@hark/testing';
import { AuthWorld, Somebody } from '../testing/auth-world.fixture';

describe('whose an app is', () => {
  let auth: AuthWorld;
  let owner: Somebody;
  let other: Somebody;
  let port: number;
  const files = new Map<string, string>();
  const records = new Map<string, string[]>();
  const web = createServer((request, response) => {
    const file = files.get(`${request.headers.host?.split(':')[0]}${request.url}`);
    response.writeHead(file === undefined ? 404 : 200).end(file);
  });
  beforeAll(async () => {
    await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
    port = (web.address() as AddressInfo).port;
    auth = await AuthWorld.start();
    [owner, other] = [await auth.somebody('owner'), await auth.somebody('other')];
    const wechat = new URL(auth.harness.env.WECHAT_BASE_URL!).origin;
    const outbound = new Outbound({
      allowOrigins: [wechat],
      allowHttp: true,
      allowPorts: [port, 443],
      allowNetworks: ['127.0.0.1/32'],
      resolver: {
        resolve: () => Promise.resolve(['127.0.0.1']),
        texts: (name) => Promise.resolve(records.get(name) ?? []),
      },
    });
    Object.assign(auth.service.app.get(Outbound), outbound);
  });
  afterAll(async () => {
    await auth.close();
    await new Promise((resolve) => web.close(resolve));
  });

  const register = async (name: string, homepage?: string) =>
    (await owner.ask<RegisterAppReply>(authSubjects.registerApp, { name, ...(homepage && { homepage }) })).body.app.id;
  const proofOf = async (appId: string) => (await owner.ask<ProofView>(authSubjects.getProof, { appId })).body;
  const prove = (appId: string) => owner.ask<AppView>(authSubjects.proveDomain, { appId });
  const unproven = (appId: string) => owner.refusal(authSubjects.proveDomain, { appId });
  const card = async (appId: string) => (await auth.ask<AppCardView>(authSubjects.getAppPublic, { appId })).body;

  it('is shown by a file at its homepage’s domain, and no longer when the homepage moves', async () => {
    const appId = await register('Shop', `http://shop.example:${port}/about`);
    const { domain, file } = await proofOf(appId);
    expect(domain).toBe('shop.example');
    expect(file.url).toBe(`http://shop.example:${port}/.well-known/hark-claim`);
    expect(await unproven(appId)).toBe('app.proof-missing');
    files.set('shop.example/.well-known/hark-claim', `another\r\n${file.content} \n`);
    expect((await prove(appId)).body).toMatchObject({ verified: true, provenDomain: 'shop.example' });
    expect(await card(appId)).toMatchObject({ verified: true, verifiedBy: { domain: 'shop.example' } });
    const moved = await owner.ask<AppView>(authSubjects.changeApp, { appId, homepage: `http://b.example:${port}/` });
    expect(moved.body.verified).toBe(false);
    expect(await card(appId)).not.toHaveProperty('verifiedBy');
    // The proof is of this app and owner: copied to another app it shows nothing.
    const copycat = await register('Shop two', `http://shop.example:${port}/`);
    expect(await unproven(copycat)).toBe('app.proof-missing');
  });

  it('is shown by a DNS record, after which no other app gets a name like it', async () => {
    const appId = await register('Zenith', 'https://zenith.example/');
    const { dns } = await proofOf(appId);
    expect(dns).toMatchObject({ name: '_hark-claim.zenith.example', type: 'TXT' });
    records.set(dns.name, ['v=spf1 -all', dns.value]);
    const { position } = await prove(appId);
    await owner.ask(authSubjects.listApps, {}, { position: position! });
    for (const name of ['Zenith', 'Zеnith', 'ZENlTH', 'Z e n i t h', 'Zenith ❤️']) {
      expect(await other.refusal(authSubjects.registerApp, { name })).toBe('app.name-confusable');
    }
    expect((await prove(appId)).body.verified).toBe(true);
  });

  it('is nobody’s to prove without a homepage, or for somebody else', async () => {
    const appId = await register('Homeless');
    expect(await unproven(appId)).toBe('app.no-homepage');
    expect(await other.refusal(authSubjects.proveDomain, { appId })).toBe('app.unknown');
    expect(await other.refusal(authSubjects.getProof, { appId })).toBe('app.unknown');
  });

  describe('a mini program', () => {
    const claim = (asked: object, by = owner) => by.ask<RegisterAppReply>(authSubjects.claimMiniProgram, asked);
    const refused = (asked: object, by = owner) => by.refusal(authSubjects.claimMiniProgram, asked);

    it('is its own who has WeChat’s secret of it: they see who bound it, and name it', async () => {
      const wechatAppId = auth.harness.env.WECHAT_APP_ID!;
      const appSecret = auth.harness.env.WECHAT_APP_SECRET!;
      const { binding } = await auth.bind(other, 'o-1', wechatAppId);
      expect(binding.app).toMatchObject({ nameBy: 'caller' });
      expect(await refused({ wechatAppId, appSecret: 'guessed' })).toBe('app.mini-program-secret-wrong');
      expect(await refused({ wechatAppId: 'wx00000000000000e1', appSecret })).toBe('app.mini-program-secret-wrong');
      const claimed = await claim({ wechatAppId, appSecret });
      const { app, secret } = claimed.body;
      expect(app).toMatchObject({ id: binding.app.id, verified: true, wechatAppIdProven: true, ownerId: owner.id });
      const asked = { appId: app.id, credential: secret };
      const { body } = await auth.ask(authSubjects.listAppBindings, asked, { position: claimed.position! });
      expect(body.items).toMatchObject([{ bindingId: binding.id, openid: 'o-1' }]);
      await owner.ask(authSubjects.changeApp, { appId: app.id, name: 'Repairs' });
      const seen = (await other.ask(authSubjects.getBinding, { bindingId: binding.id })).body.app;
      expect(seen).toMatchObject({ name: 'Repairs', verified: true });
      expect(seen).not.toHaveProperty('nameBy');
      expect(await refused({ wechatAppId, appSecret }, other)).toBe('app.wechat-app-id-taken');
      const stored = await auth.events('app', app.id);
      expect(JSON.stringify(stored)).not.toContain(appSecret);
    });
  });

  describe('an app that changes hands', () => {
    const offer = (appId: string, to: string) => owner.ask<AppView>(authSubjects.offerTransfer, { appId, to });
    const accept = (appId: string, asked: object = {}) =>
      other.ask<RegisterAppReply>(authSubjects.acceptTransfer, { appId, ...asked });

    it('is offered and accepted; the old secret works for a day, proofs and callbacks are gone', async () => {
      const { appId, credential } = await auth.app(owner);
      await owner.ask(authSubjects.changeApp, { appId, callbackUrl: 'https://a.example/cb' });
      const { bindingId } = await auth.bindTo(appId, owner, 'o-before');
      expect((await offer(appId, other.id)).body.offeredTo).toBe(other.id);
      expect(await owner.refusal(authSubjects.acceptTransfer, { appId })).toBe('app.unknown');
      const { app, secret } = (await accept(appId)).body;
      expect(app).toMatchObject({ ownerId: other.id, verified: false });
      expect(app).not.toHaveProperty('callbackUrl');
      expect(await owner.refusal(authSubjects.getApp, { appId })).toBe('app.unknown');
      for (const works of [credential, secret]) {
        await auth.ask(authSubjects.listAppBindings, { appId, credential: works });
      }
      // Who allowed it before is told; who does so now knows whom.
      const after = await auth.bindTo(appId, owner, 'o-after');
      const noted = async () => (await auth.types('binding', bindingId)).includes('app-transferred');
      await until(noted, { what: 'the binding says so' });
      expect(await auth.types('binding', after.bindingId)).not.toContain('app-transferred');
    });

    it('may be declined or taken back', async () => {
      const { appId } = await auth.app(owner);
      await offer(appId, other.id);
      await other.ask(authSubjects.endTransfer, { appId });
      expect(await other.refusal(authSubjects.acceptTransfer, { appId })).toBe('app.unknown');
      await offer(appId, other.id);
      await owner.ask(authSubjects.endTransfer, { appId });
      expect(await other.refusal(authSubjects.acceptTransfer, { appId })).toBe('app.unknown');
      expect(await other.refusal(authSubjects.endTransfer, { appId })).toBe('app.unknown');
    });

    it('does not leave a penalty behind', async () => {
      const { appId } = await auth.app(owner);
      await offer(appId, other.id);
      const at = auth.now();
      const [penaltyId, complaintId] = [appId, appId];
      const penalty = { penaltyId, complaintId, appId, severity: 'minor', points: 1, left: 11, tableVersion: 'x', at };
      await auth.append('standing', owner.id, { type: 'standing.penalized', data: penalty });
      expect(await other.refusal(authSubjects.acceptTransfer, { appId })).toBe('app.standing-burdened');
      await owner.ask(authSubjects.endTransfer, { appId });
      expect(await owner.refusal(authSubjects.offerTransfer, { appId, to: other.id })).toBe('app.standing-burdened');
      auth.passTime(91 * 86_400_000);
      await offer(appId, other.id);
      expect((await accept(appId, { revokeNow: true })).body.app.ownerId).toBe(other.id);
    });
  });
});
