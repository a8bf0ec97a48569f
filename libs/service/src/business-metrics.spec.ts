import { BusinessMetrics } from './business-metrics';
import { Metrics } from './metrics';

const at = '2026-11-28T08:00:00.000Z';

describe('the figures of what the hub does', () => {
  const metrics = new Metrics('sample');
  afterAll(() => metrics.close());
  const { appended } = new BusinessMetrics(metrics);
  const figure = async (name: string): Promise<string | undefined> =>
    (await metrics.text()).split('\n').find((line) => line.startsWith(name));

  it('are counted from the events that were appended', async () => {
    appended('message-1', [{ type: 'message.pushed', data: { sentBy: 'key', content: 'v1.secret', at } }]);
    appended('delivery-1', [{ type: 'delivery.decided', data: { decision: 'deliver', at } }]);
    const nowMs = Date.now();
    const clock = jest.spyOn(Date, 'now').mockReturnValue(nowMs);
    appended('delivery-1', [{ type: 'delivery.filed', data: { pushedAt: new Date(nowMs - 700).toISOString(), at } }]);
    clock.mockRestore();
    appended('delivery-1', [{ type: 'delivery.attempted', data: { channel: 'bark', at } }]);
    appended('delivery-1', [
      { type: 'delivery.sent', data: { channel: 'bark', at } },
      { type: 'delivery.finished', data: { outcome: 'delivered', at } },
    ]);
    appended('moderation-1', [{ type: 'moderation.held', data: { label: 'ads', at } }]);
    appended('complaint-1', [{ type: 'complaint.complained', data: { reason: 'spam', at } }]);
    appended('standing-1', [{ type: 'standing.suspended', data: { at } }]);
    for (const line of [
      'hark_events_total{type="delivery.sent",service="sample"} 1',
      'hark_pushes_accepted_total{sent_by="key",service="sample"} 1',
      'hark_push_to_inbox_seconds_bucket{le="0.5",service="sample"} 0',
      'hark_push_to_inbox_seconds_bucket{le="2",service="sample"} 1',
      'hark_decision_to_attempt_seconds_count{service="sample"} 1',
      'hark_delivery_attempts_total{channel="bark",outcome="sent",service="sample"} 1',
      'hark_deliveries_total{outcome="delivered",service="sample"} 1',
      'hark_gate_decisions_total{decision="deliver",service="sample"} 1',
      'hark_moderation_verdicts_total{verdict="held",service="sample"} 1',
      'hark_complaints_total{step="complained",service="sample"} 1',
      'hark_sanctions_total{sanction="suspended",service="sample"} 1',
    ])
      expect((await metrics.text()).split('\n')).toContain(line);
    expect(await metrics.text()).not.toContain('v1.secret');
  });

  it('have few labels, whatever stands in events', async () => {
    for (let n = 0; n < 1_000; n += 1)
      appended('delivery-2', [{ type: 'delivery.failed', data: { channel: `channel-${n}`, at } }]);
    const lines = (await metrics.text()).match(/^hark_delivery_attempts_total\{.*outcome="failed"/gm)!;
    expect(lines.length).toBeLessThan(40);
    expect(await figure('hark_delivery_attempts_total{channel="other"')).toMatch(/ 9\d\d$/);
  });

  it('tell of the process once, however many services run in it', async () => {
    const other = new Metrics('other');
    const texts = [await metrics.text(), await other.text()];
    expect(texts.map((text) => text.includes('hark_process_resident_memory_bytes{process="sample"}'))).toEqual([
      true,
      false,
    ]);
    expect(texts[0]).toContain('# TYPE hark_process_cpu_seconds_total counter');
    metrics.close();
    expect(await other.text()).toContain('hark_process_resident_memory_bytes{process="other"}');
    other.close();
  });

  it('are typed for what they are', async () => {
    const typed = new Metrics('typed');
    let count = 3;
    typed.counted('hark_sample_total', 'A sample.', () => count);
    typed.gaugeBy('hark_sample_up', 'A sample.', 'part', () => Promise.reject(new Error('away')));
    expect(await typed.text()).toMatch(/# TYPE hark_sample_total counter\nhark_sample_total\{service="typed"\} 3/);
    count = 5;
    expect(await typed.text()).toContain('hark_sample_total{service="typed"} 5');
    expect(await typed.text()).not.toContain('hark_sample_up{');
    const types = (await typed.text()).matchAll(/^# TYPE (\S+) (\S+)$/gm);
    for (const [, name, type] of types) expect([name, type === 'counter']).toEqual([name, name!.endsWith('_total')]);
    typed.close();
  });
});
