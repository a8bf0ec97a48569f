import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Entry {
  version?: string;
  link?: boolean;
  optionalDependencies?: Record<string, string>;
}
const lock = JSON.parse(readFileSync(join(__dirname, '../../package-lock.json'), 'utf8')) as {
  lockfileVersion: number;
  packages: Record<string, Entry>;
};

/** Whether Node would find `name` from the package at `path`. */
function isFound(path: string, name: string): boolean {
  for (let at = path; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    if (`${at === '' ? '' : `${at}/`}node_modules/${name}` in lock.packages) return true;
    if (!at.includes('/node_modules/')) return `node_modules/${name}` in lock.packages;
  }
}

describe('the lock file', () => {
  // npm writes a lock without the binaries of other platforms when the registry lacks one of them, and then refuses it.
  it('has an entry for every optional dependency, also of other platforms', () => {
    const wanted = Object.entries(lock.packages).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).map((name) => ({ path, name })),
    );
    expect(wanted.length).toBeGreaterThan(20);
    expect(wanted.filter(({ path, name }) => !isFound(path, name))).toEqual([]);
  });

  it('pins a version for everything that is not ours', () => {
    const loose = Object.entries(lock.packages).filter(([path, { version, link }]) => path.includes('node_modules/') && !version && !link);
    expect(loose.map(([path]) => path)).toEqual([]);
  });

  it('would notice a gap', () => {
    expect(isFound('node_modules/nx', '@nx/nx-no-such-platform')).toBe(false);
    expect(isFound('', 'no-such-package')).toBe(false);
    expect(isFound('libs/kernel', 'no-such-package')).toBe(false);
    expect(isFound('node_modules/a/node_modules/b', 'jest')).toBe(true);
  });
});
