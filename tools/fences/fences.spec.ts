import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

// A fence that nobody has touched may not be live: each has a fixture that must fail, for the reason it names, and a twin
// at the same place that must pass.
interface Said {
  ruleId: string | null;
  message: string;
  fatal: boolean;
}
const lintTimeoutMs = 120_000;
const folder = join(__dirname, 'fixtures');
const names = readdirSync(folder).flatMap((file) => /^(.+)\.fails\.ts$/.exec(file)?.slice(1, 2) ?? []);
const noted = (file: string, what: string): string | undefined =>
  new RegExp(`^// ${what} (.+)$`, 'm').exec(readFileSync(join(folder, file), 'utf8'))?.[1];

let said: Record<string, Said[]>;
beforeAll(async () => {
  const script = join(__dirname, 'lint-fixtures.mjs');
  const { stdout } = await promisify(execFile)(process.execPath, [script], { timeout: lintTimeoutMs });
  said = JSON.parse(stdout) as Record<string, Said[]>;
}, lintTimeoutMs);

describe.each(names)('%s', (name) => {
  const [fails, passes] = [`${name}.fails.ts`, `${name}.passes.ts`];

  it('stops what it is there to stop, and says why', () => {
    const [ruleId, message] = [noted(fails, 'rule'), noted(fails, 'says')];
    expect(message).toBeTruthy();
    expect(said[fails]).toEqual([{ ruleId, fatal: false, message: expect.stringContaining(message!) as string }]);
  });

  it('lets the right way through', () => {
    // Where a name is what is wrong, the right way lies elsewhere.
    if (noted(fails, 'rule') !== 'hark/file-name') expect(noted(passes, 'at')).toBe(noted(fails, 'at'));
    expect(said[passes]).toEqual([]);
  });
});

describe('the fixtures', () => {
  it('come in pairs', () => {
    const pairs = names.flatMap((name) => [`${name}.fails.ts`, `${name}.passes.ts`]);
    expect(readdirSync(folder).sort()).toEqual(pairs.sort());
  });
});
