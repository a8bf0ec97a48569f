import { JoinedRuns } from './joined-runs';

describe('runs that are joined', () => {
  it('are begun once for each name while they are under way, and anew afterwards', async () => {
    const runs = new JoinedRuns();
    const begun: string[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    const run = (name: string) =>
      runs.join(name, () => {
        begun.push(name);
        return promise;
      });
    const first = [run('a'), run('a'), run('b')];
    resolve();
    await Promise.all(first);
    await run('a');
    expect(begun).toEqual(['a', 'b', 'a']);
  });

  it('fail for everybody who waits, and can be begun again', async () => {
    const runs = new JoinedRuns();
    const fails = () => runs.join('a', () => Promise.reject(new Error('away')));
    const [one, other] = await Promise.allSettled([fails(), fails()]);
    expect([one.status, other.status]).toEqual(['rejected', 'rejected']);
    await expect(runs.join('a', () => Promise.resolve())).resolves.toBeUndefined();
  });
});
