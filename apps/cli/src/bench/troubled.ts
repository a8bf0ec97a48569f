import { randomBytes } from 'node:crypto';
import { Actors } from '../demo/actors';
import { call, expecting } from '../demo/http';
import { PushLoadTarget } from './push-load';

/** Prepared at one time. */
const atOnce = 4;
/** Part of every device key and address of theirs, by which the sandbox recognises them. */
const devicesMark = 'TROUBLED';
/** The prefix of their domains. Many domains, because the strangers of one get few codes a day. */
const mailMark = '@greylisting-';

/** A person whose provider refuses for a while, and how to find the tries at it. */
export interface Troubled extends PushLoadTarget {
  readonly kind: 'bark' | 'email';
  /** The device's key, or the mailbox. */
  readonly address: string;
}

/** Makes `count` people, half of them with a Bark device and half with a mailbox, verified while all is well. */
export async function gatherTroubled(hubUrl: string, sandboxUrl: string, count: number): Promise<readonly Troubled[]> {
  const actors = new Actors({ hubUrl, sandboxUrl, operatorOpenid: '' });
  const owner = (await actors.logIn(actors.newOpenid())).token;
  const name = `Trouble ${randomBytes(3).toString('hex')}`;
  const app = expecting(await actors.hub('POST', '/v1/apps', { token: owner, body: { name } }), 201);
  const people: Troubled[] = [];
  let begun = 0;
  const prepare = async (): Promise<void> => {
    while (begun < count) people.push(await prepareOne(actors, String(app.body.app?.id), begun++ % 2 === 0));
  };
  await Promise.all(Array.from({ length: atOnce }, prepare));
  return people;
}

async function prepareOne(actors: Actors, appId: string, withPhone: boolean): Promise<Troubled> {
  const { token } = await actors.logIn(actors.newOpenid());
  const unique = randomBytes(6).toString('hex');
  const address = withPhone ? `${devicesMark}${unique}` : `p${unique}${mailMark}${unique.slice(0, 2)}.example`;
  if (withPhone) {
    const body = { deviceKey: address };
    expecting(await call(actors.stage.sandboxUrl, 'POST', '/control/bark/devices', { body }), 200);
  }
  const body = withPhone ? { kind: 'bark', deviceKey: address } : { kind: 'email', address };
  const added = expecting(await actors.hub('POST', '/v1/endpoints', { token, body }), 201);
  const came = withPhone ? await actors.phone(address, 1) : await actors.mailbox(address, 1);
  const code = /\b\d{6}\b/.exec(String(came.at(-1)?.[withPhone ? 'body' : 'text']))?.[0];
  expecting(await actors.hub('POST', `/v1/endpoints/${added.body.id}/verify`, { token, body: { code } }), 200);
  const bound = expecting(
    await actors.hub('POST', '/v1/bindings', { token, body: { appId, openid: `trouble-${unique}` } }),
    201,
  );
  return { kind: withPhone ? 'bark' : 'email', address, key: String(bound.body.key) };
}

/** Makes the sandbox refuse all of them, devices with 429 and mailboxes with 451, or accept everything again. */
export async function setTrouble(sandboxUrl: string, isOn: boolean): Promise<void> {
  const faults = [
    { provider: 'bark', match: devicesMark, ...(isOn ? { mode: 'error', status: 429 } : { mode: 'ok' }) },
    { provider: 'mail', match: mailMark, ...(isOn ? { mode: 'error', status: 451 } : { mode: 'ok' }) },
  ];
  for (const body of faults) expecting(await call(sandboxUrl, 'POST', '/control/faults', { body }), 200);
}

/** One try that the sandbox received for one of them. */
export interface Try {
  readonly address: string;
  readonly atMs: number;
  readonly taken: boolean;
}

/** Every try since `after` in the sandbox's journal, and where the journal ends. */
export async function triesSince(sandboxUrl: string, after: number): Promise<{ tries: Try[]; after: number }> {
  const { body } = expecting(await call(sandboxUrl, 'GET', `/control/journal?after=${after}`), 200);
  const entries = body.items as unknown as {
    seq: number;
    provider: string;
    path: string;
    body: string;
    receivedAtMs: number;
    answered: number | null;
  }[];
  const tries = entries.flatMap(({ provider, path, body: text, receivedAtMs: atMs, answered }): Try[] => {
    const address = provider === 'mail' ? path : new RegExp(`${devicesMark}[0-9a-f]+`).exec(text)?.[0];
    const isTheirs = address?.includes(devicesMark) || address?.includes(mailMark);
    return address && isTheirs ? [{ address, atMs, taken: answered === 200 || answered === 250 }] : [];
  });
  return { tries, after: entries.at(-1)?.seq ?? after };
}
