// Builds projects (all of apps/* and libs/* when none is named): src/**/*.ts but tests to dist/**/*.js.
//
// A running hub, a test run and other commands may read the same files meanwhile. So everything is compiled before anything
// is written; what fails to compile changes nothing; each changed file is put in place by a rename, unchanged ones are not
// touched, and none is taken away: a file whose source is gone stays, as a process of the older sources may still load it.
import { globSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { transformFile } from '@swc/core';

const root = resolve(import.meta.dirname, '..', '..');
const named = process.argv.slice(2);
const projects = named.length > 0 ? named : globSync('{apps,libs}/*/package.json', { cwd: root }).map(dirname);
// What browsers and WeChat load is built otherwise (console.mjs, mini-program.mjs).
const browsers = 'apps/console';
const wechat = 'apps/miniprogram';
// Maps beside the code: in it, every process would keep them in memory, twice.
const options = { ...JSON.parse(readFileSync(join(root, '.swcrc'), 'utf8')), swcrc: false, sourceMaps: true };
delete options.$schema;

const compiled = await Promise.all(
  projects
    .filter((project) => project !== browsers && project !== wechat)
    .flatMap((project) => {
      const src = join(root, project, 'src');
      return globSync('**/*.ts', { cwd: src, exclude: (name) => /(spec|\.fixture)\.ts$/.test(name) }).map(
        async (name) => {
          const file = join(root, project, 'dist', name.replace(/\.ts$/, '.js'));
          const source = join(src, name);
          const { code, map } = await transformFile(source, {
            ...options,
            sourceFileName: relative(dirname(file), source),
          });
          return [
            { file: `${file}.map`, code: map },
            { file, code: `${code}//# sourceMappingURL=${basename(file)}.map\n` },
          ];
        },
      );
    }),
);

for (const { file, code } of compiled.flat()) {
  if (textOf(file) === code) continue;
  mkdirSync(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}.new`;
  writeFileSync(draft, code);
  renameSync(draft, file);
}

if (projects.includes(browsers)) await (await import('./console.mjs')).buildConsole();
if (projects.includes(wechat)) await (await import('./mini-program.mjs')).buildMiniProgram();

function textOf(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
