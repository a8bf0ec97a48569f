import { randomUUID } from 'node:crypto';
import { BACKWARDS, binaryEvent, END, jsonEvent, type ResolvedEvent, START } from '@eventstore/db-client';
import { collect, describeEmbedded, newEvents, useStore } from '../store.fixture';

const store = useStore();
const max64 = 9_223_372_036_854_775_807n;
/** A category, or a type, nobody else uses. */
const newName = (): string => `p${randomUUID().replaceAll('-', '')}`;

/** What a link says, and what it leads to when it was followed. */
const textOf = ({ link, event }: ResolvedEvent): string => Buffer.from((link ?? event)?.data as Uint8Array).toString();
const metadataOf = ({ link, event }: ResolvedEvent): unknown => (link ?? event)?.metadata;

const links = async (stream: string): Promise<string[]> => (await collect(store.client.readStream(stream))).map(textOf);

describeEmbedded('the streams of $by_category and $by_event_type', () => {
  it('link to the events of a category in the order of the log', async () => {
    const category = newName();
    await store.client.appendToStream(`${category}-a-1`, newEvents(2));
    await store.client.appendToStream(`${category}-b`, newEvents(1));
    await store.client.appendToStream(category, newEvents(1));
    await store.client.appendToStream(`${category}-a-1`, newEvents(1));
    expect(await links(`$ce-${category}`)).toEqual([
      `0@${category}-a-1`,
      `1@${category}-a-1`,
      `0@${category}-b`,
      `2@${category}-a-1`,
    ]);
  });

  it('link to the events of a type, whatever their stream', async () => {
    const [type, other, one] = [newName(), newName(), newName()];
    await store.client.appendToStream(other, [...newEvents(1, type), ...newEvents(1, `${type}x`)]);
    await store.client.appendToStream(`${one}-1`, newEvents(2, type));
    expect(await links(`$et-${type}`)).toEqual([`0@${other}`, `0@${one}-1`, `1@${one}-1`]);
  });

  it('hold links of their own, numbered without gaps, with the position and time of their targets', async () => {
    const category = newName();
    const written = jsonEvent({ type: 'told', data: {} });
    const { position } = await store.client.appendToStream(`${category}-1`, written);
    const [target] = await collect(store.client.readStream(`${category}-1`));
    const [first, ...more] = await collect(store.client.readStream(`$ce-${category}`));
    expect(more).toEqual([]);
    expect(first?.link).toBeUndefined();
    expect(first?.event).toMatchObject({
      streamId: `$ce-${category}`,
      revision: 0n,
      type: '$>',
      isJson: false,
      created: target?.event?.created,
      position,
    });
    expect(first?.commitPosition).toBe(position?.commit);
    expect(first?.event?.metadata).toEqual({
      $v: expect.stringMatching(/^\d+:-?\d+:\d+:\d+$/) as string,
      $c: Number(position?.commit),
      $p: Number(position?.prepare),
      $o: `${category}-1`,
      $causedBy: written.id,
    });
    const [again] = await collect(store.client.readStream(`$ce-${category}`));
    expect(again?.event?.id).toBe(first?.event?.id);
    const [byType] = await collect(store.client.readStream('$et-told', { direction: BACKWARDS, maxCount: 1 }));
    expect(byType?.event?.id).not.toBe(first?.event?.id);
    expect(byType?.event?.metadata).not.toHaveProperty('$o');
  });

  it('are not found while nothing is in them', async () => {
    for (const stream of [`$ce-${newName()}`, `$et-${newName()}`, '$ce-', '$et-']) {
      await expect(links(stream)).rejects.toMatchObject({ type: 'stream-not-found', streamName: stream });
    }
  });

  it('leave out streams without a category, system streams and links where types are counted', async () => {
    const name = newName();
    const system = `$${name}-1`;
    await store.client.appendToStream(`-${name}`, newEvents(1));
    await store.client.appendToStream(system, newEvents(1, name));
    await store.client.appendToStream(newName(), binaryEvent({ type: '$>', data: Buffer.from(`0@${system}`) }));
    for (const stream of ['$ce-', `$ce-$${name}`, `$et-${name}`, '$et-$>']) {
      await expect(links(stream)).rejects.toMatchObject({ type: 'stream-not-found' });
    }
  });

  it('are no events of the log', async () => {
    const category = newName();
    const { position } = await store.client.appendToStream(`${category}-1`, newEvents(2, category));
    expect(await links(`$ce-${category}`)).toHaveLength(2);
    expect(await links(`$et-${category}`)).toHaveLength(2);
    const fromPosition = position ?? START;
    const events = await collect(store.client.readAll({ fromPosition }));
    expect(events.map(({ event }) => [event?.streamId, event?.revision])).toEqual([[`${category}-1`, 1n]]);
  });

  it('take names as they are', async () => {
    const name = newName();
    const type = `Größe "1"\n- 50 % @ ${name}`;
    const odd = [`${name}Ü"\\\n@-1`, `${name}Ü"\\\n@-🙂-2`];
    for (const stream of odd) await store.client.appendToStream(stream, newEvents(1, type));
    const resolved = await collect(store.client.readStream(`$ce-${name}Ü"\\\n@`, { resolveLinkTos: true }));
    expect(resolved.map(({ event }) => event?.streamId)).toEqual(odd);
    expect(resolved.map(metadataOf)).toMatchObject(odd.map(($o) => ({ $o })));
    expect(await links(`$et-${type}`)).toEqual(odd.map((stream) => `0@${stream}`));
  });
});

