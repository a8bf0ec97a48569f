import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Actors } from '../demo/actors';
import { expecting } from '../demo/http';
import { writePrivate } from '../up/private-file';

/** The newcomer's openid in the sandbox's WeChat; the sandbox's page logs in as the same person. */
const openid = 'o-me';
const appName = '第一个应用';

/** How long its making may take on a slow machine, once the hub is ready. */
export const firstPushMadeMs = 60_000;

/** The file with the key, for scripts: `$(cat .hark/first-push.key)`. */
export const firstPushFile = (home: string): string => join(home, 'first-push.key');

/** The key of the first push; `undefined` when none was made on this home. */
export function readFirstPushKey(home: string): string | undefined {
  try {
    return readFileSync(firstPushFile(home), 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * A binding key that pushes to a phone of the sandbox, for a person with a verified Bark device and one app. Made
 * through public HTTP at the first start, kept in `home` readable only by its owner, and reused at later starts. Throws
 * `Unexpected` when the hub answers otherwise; a start that was cut off begins anew.
 */
export async function firstPushKey(hubUrl: string, sandboxUrl: string, home: string): Promise<string> {
  const actors = new Actors({ hubUrl, sandboxUrl, operatorOpenid: '' });
  const kept = readFirstPushKey(home);
  if (kept !== undefined && (await isGood(actors, kept))) return kept;
  const key = await makeKey(actors);
  writePrivate(firstPushFile(home), `${key}\n`);
  return key;
}

/** The line for the shell that pushes with `key`. */
export const pushLine = (hubUrl: string, key: string): string =>
  `curl ${hubUrl}/v1/pushes -H "Authorization: Bearer ${key}" -d '{"title": "工单 1024", "body": "工程师已出发"}'`;

/** Only a key that the hub does not know is made anew. */
async function isGood(actors: Actors, key: string): Promise<boolean> {
  const { status } = await actors.hub('GET', '/v1/pushes?limit=1', { token: key });
  return status !== 401;
}

async function makeKey(actors: Actors): Promise<string> {
  const { token } = await actors.logIn(openid);
  await actors.addPhone(token);
  const app = expecting(await actors.hub('POST', '/v1/apps', { token, body: { name: appName } }), 201);
  const body = { appId: app.body.app?.id, openid: 'me' };
  const bound = expecting(await actors.hub('POST', '/v1/bindings', { token, body }), 201);
  return String(bound.body.key);
}
