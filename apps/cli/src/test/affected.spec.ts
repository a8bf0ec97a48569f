import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { affectedBy, changedSince } from './affected';

const root = resolve(__dirname, '../../../..');

describe('what a change affects', () => {
  it('is the project and all that use it, and no other', async () => {
    const { folders, why } = await affectedBy(['libs/wechat/src/wechat-client.ts'], root);
    expect(folders).toEqual(expect.arrayContaining(['libs/wechat', 'apps/moderation', 'apps/auth']));
    // It starts every service, though it imports none.
    expect(folders).toContain('apps/cli');
    for (const other of ['apps/complaints', 'apps/intake', 'libs/nats']) expect(folders).not.toContain(other);
    expect(why).toBe(`${folders.join(' ')}, by changes in libs/wechat`);
  });

  it.each(['package-lock.json', 'tools/build/build.mjs'])('is everything for %s', async (file) =>
    expect((await affectedBy([file], root)).why).toBe(`all projects, by changes in ${file}`),
  );

  it('is none for what no project reads', async () => {
    expect(await affectedBy(['LICENSE', 'a', 'b', 'k8s/c', 'd'], root)).toEqual({
      folders: [],
      why: 'no project, by changes in LICENSE, a, b and 2 more places',
    });
    expect((await affectedBy([], root)).why).toBe('no project, by no change');
  });
});

describe('what changed', () => {
  const repository = mkdtempSync(join(tmpdir(), 'hark-affected-'));
  afterAll(() => rmSync(repository, { recursive: true, force: true }));
  const git = (...args: string[]): string =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], {
      cwd: repository,
    }).toString();
  const commit = (name: string, message: string): void => {
    writeFileSync(join(repository, name), message);
    git('add', '.');
    git('commit', '-qm', message);
  };

  it('is what was committed since the branch left, what was not yet, and what is new', async () => {
    git('init', '-qb', 'main');
    commit('old', 'the first');
    git('checkout', '-qb', 'work');
    commit('committed', 'ours');
    git('checkout', '-q', 'main');
    commit('theirs', 'meanwhile');
    git('checkout', '-q', 'work');
    writeFileSync(join(repository, 'old'), 'changed');
    writeFileSync(join(repository, 'a new — one'), '');
    expect([...(await changedSince('main', repository))].sort()).toEqual(['a new — one', 'committed', 'old']);
    expect([...(await changedSince('HEAD', repository))].sort()).toEqual(['a new — one', 'old']);
  });

  it('is refused for a base that git does not know', () =>
    expect(changedSince('--help', repository)).rejects.toMatchObject({ code: 'command.invalid' }));
});
