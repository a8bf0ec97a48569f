import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const root = join(__dirname, '../..');
const services = '{auth,intake,moderation,delivery,complaints}';
const found = (pattern: string): string[] => globSync(pattern, { cwd: root }).sort();

/** Where somebody is answered or something is reacted to: a slice, by what stands in it. */
const slices = [...new Set(found(`apps/${services}/src/*/*.{handler,reactor}.ts`).map(dirname))];
const projections = found('apps/*/src/*/*.projection.ts');

describe('what nobody tests is found here', () => {
  it.each(slices)('%s has a spec of its own', (slice) => expect(found(`${slice}/*spec.ts`)).not.toEqual([]));

  it.each(projections)('%s has a spec without a store', (projection) => {
    const [spec] = found(projection.replace(/ts$/, 'spec.ts'));
    expect(spec && readFileSync(join(root, spec), 'utf8')).toContain('projectionSpec(');
  });

  it('looks where slices and projections are', () => {
    expect(slices.length).toBeGreaterThan(30);
    expect(projections.length).toBeGreaterThan(8);
  });
});
