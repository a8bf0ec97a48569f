import { globSync } from 'node:fs';
import { join } from 'node:path';
import type { Type } from '@nestjs/common';
import { MODULE_METADATA } from '@nestjs/common/constants';
import { servedBy } from '@hark/service';

const apps = join(__dirname, '../../apps');
/** Loaded at run time: nothing imports an app. */
// eslint-disable-next-line @typescript-eslint/no-require-imports -- see above
const load = (file: string) => require(join(apps, file)) as Record<string, unknown>;

interface Row {
  readonly method: string;
  readonly path: string;
  readonly access: string;
  readonly subject: string | ((input: object) => string);
  readonly instead?: readonly { readonly subject: string }[];
}
const { allRoutes } = load('gateway/src/routes/all-routes.ts') as unknown as { allRoutes: readonly Row[] };
/** Each route with the subject that it asks; one that chooses by its query or body stands there for each. */
const asked = allRoutes.flatMap(({ method, path, access, subject, instead = [] }) => {
  const subjects =
    typeof subject === 'string' ? [subject] : ['true', 'false'].map((block) => subject({ query: { block } }));
  return [...subjects, ...instead.map((other) => other.subject)].map((one) => [`${method} ${path}`, one, access] as const);
});

const modules = globSync('*/src/*.module.ts', { cwd: apps }).flatMap((file) => Object.values(load(file)) as Type[]);
const served = modules
  .flatMap((module) => (Reflect.getMetadata(MODULE_METADATA.CONTROLLERS, module) ?? []) as Type[])
  .flatMap(servedBy);
const accessOf = new Map(served.map(({ subject, access }) => [subject, access]));

describe('who may call, at the gateway and at the service that answers', () => {
  it.each(asked)('%s asks %s: %s', (_, subject, access) => {
    expect(accessOf.get(subject)).toBe(access);
  });

  it('is said of every subject, and each has one handler', () => {
    expect(served.filter(({ access }) => access === undefined)).toEqual([]);
    expect(accessOf.size).toBe(served.length);
  });

  it('is for services where no route leads', () => {
    const routed = new Set(asked.map(([, subject]) => subject));
    expect(Object.fromEntries([...accessOf].filter(([subject]) => !routed.has(subject)))).toEqual({
      'auth.check-session': 'gateway',
      // Intake hands on what an app showed it; the app's secret is proved once more.
      'auth.present-key': 'app',
      'moderation.judge-texts': 'service',
    });
  });
});
