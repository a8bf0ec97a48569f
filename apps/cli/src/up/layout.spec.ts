import { layoutLine, layoutOf } from './layout';
import { oneOfEach } from './replicas';

describe('what runs where', () => {
  it('is one line in both languages', () => {
    const hub = layoutOf({ replicas: undefined, hasSandbox: true, env: {} });
    expect(layoutLine(hub)).toBe(
      'threads services, event store, broker, sandbox; processes Postgres  (线程：各服务、事件存储、消息代理、沙箱；进程：Postgres)',
    );
  });

  it('counts the processes of a service and leaves out what is somebody else’s', () => {
    const env = { EVENTSTORE_URL: 'esdb://a', NATS_URL: 'nats://b', DATABASE_URL: 'postgres://c' };
    const hub = layoutOf({ replicas: { ...oneOfEach, intake: 2 }, hasSandbox: false, env });
    expect(layoutLine(hub)).toBe(
      'processes auth, intake ×2, moderation, delivery, complaints, gateway  ' +
        '(进程：auth、intake ×2、moderation、delivery、complaints、gateway)',
    );
  });
});
