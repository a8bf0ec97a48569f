import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const script = join(__dirname, 'dependencies.mjs');
const run = (...args: string[]): string => execFileSync(process.execPath, [script, ...args], { encoding: 'utf8' });

describe('the dependencies in the package.json of every project', () => {
  // To mend it: node tools/fences/dependencies.mjs --write && npm install --package-lock-only --ignore-scripts
  it('are those that its sources import, at the version of the root', () => expect(run()).toBe(''));

  it('are seen to be missing, superfluous, or of another version, and are mended', () => {
    const root = mkdtempSync(join(tmpdir(), 'hark-dependencies-'));
    const write = (file: string, content: unknown) =>
      writeFileSync(join(root, file), typeof content === 'string' ? content : JSON.stringify(content));
    try {
      mkdirSync(join(root, 'libs/odd/src'), { recursive: true });
      write('package.json', { dependencies: { zod: '4.0.0', pg: '8.0.0' }, devDependencies: { jest: '30.0.0' } });
      write('libs/odd/package.json', { name: '@hark/odd', private: true, dependencies: { pg: '7.0.0', rxjs: '7.0.0' }, nx: {} });
      write('libs/odd/src/a.ts', `import 'node:fs'; import { b } from './b'; export * from '@hark/kernel'; import('pg');`);
      write('libs/odd/src/a.spec.ts', `import type { Z } from 'zod/v4'; import { it } from '@hark/odd'; import 'pg';`);
      expect(run(root)).toContain('"pg": "8.0.0"');
      run('--write', root);
      expect(JSON.parse(readFileSync(join(root, 'libs/odd/package.json'), 'utf8'))).toEqual({
        name: '@hark/odd',
        private: true,
        dependencies: { '@hark/kernel': '*', pg: '8.0.0' },
        devDependencies: { zod: '4.0.0' },
        nx: {},
      });
      expect(run(root)).toBe('');
    } finally {
      rmSync(root, { recursive: true });
    }
  });
});
