import { readBenchOptions } from './bench-options';

describe('the options of the bench', () => {
  it('have defaults', () => {
    expect(readBenchOptions([])).toEqual({
      what: 'hub',
      ratePerSecond: 100,
      seconds: 10,
      people: 20,
      troubled: 400,
      findRate: false,
      events: 0,
      stored: 0,
      json: false,
      split: false,
      own: false,
    });
  });

  it('are all read', () => {
    const args = ['--rate', '300', '--seconds=5', '--people', '7', '--find-rate', '--json', '--split'];
    expect(readBenchOptions(args)).toMatchObject({
      ratePerSecond: 300,
      seconds: 5,
      people: 7,
      findRate: true,
      json: true,
      split: true,
      own: true,
    });
  });

  it('name what is measured', () => {
    expect(readBenchOptions(['nats', '--json']).what).toBe('nats');
    expect(readBenchOptions(['event-store', '--events', '500'])).toMatchObject({ what: 'event-store', events: 500 });
  });

  it('say how many pushes share a request', () => {
    expect(readBenchOptions(['--batch', '100'])).toMatchObject({ batch: 100, ratePerSecond: 100, own: false });
  });

  it('want a hub of the own for what a running one cannot do', () => {
    expect(readBenchOptions(['--cpu-prof', 'profiles'])).toMatchObject({ own: true, profileDir: 'profiles' });
    expect(readBenchOptions(['--stored', '1000'])).toMatchObject({ own: true, stored: 1_000 });
    expect(readBenchOptions(['--split', '--replicas', 'intake=2'])).toMatchObject({ own: true, replicas: 'intake=2' });
  });

  it.each([
    [['--rate', '0']],
    [['--rate', 'ten']],
    [['--rate', '1e9']],
    [['--rate', '1.5']],
    [['--rate', '20000', '--seconds', '3600']],
    [['--seconds', '-1']],
    [['--batch', '0']],
    [['--batch', '1001']],
    [['--rats', '5']],
    [['postgres']],
    [['nats', 'hub']],
  ])('refuse %j', (args) => {
    expect(() => readBenchOptions(args)).toThrow(expect.objectContaining({ code: 'command.invalid' }) as Error);
  });
});
