import { AppendRuns, type Run } from './append-runs';
import { chainedHash, type CopiedEvent, differenceOf, isCopied, tombstoneRevision } from './copied-event';
import { CopyPlan } from './copy-plan';
import { configuredGroups, groupConfigStream } from './group-config';
import { PositionMap } from './position-map';
import { isSoftDeletion } from './soft-deletion';
import { surveySource } from './source-survey';
import { StreamDigests } from './stream-digests';

let position = 0n;
const event = (streamId: string, revision: number | bigint, more: Partial<CopiedEvent> = {}): CopiedEvent => {
  position += 10n;
  return {
    streamId,
    revision: BigInt(revision),
    id: `${streamId}/${revision}`,
    type: 'noted',
    contentType: 'application/json',
    data: Buffer.from('{}'),
    metadata: new Uint8Array(0),
    position: { commit: position, prepare: position },
    ...more,
  };
};
const deleted = { data: Buffer.from('{"$tb":9223372036854775807}') };
const tombstone = (streamId: string): CopiedEvent => event(streamId, tombstoneRevision, { type: '$streamDeleted' });

async function* inOrder<Item>(items: readonly Item[]): AsyncGenerator<Item> {
  yield* items;
}

async function plan(events: readonly CopiedEvent[]): Promise<string[]> {
  const isLatest = async ({ streamId, revision }: CopiedEvent): Promise<boolean> =>
    !events.some((other) => other.streamId === streamId && other.revision > revision) &&
    !events.some((other) => `$$${other.streamId}` === streamId && other.revision === tombstoneRevision);
  const units: string[] = [];
  for await (const unit of new CopyPlan(inOrder(events), isLatest).units()) {
    units.push(
      unit
        .map(({ streamId, revision }) => `${streamId}@${revision === tombstoneRevision ? 'end' : revision}`)
        .join(' '),
    );
  }
  return units;
}

describe('the plan of a copy', () => {
  it('is the order of the source', async () => {
    expect(await plan([event('a', 0), event('b', 0), event('a', 1)])).toEqual(['a@0', 'b@0', 'a@1']);
  });

  it('keeps a last deletion in its place', async () => {
    expect(await plan([event('a', 0), event('$$a', 0, deleted), event('b', 0)])).toEqual(['a@0', '$$a@0', 'b@0']);
  });

  it('writes an undone deletion together with what undid it', async () => {
    const events = [event('a', 0), event('$$a', 0, deleted), event('b', 0), event('a', 1), event('$$a', 1)];
    expect(await plan(events)).toEqual(['a@0', 'b@0', 'a@1', '$$a@0 $$a@1']);
  });

  it('writes repeated deletions together, and before a tombstone what still waits', async () => {
    const events = [event('a', 0), event('$$a', 0, deleted), event('$$a', 1, deleted), tombstone('a'), event('b', 0)];
    expect(await plan(events)).toEqual(['a@0', '$$a@0 $$a@1', 'a@end', 'b@0']);
  });

  it('says at which events nothing is left behind', async () => {
    const events = [event('a', 0), event('$$a', 0, deleted), event('b', 0), event('$$a', 1), event('c', 0)];
    const copy = new CopyPlan(inOrder(events), async () => false);
    const complete: [string | undefined, boolean][] = [];
    for await (const unit of copy.units()) complete.push([unit.at(-1)?.id, copy.isCompleteUpTo(unit.at(-1)!)]);
    expect(complete).toEqual([
      ['a/0', true],
      ['b/0', false],
      ['$$a/1', true],
      ['c/0', true],
    ]);
  });
});

describe('a soft deletion', () => {
  const isDeletion = (data: string, more: Partial<CopiedEvent> = {}) =>
    isSoftDeletion(event('$$a', 0, { data: Buffer.from(data), ...more }));

  it('is $tb at the largest number, to the digit, in the metadata itself', () => {
    expect(isDeletion('{ "x": {"$tb":1}, "$tb" : 9223372036854775807, "y": {"$tb": 2} }')).toBe(true);
    for (const data of [
      '{"$tb":9223372036854775806}',
      '{"$tb":9223372036854776000}',
      '{"$tb":"9223372036854775807"}',
      '{"x":{"$tb":9223372036854775807}}',
      '[1]',
      'null',
      '',
    ]) {
      expect([data, isDeletion(data)]).toEqual([data, false]);
    }
    expect(isDeletion('{"$tb":9223372036854775807}', { contentType: 'application/octet-stream' })).toBe(false);
    expect(isDeletion('{"$tb":9223372036854775807}', { streamId: 'a' })).toBe(false);
  });
});

describe('runs of appends', () => {
  const runsOf = (units: readonly CopiedEvent[][]): string[] => {
    const runs = new AppendRuns();
    const all = [...units.map((unit) => runs.add(unit)), runs.end()].filter((run): run is Run => run !== undefined);
    return all.map((run) => run.map(({ id }) => id).join(' '));
  };

  it('join consecutive units of one stream and nothing else', () => {
    expect(runsOf([[event('a', 0)], [event('a', 1)], [event('b', 0)], [event('a', 2)]])).toEqual([
      'a/0 a/1',
      'b/0',
      'a/2',
    ]);
  });

  it('end before half a mebibyte, never inside a unit, and leave a tombstone alone', () => {
    const large = { data: Buffer.alloc(400_000) };
    expect(runsOf([[event('a', 0, large)], [event('a', 1, large), event('a', 2, large)]])).toEqual(['a/0', 'a/1 a/2']);
    expect(runsOf([[event('a', 0)], [tombstone('a')]])).toEqual(['a/0', `a/${tombstoneRevision}`]);
  });
});