describeEmbedded('deletions', () => {
  it('link a soft deletion to the metadata that made it', async () => {
    const category = newName();
    const stream = `${category}-1`;
    await store.client.appendToStream(stream, newEvents(2));
    await store.client.setStreamMetadata(stream, { maxCount: 10 });
    await store.client.deleteStream(stream);
    const events = await collect(store.client.readStream(`$ce-${category}`));
    expect(events.map(textOf)).toEqual([`0@${stream}`, `1@${stream}`, `1@$$${stream}`]);
    expect(events.map(metadataOf)[2]).toMatchObject({ $o: stream, $deleted: -1 });
    expect(events.map(metadataOf)[1]).not.toHaveProperty('$deleted');
  });

  it('link a tombstone by its number', async () => {
    const category = newName();
    const stream = `${category}-1`;
    await store.client.appendToStream(stream, newEvents(1));
    await store.client.tombstoneStream(stream);
    const events = await collect(store.client.readStream(`$ce-${category}`));
    expect(events.map(textOf)).toEqual([`0@${stream}`, `${max64}@${stream}`]);
    expect(events.map(metadataOf)[1]).toMatchObject({ $o: stream, $deleted: -1 });
  });

  it('are of type $deleted, and only of that', async () => {
    const streams = [newName(), newName()] as const;
    for (const stream of streams) await store.client.appendToStream(stream, newEvents(1));
    await store.client.setStreamMetadata(streams[0], { maxCount: 3 });
    await store.client.deleteStream(streams[0]);
    await store.client.tombstoneStream(streams[1]);
    const of = (events: ResolvedEvent[]) =>
      events.filter((event) => streams.some((name) => textOf(event).endsWith(name)));
    const deleted = of(await collect(store.client.readStream('$et-$deleted')));
    expect(deleted.map(textOf)).toEqual([`1@${streams[0]}`, `${max64}@${streams[1]}`]);
    expect(deleted.map(metadataOf)).toEqual([
      expect.objectContaining({ $deleted: -1 }),
      expect.objectContaining({ $deleted: -1 }),
    ]);
    expect(of(await collect(store.client.readStream('$et-$metadata'))).map(textOf)).toEqual([`0@${streams[0]}`]);
    await expect(links('$et-$streamDeleted')).rejects.toMatchObject({ type: 'stream-not-found' });
  });

  it('leave links whose targets are gone', async () => {
    const category = newName();
    const [gone, cut, buried] = [`${category}-gone`, `${category}-cut`, `${category}-buried`] as const;
    for (const stream of [gone, cut, buried]) await store.client.appendToStream(stream, newEvents(2));
    await store.client.setStreamMetadata(cut, { truncateBefore: 1 });
    await store.client.tombstoneStream(buried);
    await store.client.deleteStream(gone);
    const resolved = await collect(store.client.readStream(`$ce-${category}`, { resolveLinkTos: true }));
    expect(resolved.map((event) => [textOf(event), event.event?.streamId])).toEqual([
      [`0@${gone}`, undefined],
      [`1@${gone}`, undefined],
      [`0@${cut}`, undefined],
      [`1@${cut}`, cut],
      [`0@${buried}`, undefined],
      [`1@${buried}`, undefined],
      [`${max64}@${buried}`, undefined],
      [`0@$$${gone}`, `$$${gone}`],
    ]);
  });
});

