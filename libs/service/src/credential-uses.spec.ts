import { setImmediate as settled } from 'node:timers/promises';
import { CredentialUses } from './credential-uses';

describe('days of last use', () => {
  let written: (readonly string[])[] = [];
  let isAway = false;
  let now = '2026-11-29T12:00:00.000Z';
  let warned: unknown[] = [];
  const log = { warn: (facts: object) => void warned.push(facts) };
  const database = {
    query: async (sql: string, [hashes]: unknown[] = []) => {
      if (isAway) throw new Error('away');
      if (sql.includes('unnest')) written.push(hashes as string[]);
      return [];
    },
  };
  beforeEach(() => {
    [written, isAway, now, warned] = [[], false, '2026-11-29T12:00:00.000Z', []];
  });

  it('are written once a day for each, those that come meanwhile together', async () => {
    const uses = new CredentialUses(database, () => now, log);
    for (let push = 0; push < 10_000; push++) uses.note(['a', 'b', 'c'][push % 3]!);
    await settled();
    for (let push = 0; push < 10_000; push++) uses.note('a');
    await settled();
    expect(written.flat()).toEqual(['a', 'b', 'c']);
    expect(written.length).toBeLessThan(3);
    now = '2026-11-30T00:00:00.000Z';
    uses.note('a');
    await settled();
    expect(written.flat()).toEqual(['a', 'b', 'c', 'a']);
  });

  it('fail nobody’s push in an outage, are not tried at each, and are noted after it', async () => {
    const uses = new CredentialUses(database, () => now, log);
    isAway = true;
    uses.note('a');
    await settled();
    isAway = false;
    uses.note('a');
    await settled();
    expect(written).toEqual([]);
    expect(warned).toEqual([{ err: new Error('away'), lost: 1 }]);
    now = '2026-11-29T12:01:01.000Z';
    uses.note('a');
    await settled();
    expect(written).toEqual([['a']]);
  });

  it('wait for room, at most 10 000 of them', async () => {
    const uses = new CredentialUses(database, () => now, log);
    for (let one = 0; one < 12_000; one++) uses.note(`h${one}`);
    await settled();
    expect(written.flat().length).toBeLessThanOrEqual(10_001);
    uses.note('h11999');
    await settled();
    expect(written.flat()).toContain('h11999');
  });
});
