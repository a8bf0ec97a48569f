import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Actors } from '../demo/actors';
import { expecting } from '../demo/http';

/** Who a newcomer is to the sandbox's WeChat; the sandbox's page offers to log in as the same person. */
const openid = 'o-me';
const appName = '第一个应用';
/** Any id: what the hub answers to it tells whether the key is good. */
const noPush = '00000000-0000-7000-8000-000000000000';

/** Where the key stands, for whoever wants it in a script: `$(cat .hark/first-push.key)`. */
export const firstPushFile = (home: string): string => join(home, 'first-push.key');

/** The key of the first push, or `undefined` when none was made on this home. */
export function readFirstPushKey(home: string): string | undefined {
  try {
    return readFileSync(firstPushFile(home), 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * A binding key that pushes to a phone of the sandbox: of a person with a verified Bark device and one app. Made through
 * public HTTP at the first start and kept in `home`, readable by its owner only; the same at every later start. Throws
 * `Unexpected` when the hub answers something else than it should; a start that was cut off begins anew.
 */
export async function firstPushKey(hubUrl: string, sandboxUrl: string, home: string): Promise<string> {
  const actors = new Actors({ hubUrl, sandboxUrl, operatorOpenid: '' });
  const kept = readFirstPushKey(home);
  if (kept !== undefined && (await isGood(actors, kept))) return kept;
  const key = await makeKey(actors);
  writeFileSync(firstPushFile(home), `${key}\n`, { mode: 0o600 });
  return key;
}

/** The line for the shell that pushes with `key`. */
export const pushLine = (hubUrl: string, key: string): string =>
  `curl ${hubUrl}/v1/pushes -H "Authorization: Bearer ${key}" -d '{"title": "工单 1024", "body": "工程师已出发"}'`;

async function isGood(actors: Actors, key: string): Promise<boolean> {
  const { status } = await actors.hub('GET', `/v1/pushes/${noPush}`, { token: key });
  return status === 404;
}

async function makeKey(actors: Actors): Promise<string> {
  const { token } = await actors.logIn(openid);
  await actors.addPhone(token);
  const app = expecting(await actors.hub('POST', '/v1/apps', { token, body: { name: appName } }), 201);
  const body = { appId: app.body.app?.id, openid: 'me' };
  const bound = expecting(await actors.hub('POST', '/v1/bindings', { token, body }), 201);
  return String(bound.body.key);
}