describeEmbedded('reading them', () => {
  it('follows links when asked to', async () => {
    const category = newName();
    const stream = `${category}-1`;
    await store.client.appendToStream(stream, newEvents(3));
    const resolved = await collect(store.client.readStream(`$ce-${category}`, { resolveLinkTos: true }));
    expect(resolved.map(({ event, link }) => [event?.streamId, event?.data, link?.streamId, link?.revision])).toEqual(
      [0, 1, 2].map((n) => [stream, { n }, `$ce-${category}`, BigInt(n)]),
    );
  });

  it('links a link of a user to what that leads to', async () => {
    const category = newName();
    const [source, curated] = [newName(), `${category}-curated`] as const;
    await store.client.appendToStream(source, newEvents(1, 'original'));
    await store.client.appendToStream(curated, binaryEvent({ type: '$>', data: Buffer.from(`0@${source}`) }));
    const [resolved] = await collect(store.client.readStream(`$ce-${category}`, { resolveLinkTos: true }));
    expect(resolved?.event).toMatchObject({ streamId: source, type: 'original' });
    expect(resolved && textOf(resolved)).toBe(`0@${source}`);
    expect(resolved && metadataOf(resolved)).toMatchObject({ $o: curated });
  });

  it('goes both ways from anywhere, more than one page', async () => {
    const category = newName();
    const count = 600;
    await store.client.appendToStream(`${category}-1`, newEvents(count));
    const numbers = async (options: object) =>
      (await collect(store.client.readStream(`$ce-${category}`, options))).map(({ event }) => Number(event?.revision));
    const all = Array.from({ length: count }, (_, n) => n);
    expect(await numbers({ fromRevision: START })).toEqual(all);
    expect(await numbers({ direction: BACKWARDS, fromRevision: END })).toEqual(all.toReversed());
    expect(await numbers({ fromRevision: 590n, maxCount: 3 })).toEqual([590, 591, 592]);
    expect(await numbers({ fromRevision: 600n })).toEqual([]);
    expect(await numbers({ direction: BACKWARDS, fromRevision: 2n })).toEqual([2, 1, 0]);
    expect(await numbers({ direction: BACKWARDS, fromRevision: 10_000n, maxCount: 2 })).toEqual([599, 598]);
  });

  it('hides what their own metadata hides', async () => {
    const category = newName();
    const stream = `$ce-${category}`;
    await store.client.appendToStream(`${category}-1`, newEvents(5));
    await store.client.setStreamMetadata(stream, { maxCount: 2 });
    expect(await links(stream)).toEqual([`3@${category}-1`, `4@${category}-1`]);
    await store.client.setStreamMetadata(stream, { truncateBefore: 4 });
    expect(await links(stream)).toEqual([`4@${category}-1`]);
    expect((await store.client.getStreamMetadata(stream)).metadata).toEqual({ truncateBefore: 4 });
    await store.client.setStreamMetadata(stream, {});
    expect(await links(stream)).toHaveLength(5);
  });
});

describeEmbedded('writing to them', () => {
  const denied = expect.objectContaining({ type: 'access-denied', code: 7 }) as unknown;
  const plain = { credentials: { username: 'a', password: 'b' } };

  it.each(['$ce-', '$et-'])('is denied, and nothing is stored: %s', async (prefix) => {
    const name = newName();
    const stream = `${prefix}${name}`;
    const before = await collect(store.client.readAll({ direction: BACKWARDS, maxCount: 1 }));
    await expect(store.client.appendToStream(stream, newEvents(1))).rejects.toMatchObject({ type: 'access-denied' });
    await expect(store.client.appendToStream(stream, newEvents(1), plain)).rejects.toEqual(denied);
    await expect(store.client.deleteStream(stream)).rejects.toEqual(denied);
    await expect(store.client.tombstoneStream(stream)).rejects.toEqual(denied);
    expect(await collect(store.client.readAll({ direction: BACKWARDS, maxCount: 1 }))).toEqual(before);
    // The connection that was refused goes on working.
    await store.client.appendToStream(`${name}-1`, newEvents(1, name));
    expect(await links(stream)).toEqual([`0@${name}-1`]);
  });
});
