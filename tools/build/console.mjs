// Builds the console (apps/console/src, React by Vite) to apps/console/dist: only when its sources, this file or the
// installed packages changed since the last time, as the sum beside the result says. As in build.mjs everything is made
// before anything is written, and each file is put in place by a rename, the page last. Files of former builds stay for a
// day: a page that is open loads those of its own.
import { createHash } from 'node:crypto';
import { globSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';
import { redocPlugin } from './redoc.mjs';

const root = resolve(import.meta.dirname, '..', '..');
const folder = join(root, 'apps/console');
/** How long files of a former build stay. */
const keptMs = 86_400_000;
const compress = promisify(brotliCompress);

const serviceWorker = 'service-worker';
const first = 'first';

/**
 * Asks for Mantine's components file by file. Through the package's list of all of them, each module that imports one would
 * need whatever any screen uses.
 */
const componentsPlugin = {
  name: 'hark-components',
  enforce: 'pre',
  transform: {
    filter: { id: /\.tsx?$/, code: /from '@mantine\/core'/ },
    handler: (code) => ({
      code: code.replace(/import \{([^}]*)\} from '@mantine\/core';/g, (_, names) =>
        names
          .split(',')
          .map((name) => name.trim())
          .filter((name) => name !== '' && !name.startsWith('type '))
          .map((name) => `import { ${name} } from '${fileOf(name)}';`)
          .join(''),
      ),
      map: null,
    }),
  },
};

let componentFiles;
function fileOf(component) {
  const list = join(root, 'node_modules/@mantine/core/esm/index.mjs');
  componentFiles ??= new Map(
    Array.from(readFileSync(list, 'utf8').matchAll(/import \{([^}]*)\} from "(.*)";/g)).flatMap(([, names, file]) =>
      names.split(',').map((name) => [name.trim(), resolve(dirname(list), file)]),
    ),
  );
  const file = componentFiles.get(component);
  if (file === undefined) throw new Error(`@mantine/core has no '${component}'`);
  return file;
}

/** Lets the page itself ask for what its script will: both come at the same time. */
const preloadPlugin = {
  name: 'hark-preload',
  transformIndexHtml: {
    order: 'post',
    handler(_, { bundle = {}, filename }) {
      if (basename(filename) !== 'index.html') return [];
      const chunk = Object.values(bundle).find(({ name, isEntry }) => name === first && isEntry !== undefined);
      if (!chunk) return [];
      const { fileName, imports, viteMetadata } = chunk;
      const link = (rel, file) => ({
        tag: 'link',
        attrs: { rel, href: `/${file}`, crossorigin: true },
        injectTo: 'head',
      });
      return [
        ...[fileName, ...imports.filter((file) => bundle[file].name !== 'start')].map((file) =>
          link('modulepreload', file),
        ),
        ...Array.from(viteMetadata.importedCss, (file) => link('stylesheet', file)),
      ];
    },
  },
};

/** What Vite is told, for the build here and for `vite` by hand. */
export const viteConfig = {
  configFile: false,
  root: join(folder, 'src'),
  publicDir: false,
  plugins: [redocPlugin, componentsPlugin, preloadPlugin],
  logLevel: 'error',
  // The gateway puts a nonce of its own into every page it sends (apps/gateway/src/console).
  html: { cspNonce: '__NONCE__' },
  build: {
    write: false,
    target: 'es2022',
    sourcemap: false,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rollupOptions: {
      // The console, the API reference, which shares nothing with it, and the service worker.
      input: ['index.html', 'docs.html', `service-worker/${serviceWorker}.ts`].map((file) => join(folder, 'src', file)),
      // Browsers ask for a service worker again under its name, so it has no sum in it.
      output: {
        entryFileNames: ({ name }) => (name === serviceWorker ? '[name].js' : 'assets/[name]-[hash].js'),
        // What every visit loads is one file beside the script before it; else each screen that shares some of it makes one more.
        codeSplitting: {
          groups: [
            { name: (id, chunks) => (importedBy('start.ts', chunks).has(id) ? 'start' : null), priority: 1 },
            { name: (id, chunks) => (importedBy('main.tsx', chunks).has(id) ? first : null) },
          ],
        },
      },
    },
  },
};

const imports = new Map();
/** The modules that a source imports, all the way. */
function importedBy(source, chunks) {
  const known = imports.get(source);
  if (known) return known;
  const imported = new Set([join(folder, 'src', source)]);
  for (const each of imported) for (const id of chunks.getModuleInfo(each)?.importedIds ?? []) imported.add(id);
  imports.set(source, imported);
  return imported;
}

/** Builds the console when it changed; answers whether it did. */
export async function buildConsole() {
  const sum = sumOfSources();
  const stamp = join(folder, 'dist/.sum');
  if (textOf(stamp) === sum) return false;
  // Whatever the shell says (jest says `test`): with anything else React's own development build would be taken.
  process.env.NODE_ENV = 'production';
  const { build } = await import('vite');
  const { output } = await build(viteConfig);
  const files = output.map((file) => ({
    name: file.fileName,
    content: Buffer.from(file.type === 'chunk' ? file.code : file.source),
  }));
  const packed = await Promise.all(
    files
      .filter(({ name }) => /\.(js|css|svg)$/.test(name))
      .map(async ({ name, content }) => ({
        name: `${name}.br`,
        content: await compress(content, { params: { [constants.BROTLI_PARAM_QUALITY]: qualityOf(content) } }),
      })),
  );
  const isPage = ({ name }) => name.endsWith('.html');
  for (const { name, content } of [...files.filter((file) => !isPage(file)), ...packed, ...files.filter(isPage)]) {
    put(join(folder, 'dist', name), content);
  }
  put(stamp, sum);
  const made = new Set([...files, ...packed].map(({ name }) => name));
  for (const name of globSync('assets/*', { cwd: join(folder, 'dist') })) {
    const file = join(folder, 'dist', name);
    if (!made.has(name) && Date.now() - statSync(file).mtimeMs > keptMs) rmSync(file, { force: true });
  }
  return true;
}

/** The best takes seconds for the API reference, which nobody loads on the way. */
const qualityOf = ({ length }) => (length < 1_000_000 ? 11 : 9);

function put(file, content) {
  mkdirSync(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}.new`;
  writeFileSync(draft, content);
  renameSync(draft, file);
}

function sumOfSources() {
  const hash = createHash('sha256');
  const sources = globSync('apps/console/src/**/*.*', { cwd: root, exclude: (name) => /spec\.tsx?$/.test(name) });
  for (const file of [...sources.sort(), 'package-lock.json', 'tools/build/console.mjs', 'tools/build/redoc.mjs']) {
    hash.update(`${file}\n`).update(readFileSync(join(root, file)));
  }
  return hash.digest('hex');
}

function textOf(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
