import { connect } from 'nats';
import { startNatsBroker } from '@hark/embedded-nats';
import { until } from '@hark/testing';
import { ChangeListener } from './change-listener';
import { ChangePublisher } from './change-publisher';

describe('notices of changes', () => {
  it('wake those whose topic it is, and everybody when one was missed, is unreadable or names nothing', async () => {
    const broker = await startNatsBroker();
    const connection = await connect({ servers: broker.url });
    const listener = new ChangeListener(connection, 'hark.events.sample');
    const heard: string[] = [];
    const off = listener.on('ann', () => void heard.push('ann'));
    listener.on('ben', () => void heard.push('ben'));
    const after = async (send: () => void) => {
      heard.length = 0;
      send();
      await connection.flush();
      return [...heard].sort();
    };
    const raw = (notice: unknown) => () => connection.publish('hark.events.sample', JSON.stringify(notice));
    const by = 'another';
    await connection.flush();
    // Only now: after two seconds it would tell by itself that it is there.
    const publisher = new ChangePublisher(connection, 'hark.events.sample');
    try {
      expect(await after(() => publisher.changed(['ann']))).toEqual(['ann', 'ben']); // heard for the first time
      expect(await after(() => publisher.changed(['ann', 'ann', 'carol']))).toEqual(['ann']);
      expect(await after(() => publisher.changed([]))).toEqual([]);
      expect(await after(() => publisher.changed(undefined))).toEqual(['ann', 'ben']);
      expect(await after(raw({ by, seq: 7, topics: [] }))).toEqual(['ann', 'ben']);
      expect(await after(raw({ by, seq: 7, topics: [] }))).toEqual([]); // it is there and has told all
      expect(await after(raw({ by, seq: 8, topics: ['ben'] }))).toEqual(['ben']);
      expect(await after(raw({ by, seq: 9, topics: [] }))).toEqual(['ann', 'ben']); // the ninth was lost
      expect(await after(raw({ by, seq: 11, topics: ['ben'] }))).toEqual(['ann', 'ben']); // the tenth was lost
      for (const nonsense of [null, 7, {}, { by }, { by, seq: 12, topics: 'ben' }])
        expect(await after(raw(nonsense))).toEqual([]);
      expect(await after(() => connection.publish('hark.events.sample', '{nope'))).toEqual([]);
      off();
      expect(await after(() => publisher.changed(['ann', 'ben']))).toEqual(['ben']);
      // By itself a publisher says that it is there: whoever listens anew is told to look.
      const late = new ChangeListener(connection, 'hark.events.sample');
      let woken = 0;
      late.on('dora', () => (woken += 1));
      await until(() => woken > 0, { what: 'a sign of life' });
      late.close();
    } finally {
      publisher.close();
      listener.close();
      await connection.close();
      await broker.close();
    }
  });
});
