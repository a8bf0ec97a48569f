import { stepContext } from './command-context';
import { reactionContext } from './reaction-context';
import { RecordedEvent } from './recorded-event';
import { parseStreamName, streamName } from './stream-name';
import { applyEvents, emptyStream } from './stream-state';

describe('a stream name', () => {
  const id = '01890a5d-ac96-774b-bcce-b302099a8057';
  it('is the category and the id, and comes apart again', () => {
    expect(streamName('inbox_item', id)).toBe(`inbox_item-${id}`);
    expect(parseStreamName(`inbox_item-${id}`)).toEqual({ category: 'inbox_item', id });
    expect(parseStreamName('$metadata')).toEqual({ category: '$metadata', id: '' });
  });

  it.each(['', '../x', id.toUpperCase(), `${id}\n`])('takes no id like %j', (bad) => {
    expect(() => streamName('binding', bad)).toThrow(TypeError);
  });
});

describe('folding', () => {
  const step = (revision: number, commandId: string) => ({
    event: { type: 'a.b', data: {} },
    revision,
    position: BigInt(revision),
    metadata: { commandId },
  });

  it('remembers the latest 32 commands, counts their events and keeps the first', () => {
    const steps = Array.from({ length: 40 }, (_, n) => [step(2 * n, `c${n}`), step(2 * n + 1, `c${n}`)]).flat();
    const folded = applyEvents(emptyStream(0), steps, (sum) => sum + 1);
    expect(folded).toMatchObject({ state: 80, revision: 79, position: 79n, first: { commandId: 'c0' } });
    expect([...folded.commands.keys()]).toEqual(Array.from({ length: 32 }, (_, n) => `c${n + 8}`));
    expect(folded.commands.get('c39')).toEqual({ requestHash: undefined, events: 2, lastRevision: 79 });
  });

  it('leaves what it began with as it was', () => {
    const before = applyEvents(emptyStream(0), [step(0, 'a')], (sum) => sum + 1);
    applyEvents(before, [step(1, 'b')], (sum) => sum + 1);
    expect(before).toMatchObject({ state: 1, revision: 0 });
    expect([...before.commands.keys()]).toEqual(['a']);
  });
});

describe('a step of a command', () => {
  it('has an id of its own, the same each time', () => {
    const context = {
      commandId: '01890a5d-ac96-774b-bcce-b302099a8057',
      actor: 'anonymous',
      requestId: 'r',
      correlationId: 'r',
    };
    const first = stepContext(context, 'first');
    expect(first.commandId).not.toBe(context.commandId);
    expect(stepContext(context, 'first')).toEqual(first);
    expect(stepContext(context, 'second').commandId).not.toBe(first.commandId);
  });
});

describe('the context of a reaction', () => {
  const eventId = '01890a5d-ac96-774b-bcce-b302099a8057';
  const recorded = (metadata: object): RecordedEvent => ({
    event: { type: 'a.b', data: {} },
    category: 'a',
    id: eventId,
    streamId: `a-${eventId}`,
    revision: 0,
    position: 0n,
    eventId,
    recordedAt: '2026-11-28T09:00:00.000Z',
    metadata,
  });
  const same = { commandId: eventId, actor: 'service:auth', causationId: eventId };

  it('goes on under the request, correlation and trace of its cause', () => {
    const metadata = { requestId: 'r', $correlationId: 'c', traceparent: 't', actor: 'user:u', commandId: 'x' };
    expect(reactionContext(recorded(metadata), 'auth')).toEqual({
      ...same,
      requestId: 'r',
      correlationId: 'c',
      traceparent: 't',
    });
  });

  it('begins with the event, where its cause says nothing', () =>
    expect(reactionContext(recorded({}), 'auth')).toEqual({ ...same, requestId: eventId, correlationId: eventId }));
});
