import { serveHealth } from '@hark/service';
import { mergedMetrics, startHubHealth } from './hub-health';

const local = { host: '127.0.0.1', port: 0 };

describe('the health of a hub', () => {
  it('is that of all its services on one address', async () => {
    const state = { live: true, missing: [] as string[], away: [] as string[] };
    const metrics = (service: string) => async () =>
      `# HELP hark_x What it is.\n# TYPE hark_x counter\nhark_x{service="${service}"} 1\n`;
    const auth = await serveHealth(local, {
      live: () => state.live,
      missing: async () => state.missing,
      away: async () => state.away,
      metrics: metrics('auth'),
    });
    const intake = await serveHealth(local, { live: () => true, missing: async () => [], metrics: metrics('intake') });
    let intakeUrl: string | undefined = intake.url;
    const hub = await startHubHealth('localhost', 0, [
      { name: 'auth', healthUrl: () => auth.url },
      { name: 'intake', healthUrl: () => intakeUrl },
    ]);
    const ask = async (path: string) => {
      const response = await fetch(hub.url + path);
      return `${response.status} ${await response.text()}`;
    };
    expect([await ask('/livez'), await ask('/readyz')]).toEqual(['200 ok', '200 ok']);
    expect(await ask('/metrics')).toBe(
      '200 # HELP hark_x What it is.\n# TYPE hark_x counter\nhark_x{service="auth"} 1\nhark_x{service="intake"} 1\n',
    );
    state.away = ['database', 'nats'];
    expect(await ask('/readyz')).toBe('200 ok, without: database, nats');
    state.missing = ['start'];
    expect(await ask('/readyz')).toBe('503 missing: auth (start)');
    state.live = false;
    expect(await ask('/livez')).toBe('503 not alive');
    Object.assign(state, { live: true, missing: [] });
    intakeUrl = undefined;
    expect([await ask('/livez'), await ask('/readyz')]).toEqual(['200 ok', '503 missing: intake (does not answer)']);
    for (const each of [hub, auth, intake]) await each.close();
  });

  it('tells the metrics of a service’s processes apart', async () => {
    const metrics = async () => '# TYPE b gauge\nb{service="intake"} 1\nc 2\n';
    const one = await serveHealth(local, { live: () => true, missing: async () => [], metrics });
    const replicas = ['intake-1', 'intake-2'].map((replica) => ({
      ...{ name: replica, replica },
      healthUrl: () => one.url,
    }));
    const hub = await startHubHealth('localhost', 0, replicas);
    expect((await (await fetch(`${hub.url}/metrics`)).text()).split('\n')).toEqual([
      '# TYPE b gauge',
      'b{service="intake",replica="intake-1"} 1',
      'c{replica="intake-1"} 2',
      'b{service="intake",replica="intake-2"} 1',
      'c{replica="intake-2"} 2',
      '',
    ]);
    for (const each of [hub, one]) await each.close();
  });

  it('describes a metric once, with the figures of every service below', () => {
    const one = (service: string) =>
      `# HELP b B.\n# TYPE b gauge\nb{service="${service}"} 1\n\n# HELP a A.\n# TYPE a counter\na 2\n`;
    const merged = mergedMetrics([one('x'), one('y'), '']);
    expect(merged.split('\n').filter((line) => line.startsWith('#'))).toHaveLength(4);
    expect(merged).toContain('b{service="x"} 1\nb{service="y"} 1\n');
  });
});