describe('a copied event', () => {
  it('is one of the users streams or their metadata', () => {
    expect(['a', '$$a', 'a$', '$a', '$$$a', '$persistentSubscriptionConfig'].map(isCopied)).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
    ]);
  });

  it.each(['streamId', 'type', 'id', 'contentType'] as const)('differs when its %s does', (member) => {
    const original = event('a', 0);
    expect(differenceOf(original, original)).toBeUndefined();
    expect(differenceOf(original, { ...original, [member]: 'other' })).toBeDefined();
  });

  it('hashes so that no byte can move from one part to the next', () => {
    const parts = (data: string, metadata: string) =>
      Buffer.from(
        chainedHash(new Uint8Array(0), { ...event('a', 0), data: Buffer.from(data), metadata: Buffer.from(metadata) }),
      ).toString('hex');
    expect(new Set([parts('ab', ''), parts('a', 'b'), parts('', 'ab'), parts('ba', '')]).size).toBe(4);
  });
});

describe('the survey of a source', () => {
  const survey = async (events: readonly CopiedEvent[]) => {
    const digests = new StreamDigests();
    try {
      return await surveySource(inOrder(events), digests, () => undefined);
    } finally {
      digests.close();
    }
  };

  it('counts what is copied and what is not', async () => {
    expect(await survey([event('$a', 0), event('a', 0), event('$$a', 0), tombstone('b')])).toMatchObject({
      events: 3,
      systemEvents: 1,
    });
  });

  it.each([
    ['in the middle', [event('a', 0), event('a', 2)], 'event 2 of a follows where event 1 belongs'],
    ['at the beginning', [event('a', 3)], 'event 3 of a follows where event 0 belongs'],
    ['in metadata', [event('$$a', 1)], 'event 1 of $$a follows where event 0 belongs'],
  ])('refuses a gap %s', async (_where, events, message) => {
    await expect(survey(events)).rejects.toMatchObject({ kind: 'refused', code: 'migrate.scavenged' });
    await expect(survey(events)).rejects.toThrow(message);
  });
});

describe('stream digests', () => {
  it('find streams that differ, also beyond what is held in memory', () => {
    const digests = new StreamDigests();
    const count = 25_000;
    for (const side of ['source', 'target'] as const) {
      for (let n = 0; n < count; n += 1)
        digests.add(side, event(`s-${n}`, 0, { id: side === 'target' && n === 4_321 ? 'other' : 'same' }));
    }
    digests.add('source', event('s-1', 1));
    digests.add('target', event('more', 0));
    expect(digests.streams('source')).toBe(count);
    expect(digests.differences(10)).toEqual([
      { streamId: 'more', sourceCount: 0, targetCount: 1 },
      { streamId: 's-1', sourceCount: 2, targetCount: 1 },
      { streamId: 's-4321', sourceCount: 1, targetCount: 1 },
    ]);
    digests.close();
  });
});

describe('a map of positions', () => {
  const at = (commit: bigint) => ({ commit, prepare: commit });

  it('gives the last event before everything beyond the place', () => {
    const map = new PositionMap([at(25n), at(5n), at(20n), at(99n)]);
    for (const [source, target] of [
      [10n, 1n],
      [20n, 2n],
      [30n, 3n],
    ] as const)
      map.pass(at(source), at(target));
    expect([5n, 20n, 25n, 99n].map((place) => map.targetOf(at(place))?.commit)).toEqual([undefined, 2n, 2n, 3n]);
  });

  it('rather goes back than leaves out, where the order of the target is another', () => {
    const map = new PositionMap([at(20n)]);
    for (const [source, target] of [
      [10n, 1n],
      [30n, 2n],
      [20n, 3n],
    ] as const)
      map.pass(at(source), at(target));
    expect(map.targetOf(at(20n))).toEqual(at(1n));
  });
});

describe('the groups in a configuration', () => {
  const groups = (entries: unknown[]) =>
    configuredGroups({ streamId: groupConfigStream, data: Buffer.from(JSON.stringify({ version: '2', entries })) });

  it('are read as EventStoreDB writes them and as the embedded store does', () => {
    const base = { stream: '$all', group: 'g' };
    expect(
      groups([
        { ...base, filter: { context: 'streamid', type: 'prefix', data: 'a-,b-', isAllStream: true } },
        { ...base, filter: { context: 'eventtype', type: 'regex', data: '^x' } },
        { ...base, filter: { context: 'stream-name', prefixes: ['a-'], window: 32, multiplier: 2 } },
        { ...base, filter: { context: 'event-type', regex: '^x', window: 32, multiplier: 1 } },
        base,
      ]).map(({ filter }) => filter),
    ).toEqual([
      { filterOn: 'streamName', prefixes: ['a-', 'b-'], checkpointInterval: 1 },
      { filterOn: 'eventType', regex: '^x', checkpointInterval: 1 },
      { filterOn: 'streamName', prefixes: ['a-'], checkpointInterval: 2, maxSearchWindow: 32 },
      { filterOn: 'eventType', regex: '^x', checkpointInterval: 1, maxSearchWindow: 32 },
      undefined,
    ]);
  });

  it('are none in anything else, and a filter that cannot be read is not passed over', () => {
    expect(configuredGroups({ streamId: 'a', data: Buffer.from('{"entries":[{}]}') })).toEqual([]);
    expect(configuredGroups({ streamId: groupConfigStream, data: Buffer.from('no JSON') })).toEqual([]);
    expect(() => groups([{ stream: '$all', group: 'g', filter: { context: 'streamid' } }])).toThrow(
      'cannot be understood',
    );
  });
});
