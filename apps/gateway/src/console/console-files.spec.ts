import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync } from 'node:zlib';
import Fastify from 'fastify';
import { ConsoleFiles } from './console-files';
import { consolePages } from './console-pages';

const folder = mkdtempSync(join(tmpdir(), 'hark-console-'));
mkdirSync(join(folder, 'assets'));
const script = 'console.log("hark")';
writeFileSync(join(folder, 'assets/index-abc.js'), script);
writeFileSync(join(folder, 'assets/index-abc.js.br'), brotliCompressSync(script));
writeFileSync(join(folder, 'assets/index-abc.js.map'), '{}');
writeFileSync(join(folder, 'service-worker.js'), script);
writeFileSync(
  join(folder, 'index.html'),
  '<meta nonce="__NONCE__"><script nonce="__NONCE__"></script><i>__SANDBOX__</i>',
);
writeFileSync(
  join(folder, 'docs.html'),
  '<html lang="__LANG__"><nav>__LINKS__</nav><script nonce="__NONCE__"></script>',
);
afterAll(() => rmSync(folder, { recursive: true }));

const server = Fastify();
ConsoleFiles.read(folder, { sandboxUrl: 'http://localhost:3100/"><b>' })!.register(server);

describe('the console as files', () => {
  it('is its page at each of its own paths, never kept, with a new nonce each time and nothing inline beside it', async () => {
    const nonces = new Set<string>();
    for (const path of consolePages) {
      const { statusCode, headers, body } = await server.inject(path.replace(/:\w+/g, 'x'));
      const [, nonce] = /nonce="([^"]+)"/.exec(body)!;
      const policy = String(headers['content-security-policy']);
      expect(statusCode).toBe(200);
      expect(headers['content-type']).toBe('text/html; charset=utf-8');
      expect(policy).toContain("default-src 'none'; script-src 'self';");
      expect(policy).toContain(`style-src 'self' 'nonce-${nonce}'`);
      expect(policy).not.toMatch(/unsafe|https?:|\*/);
      expect(body).not.toContain('__');
      nonces.add(nonce!);
    }
    expect(nonces.size).toBe(consolePages.length);
  });

  it('lets pictures from elsewhere in only where they were asked for, and nothing else', async () => {
    const policyOf = async (path: string) => {
      const policy = String((await server.inject(path)).headers['content-security-policy']);
      return policy.replace(/'nonce-[^']+'/, 'nonce').split('; ');
    };
    const usual = await policyOf('/inbox/x?pictures=hide');
    const asked = await policyOf('/inbox/x?pictures=show');
    expect(usual).toEqual(await policyOf('/inbox/x'));
    expect(asked.filter((rule) => !usual.includes(rule))).toEqual(["img-src 'self' data: https:"]);
  });

  it('is told where the sandbox is, as text', async () => {
    expect((await server.inject('/')).body).toContain('<i>http://localhost:3100/&quot;&gt;&lt;b&gt;</i>');
    const real = Fastify();
    ConsoleFiles.read(folder, {})!.register(real);
    expect((await real.inject('/')).body).toContain('<i></i>');
  });

  it('has files that may be kept for ever, packed for those who can unpack them, and no source maps', async () => {
    const plain = await server.inject('/assets/index-abc.js');
    expect(plain.body).toBe(script);
    expect(plain.headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
      vary: 'accept-encoding',
    });
    const packed = await server.inject({ url: '/assets/index-abc.js', headers: { 'accept-encoding': 'gzip, br' } });
    expect(packed.headers['content-encoding']).toBe('br');
    expect(brotliDecompressSync(packed.rawPayload).toString()).toBe(script);
    for (const path of ['/assets/index-abc.js.map', '/assets/index-abc.js.br', '/assets/', '/assets/../index.html']) {
      expect((await server.inject(path)).statusCode).toBe(404);
    }
  });

  it('has a service worker that is asked for anew each time', async () => {
    const { headers, body } = await server.inject('/service-worker.js');
    expect(body).toBe(script);
    expect(headers).toMatchObject({ 'content-type': 'text/javascript; charset=utf-8', 'cache-control': 'no-cache' });
  });

  it('is nowhere else', async () => {
    for (const path of ['/v1/nothing', '/nothing', '/inbox', '/consent', '/index.html', '/assets/other.js'])
      expect((await server.inject(path)).statusCode).toBe(404);
    expect((await server.inject({ method: 'POST', url: '/' })).statusCode).toBe(404);
  });

  it('is not there where nothing was built', () => {
    expect(ConsoleFiles.read(join(folder, 'assets'), {})).toBeUndefined();
  });

  it('has a screen for each of its paths', () => {
    const router = readFileSync(join(__dirname, '../../../console/src/router.tsx'), 'utf8');
    const screens = Array.from(router.matchAll(/path: '([^']+)'/g), ([, path]) => path!.replaceAll('$', ':'));
    expect(screens.sort()).toEqual([...consolePages].sort());
  });
});
