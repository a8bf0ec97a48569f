import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { signWebhook } from '@hark/channels';
import { until } from '@hark/testing';

const page = readFileSync(join(__dirname, '../../docs/callbacks.md'), 'utf8');
const [, receiver] = /<!-- tested: receiver -->\n```js\n([^]*?)```/.exec(page)!;
const [, call] = /<!-- tested: call -->\n```js\n([^]*?)```/.exec(page)!;
const secret = `whsec_${randomBytes(32).toString('base64')}`;
const said = (count: number) =>
  JSON.stringify({ type: 'callback.test', timestamp: '2026-12-01T01:00:00.000Z', data: { appId: 'a', count } });

describe('the receiver of docs/callbacks.md', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hark-receiver-'));
  let child: ChildProcess;
  let url: string;
  let printed = '';
  beforeAll(async () => {
    const file = join(folder, 'receiver.mjs');
    writeFileSync(file, receiver!);
    const env = { ...process.env, WHSEC: secret, PORT: '0' };
    child = spawn(process.execPath, [file], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    child.stdout!.setEncoding('utf8').on('data', (chunk: string) => (printed += chunk));
    await once(child.stdout!, 'data');
    url = `http://localhost:${/listening on (\d+)/.exec(printed)![1]}`;
  });
  afterAll(async () => {
    const ended = once(child, 'exit');
    child.kill();
    await ended;
    rmSync(folder, { recursive: true });
  });

  const nowSeconds = () => Math.floor(Date.now() / 1_000);
  const send = async (id: string, body: string, at = nowSeconds(), signature = signWebhook(secret, id, at, body)) => {
    const headers = { 'webhook-id': id, 'webhook-timestamp': String(at), 'webhook-signature': signature };
    return (await fetch(url, { method: 'POST', headers, body })).status;
  };

  it('takes what the hub signs, once', async () => {
    expect([await send('msg_1', said(1)), await send('msg_1', said(1)), await send('msg_2', said(2))]).toEqual([
      204, 204, 204,
    ]);
    // What it prints comes by another way than its answers.
    await until(() => printed.includes('count: 2'), { what: 'what it printed' });
    expect(printed.match(/count: \d/g)).toEqual(['count: 1', 'count: 2']);
  });

  it('takes what the page’s caller signs with the same secret, and refuses it with another', async () => {
    const file = join(folder, 'call.mjs');
    writeFileSync(file, call!);
    const asked = async (WHSEC: string) => {
      const args = [file, url, 'push.delivered', '{"count":6}'];
      const { stdout } = await promisify(execFile)(process.execPath, args, { env: { ...process.env, WHSEC } });
      return stdout.trim();
    };
    expect(await asked(secret)).toBe('204');
    await until(() => printed.includes('push.delivered { count: 6 }'), { what: 'what it printed' });
    expect(await asked(`whsec_${randomBytes(32).toString('base64')}`)).toBe('401');
  });

  it('takes either signature while the secret is changed', async () => {
    const at = nowSeconds();
    const both = `${signWebhook(`whsec_${randomBytes(32).toString('base64')}`, 'msg_3', at, said(3))} ${signWebhook(secret, 'msg_3', at, said(3))}`;
    expect(await send('msg_3', said(3), at, both)).toBe(204);
  });

  it('refuses what is forged, changed, old, of the future or without a signature', async () => {
    const at = nowSeconds();
    const other = `whsec_${randomBytes(32).toString('base64')}`;
    expect([
      await send('msg_4', said(4), at, signWebhook(other, 'msg_4', at, said(4))),
      await send('msg_4', said(4), at, signWebhook(secret, 'msg_4', at, said(5))),
      await send('msg_4', said(4), at, signWebhook(secret, 'msg_5', at, said(4))),
      await send('msg_4', said(4), at - 301),
      await send('msg_4', said(4), at + 310),
      (await fetch(url, { method: 'POST', body: said(4) })).status,
    ]).toEqual([401, 401, 401, 401, 401, 401]);
    expect(printed).not.toContain('count: 4');
  });
});
