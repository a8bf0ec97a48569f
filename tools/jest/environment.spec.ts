import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { z } from 'zod';

/* eslint-disable @typescript-eslint/no-require-imports -- plain JavaScript, as Jest itself loads it */
const HostEnvironment = require(join(__dirname, 'environment.cjs')) as new (config: object) => {
  keeping<T>(load: () => T): T;
  handleTestEvent(event: { name: string }, state: { rootDescribeBlock: object }): void;
  teardown(): Promise<void>;
};
/* eslint-enable @typescript-eslint/no-require-imports */
const globals = globalThis as Record<string, unknown>;

describe('the place where a test file runs', () => {
  it('is the realm of Node, where an error is an Error whoever made it', () => {
    expect(z.string().safeParse(1).error).toBeInstanceOf(Error);
    expect(new URL('http://a.example').searchParams.getAll('none')).toBeInstanceOf(Array);
    expect(runInNewContext('new Error()')).not.toBeInstanceOf(Error);
  });

  it('runs our own modules anew, though what they were compiled to serves again', () => {
    const loaded: unknown[] = [];
    for (let time = 0; time < 2; time += 1)
      jest.isolateModules(() => void loaded.push(jest.requireActual('../manifests/checks')));
    expect(loaded[0]).toEqual(expect.any(Object));
    expect(loaded[1]).not.toBe(loaded[0]);
  });

  it('lets go of what tests and hooks reach, once their results have been taken', () => {
    const environment = new HostEnvironment({ projectConfig: { testEnvironmentOptions: {}, fakeTimers: {} } });
    const reached = () => ({ fn: () => {}, asyncError: new Error('made here'), parent: {} });
    const [hook, one, inner] = [reached(), { type: 'test', ...reached() }, { type: 'test', ...reached() }];
    const nested = { type: 'describeBlock', hooks: [], children: [inner] };
    const state = { rootDescribeBlock: { hooks: [hook], children: [one, nested] } };
    environment.handleTestEvent({ name: 'run_finish' }, state);
    expect(one.fn).toBeDefined();
    environment.handleTestEvent({ name: 'teardown' }, state);
    for (const each of [hook, one, inner])
      expect([each.fn, each.asyncError, each.parent]).toEqual([undefined, undefined, undefined]);
  });

  it('takes back what a file leaves behind, but not what packages need', async () => {
    const listener = () => {};
    process.env.HARK_KEPT = 'before';
    globals.changed = 'before';
    const environment = new HostEnvironment({ projectConfig: { testEnvironmentOptions: {}, fakeTimers: {} } });
    globals.changed = globals.added = 'by the file';
    environment.keeping(() => (globals.needed = 'by a package'));
    process.env.HARK_KEPT = process.env.HARK_ADDED = 'by the file';
    process.on('SIGUSR2', listener);

    await environment.teardown();

    expect(globals).toMatchObject({ changed: 'before', needed: 'by a package' });
    expect(globals).not.toHaveProperty('added');
    expect(process.env).toMatchObject({ HARK_KEPT: 'before' });
    expect(process.env).not.toHaveProperty('HARK_ADDED');
    expect(process.listeners('SIGUSR2')).not.toContain(listener);
  });
});
