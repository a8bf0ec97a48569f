import { createServer } from 'node:http';
import { AddressInfo } from 'node:net';
import { AppCardView, AppView, authSubjects, ProofView, RegisterAppReply } from '@hark/contracts';
import { Outbound } from '@hark/outbound';
import { AuthWorld, Somebody } from '../testing/auth-world.fixture';

describe('proving the domain of an app’s homepage', () => {
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

  it('is done by a file at the domain, and no longer when the homepage moves', async () => {
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

  it('is done by a DNS record, after which no other app gets a name like it', async () => {
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

  it('is nobody’s without a homepage, or for somebody else', async () => {
    const appId = await register('Homeless');
    expect(await unproven(appId)).toBe('app.no-homepage');
    expect(await other.refusal(authSubjects.proveDomain, { appId })).toBe('app.unknown');
  });
});
