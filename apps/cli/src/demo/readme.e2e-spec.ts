import { execFile } from 'node:child_process';
import { readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { firstPushFile, pushLine, readFirstPushKey } from '../first-push/first-push';
import { HubProcess } from '../up/hub-process';
import { Actors } from './actors';
import { call, Json } from './http';
import { HubHome, hubHome, operatorOpenid } from './hub.fixture';
import { story } from './story';
import { seen } from './wait';

const cli = join(__dirname, '..', '..', 'dist', 'main.js');

const root = join(__dirname, '..', '..', '..', '..');

/** The code block behind `<!-- tested: name -->` of a page. */
function tested(name: string, page = 'README.md'): string {
  const text = readFileSync(join(root, page), 'utf8');
  const match = new RegExp(`<!-- tested: ${name} -->\\n\`\`\`\\n([\\s\\S]*?)\`\`\``).exec(text);
  if (!match) throw new Error(`${page} has no block ${name}`);
  return match[1]!.trim();
}

describe('README.md', () => {
  let home: HubHome;
  let hub: HubProcess;
  beforeAll(async () => {
    const page = readFileSync(join(root, 'docs/getting-started/operator.md'), 'utf8');
    const [, admins] = /`HARK_ADMINS=(\S+) \.\/hark up`/.exec(page)!;
    home = await hubHome({ HARK_ADMINS: admins });
  });
  afterAll(() => home.remove());

  it('shows steps that the demo plays', () => {
    const names = story({ hubUrl: '', sandboxUrl: '', operatorOpenid }).map(({ name }) => name);
    for (const line of tested('demo-output').split('\n')) {
      const [, number, of, rest] = /^ *(\d+)\/(\d+) {2}(.*)$/.exec(line)!;
      expect(Number(of)).toBe(names.length);
      expect(rest!.startsWith(`${names[Number(number) - 1]}: `)).toBe(true);
    }
  });

  it('leads from nothing to a push on the phone of the sandbox', async () => {
    hub = await home.start();
    const actors = new Actors({ hubUrl: hub.url, sandboxUrl: hub.sandboxUrl, operatorOpenid });
    const [up, ...lines] = tested('first-push')
      .split('\n')
      .filter((line) => !line.startsWith('#'));
    expect(up).toBe('./hark up');
    const here = lines
      .join('\n')
      .replaceAll('http://localhost:3000', hub.url)
      .replaceAll('.hark/', `${home.env.HARK_HOME}/`);
    const { stdout } = await promisify(execFile)(
      'sh',
      ['-euc', here.replaceAll('./hark', `'${process.execPath}' '${cli}'`)],
      { env: home.env },
    );
    expect(stdout).toMatch(/^202 {2}\S+\n +\+0 ms {2}accepted [^]*\ndelivered .*\n{"id":"[^"]+","status":"accepted"}{/);
    const { body: devices } = await actors.hub('GET', '/v1/endpoints', { token: (await actors.logIn('o-me')).token });
    expect((devices.items as unknown as Json[]).map(({ kind, status }) => [kind, status])).toEqual([
      ['bark', 'verified'],
    ]);
    const pushes = await seen('three pushes and the code on one phone', async () => {
      const { body } = await call(hub.sandboxUrl, 'GET', '/control/bark/pushes');
      const items = body.items as unknown as Json[];
      return items.length >= 4 ? items : undefined;
    });
    expect(
      pushes
        .slice(1)
        .map(({ body }) => body)
        .sort(),
    ).toEqual(['工程师已出发', '工程师已出发', '还有十分钟'].sort());
  });

  it('may be typed before the key of the first push is there', async () => {
    const file = firstPushFile(home.env.HARK_HOME!);
    renameSync(file, `${file}.aside`);
    const pushing = promisify(execFile)(process.execPath, [cli, 'push', '现在可以了'], { env: home.env });
    let said = '';
    pushing.child.stdout!.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await seen('that it waits', () => Promise.resolve(said.includes('is being made') || undefined));
    renameSync(`${file}.aside`, file);
    expect((await pushing).stdout).toMatch(/^the key [^]*\n202 [^]*\ndelivered /);
  });

  it('leads senders of other hubs to the phone', async () => {
    const lines = tested('drop-in', 'docs/drop-in-senders.md')
      .replaceAll('http://localhost:3000', hub.url)
      .replaceAll('.hark/', `${home.env.HARK_HOME}/`);
    const { stdout } = await promisify(execFile)('sh', ['-euc', lines], { env: home.env });
    expect(stdout).toMatch(
      /^{"code":200,"message":"success",.*{"id":"[^"]+","time":.*"pushId":".*"error":"SUCCESS","errno":0}}$/,
    );
    await seen('all four on the phone', async () => {
      const { body } = await call(hub.sandboxUrl, 'GET', '/control/bark/pushes');
      const told = (body.items as unknown as Json[]).map(
        ({ title, body: text }) => `${title as string}: ${text as string}`,
      );
      return ['Disk: nearly full', 'Backup: done in 4 min', 'Build: failed', 'Ticket: 1024'].every((one) =>
        told.some((text) => text.includes(one)),
      )
        ? told
        : undefined;
    });
  });

  it('leads an app developer from the log-in to a push by curl', async () => {
    const page = 'docs/getting-started/app-developer.md';
    const lines = `${tested('register-to-push', page)}\necho\n${tested('ask-others', page)}`
      .replaceAll('http://localhost:3000', hub.url)
      .replaceAll('http://localhost:3100', hub.sandboxUrl);
    const { stdout } = await promisify(execFile)('sh', ['-euc', lines], { env: home.env });
    expect(stdout).toMatch(/^key hk_\S+\npush (\S+)\n{"id":"\1",.*\n{"id":"[^"]+","url":"http[^"]+\/consent\//);
    await seen('the push on the phone', async () => {
      const { body } = await call(hub.sandboxUrl, 'GET', '/control/bark/pushes');
      return (body.items as unknown as Json[]).some((push) => push.body === 'Ticket 1024: the engineer is on the way');
    });
  });

  it('has lines of curl in the API reference that work as they are pasted', async () => {
    const document = (await (await fetch(`${hub.url}/openapi.json`)).json()) as {
      paths: Record<string, Record<string, { 'x-codeSamples': [{ source: string }] }>>;
    };
    const status = async (method: string, path: string): Promise<string> => {
      const [{ source }] = document.paths[path]![method]!['x-codeSamples'];
      const line = `${source} -sS -o /dev/null -w '%{http_code}'`;
      return (await promisify(execFile)('sh', ['-euc', line], { env: { ...home.env, ...held } })).stdout;
    };
    const actors = new Actors({ hubUrl: hub.url, sandboxUrl: hub.sandboxUrl, operatorOpenid });
    const { token: SESSION } = await actors.logIn(actors.newOpenid());
    const held = { SESSION, KEY: readFirstPushKey(home.env.HARK_HOME!)! };
    expect(await status('get', '/v1/me')).toBe('200');
    expect(await status('patch', '/v1/me')).toBe('200');
    expect(await status('post', '/v1/apps')).toBe('201');
    expect(await status('post', '/v1/pushes/preview')).toBe('200');
    expect(await status('post', '/v1/pushes')).toBe('202');
    expect(await status('post', '/v1/device-authorizations')).toBe('201');
    expect(await status('get', '/v1/inbox/{inboxItemId}')).toBe('404');
  });

  it('leads an operator to what waits, by curl', async () => {
    const lines = tested('what-waits', 'docs/getting-started/operator.md')
      .replaceAll('http://localhost:3000', hub.url)
      .replaceAll('http://localhost:3100', hub.sandboxUrl);
    const { stdout } = await promisify(execFile)('sh', ['-euc', lines], { env: home.env });
    expect(stdout).toMatch(/^{"waiting":0}{"complaints":0,"appeals":0,"bans":0}$/);
  });

  it('prints a line that pushes as it stands, the same after a restart', async () => {
    const key = readFirstPushKey(home.env.HARK_HOME!)!;
    await hub.stop();
    hub = await home.start();
    const page = await seen('the line on the page of the sandbox', async () => {
      const html = await (await fetch(hub.sandboxUrl)).text();
      return html.includes('push-line') ? html : undefined;
    });
    expect(page).toContain(key);
    await promisify(execFile)('sh', ['-euc', pushLine(hub.url, key)]);
    await seen('the push on the phone', async () => {
      const { body } = await call(hub.sandboxUrl, 'GET', '/control/bark/pushes');
      return (body.items as unknown as Json[]).length > 0 || undefined;
    });
  });
});
