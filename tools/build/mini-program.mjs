// Builds the mini program (apps/miniprogram/src) to the folder that WeChat's developer tools open:
//
//   node tools/build/mini-program.mjs [folder]      apps/miniprogram/dist unless named
//
// Each TypeScript file becomes a CommonJS one of its own, as WeChat loads them; what it shares with the console, texts and the
// reading of markdown, comes along, and `marked` with it. HARK_PUBLIC_URL, WECHAT_APP_ID and WECHAT_TEMPLATE_ID say which hub it is of; without them that of `./hark up` on the
// sandbox. As in build.mjs everything is compiled before anything is written, and each file is put in place by a rename.
import { globSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join, posix, resolve } from 'node:path';
import { transform } from '@swc/core';

const root = resolve(import.meta.dirname, '..', '..');
const source = join(root, 'apps/miniprogram/src');
const consoleTexts = join(root, 'apps/console/src/texts');
/** Where the console's texts lie in the result. */
const sharedTexts = 'texts/console';
/** What reads markdown, by where it lies in the result: a worker loads nothing from outside its folder (WeChat docs: workers). */
const borrowed = {
  'workers/markdown-tokens.ts': 'apps/console/src/inbox/markdown-tokens.ts',
  'workers/picture-address.ts': 'apps/console/src/inbox/picture-address.ts',
  'shared/picture-address.ts': 'apps/console/src/inbox/picture-address.ts',
  'workers/marked.ts': 'node_modules/marked/lib/marked.esm.js',
};

const sandbox = { url: 'http://localhost:3000', appId: 'wx74db71d8a9e3b699', templateId: 'TEMPLATE_ID_EXAMPLE' };

/** Builds it into `folder`, for the hub that `env` names. */
export async function buildMiniProgram(folder = join(root, 'apps/miniprogram/dist'), env = process.env) {
  const put = {
    __HUB_URL__: (env.HARK_PUBLIC_URL || sandbox.url).replace(/\/+$/, ''),
    __APP_ID__: env.WECHAT_APP_ID || sandbox.appId,
    __TEMPLATE_ID__: env.WECHAT_TEMPLATE_ID || sandbox.templateId,
    // WeChat's tools let a program call an address without TLS only where they check none (WeChat docs: project.config.json).
    '"__IS_CHECKED__"': String((env.HARK_PUBLIC_URL || sandbox.url).startsWith('https:')),
  };
  const filled = (text) => text.replace(/"?__IS_CHECKED__"?|__[A-Z_]+__/g, (name) => put[name] ?? name);
  const names = globSync('**/*.{ts,json,wxml,wxss}', {
    cwd: source,
    exclude: (name) => name === 'testing' || /(spec|\.fixture)\.ts$/.test(name),
  });
  const files = [
    ...names.map((name) => [name, readFileSync(join(source, name), 'utf8')]),
    ...['en.ts', 'zh.ts'].map((name) => [`${sharedTexts}/${name}`, readFileSync(join(consoleTexts, name), 'utf8')]),
    ...Object.entries(borrowed).map(([name, from]) => [name, readFileSync(join(root, from), 'utf8')]),
  ];
  const made = await Promise.all(
    files.map(async ([name, text]) =>
      name.endsWith('.ts') ? [name.replace(/ts$/, 'js'), await compiled(name, filled(text))] : [name, filled(text)],
    ),
  );
  for (const [name, text] of made) {
    const file = join(folder, name);
    if (textOf(file) === text) continue;
    mkdirSync(dirname(file), { recursive: true });
    const draft = `${file}.${process.pid}.new`;
    writeFileSync(draft, text);
    renameSync(draft, file);
  }
}

async function compiled(name, text) {
  const { code } = await transform(text, {
    swcrc: false,
    jsc: { target: 'es2018', parser: { syntax: 'typescript' } },
    module: { type: 'commonjs' },
  });
  const up = posix.relative(posix.dirname(name), '.') || '.';
  return code
    .replaceAll('"#console-texts/', `"${up}/${sharedTexts}/`)
    .replaceAll('"#console-inbox/', name.startsWith('workers/') ? '"./' : `"${up}/shared/`)
    .replaceAll('require("marked")', 'require("./marked")')
    .replaceAll('"./../', '"../');
}

function textOf(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

if (process.argv[1] === import.meta.filename) await buildMiniProgram(process.argv[2] && resolve(process.argv[2]));
