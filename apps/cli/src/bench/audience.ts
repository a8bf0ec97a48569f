import { randomBytes } from 'node:crypto';
import { HarkError } from '@hark/kernel';
import { Actors } from '../demo/actors';
import { expecting } from '../demo/http';

/** How many are prepared at a time: quick, without loading the hub that is to be measured. */
const atOnce = 4;

/** Somebody to push to: a binding key whose pushes ring on a verified Bark device. */
export interface Recipient {
  readonly key: string;
  readonly deviceKey: string;
  /** With which they log in. */
  readonly openid: string;
  /** Of the app that pushes to them all. */
  readonly appSecret: string;
}

/** Makes an app and `people` persons who have bound it, all through public HTTP. They stay in the hub afterwards. */
export async function gatherAudience(
  hubUrl: string,
  sandboxUrl: string,
  people: number,
): Promise<readonly Recipient[]> {
  const actors = new Actors({ hubUrl, sandboxUrl, operatorOpenid: '' });
  const owner = (await actors.logIn(actors.newOpenid())).token;
  const app = expecting(
    await actors.hub('POST', '/v1/apps', { token: owner, body: { name: `Bench ${randomBytes(3).toString('hex')}` } }),
    201,
  );
  const appId = String(app.body.app?.id);
  const recipients: Recipient[] = [];
  let begun = 0;
  const prepare = async (): Promise<void> => {
    while (begun++ < people)
      recipients.push({ ...(await prepareOne(actors, appId)), appSecret: String(app.body.secret) });
  };
  await Promise.all(Array.from({ length: atOnce }, prepare));
  return recipients;
}

async function prepareOne(actors: Actors, appId: string): Promise<Omit<Recipient, 'appSecret'>> {
  const openid = actors.newOpenid();
  const { token } = await actors.logIn(openid);
  const deviceKey = await actors.newPhone();
  const added = expecting(await actors.hub('POST', '/v1/endpoints', { token, body: { kind: 'bark', deviceKey } }), 201);
  const code = /\b\d{6}\b/.exec(JSON.stringify((await actors.phone(deviceKey, 1)).at(-1)))?.[0];
  if (code === undefined) throw new HarkError('unavailable', 'bench.no-code', 'no code came to the phone');
  expecting(await actors.hub('POST', `/v1/endpoints/${added.body.id}/verify`, { token, body: { code } }), 200);
  const body = { appId, openid: `bench-${randomBytes(6).toString('hex')}` };
  const bound = expecting(await actors.hub('POST', '/v1/bindings', { token, body }), 201);
  return { key: String(bound.body.key), deviceKey, openid };
}
