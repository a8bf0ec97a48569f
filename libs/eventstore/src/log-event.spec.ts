import { Empty, StreamIdentifier, UUID } from '@eventstore/db-client/generated/shared_pb';
import { ReadResp } from '@eventstore/db-client/generated/streams_pb';
import { LogEvent, logMessageOf } from './log-event';

const id = '018f2a4e-7f3c-7a11-8b1d-2f7f7c0a9b10';

function bytesOf(data: string, metadata = '{"actor":"service:test"}', contentType = 'application/json'): Buffer {
  const event = new ReadResp.ReadEvent.RecordedEvent()
    .setId(new UUID().setString(id))
    .setStreamIdentifier(new StreamIdentifier().setStreamName(Buffer.from(`inbox_item-${id}`)))
    .setStreamRevision('300')
    .setPreparePosition('9007199254740991')
    .setCommitPosition('9007199254740991')
    .setCustomMetadata(Buffer.from(metadata))
    .setData(Buffer.from(data));
  event
    .getMetadataMap()
    .set('content-type', contentType)
    .set('created', '17956332001239999')
    .set('type', 'letter.sent');
  const read = new ReadResp.ReadEvent().setEvent(event).setCommitPosition('1');
  return Buffer.from(new ReadResp().setEvent(read).serializeBinary());
}
const eventIn = (bytes: Buffer): LogEvent => {
  const message = logMessageOf(bytes);
  if (!(message instanceof LogEvent)) throw new Error(`not an event: ${message}`);
  return message;
};

describe('a message of a subscription', () => {
  it('is an event as it was written', () => {
    const event = eventIn(bytesOf('{"at":"now","words":"日本"}'));
    expect(event).toMatchObject({ type: 'letter.sent', category: 'inbox_item', id, revision: 300 });
    expect(event.position).toBe(9007199254740991n);
    const recordedAt = '2026-11-25T19:00:00.123Z';
    expect(new Date(event.createdMs).toISOString()).toBe(recordedAt);
    expect(event.read()).toMatchObject({
      event: { type: 'letter.sent', data: { at: 'now', words: '日本' } },
      category: 'inbox_item',
      id,
      streamId: `inbox_item-${id}`,
      revision: 300,
      position: 9007199254740991n,
      eventId: id,
      recordedAt,
      metadata: { actor: 'service:test' },
    });
    expect(event.read()).toBe(event.read());
  });

  it('is nothing to read when it is not ours', () => {
    for (const data of ['', '{', '"text"', 'null']) expect(eventIn(bytesOf(data)).read()).toBeUndefined();
    expect(eventIn(bytesOf('{}', '{}', 'application/octet-stream')).read()).toBeUndefined();
    expect(eventIn(bytesOf('{}', 'odd')).read()?.metadata).toEqual({});
  });

  it('says that the end is reached, or what only the client needs', () => {
    const of = (message: ReadResp) => logMessageOf(Buffer.from(message.serializeBinary()));
    expect(of(new ReadResp().setCaughtUp(new ReadResp.CaughtUp()))).toBe('caught-up');
    expect(of(new ReadResp().setConfirmation(new ReadResp.SubscriptionConfirmation().setSubscriptionId(id)))).toBe(
      'other',
    );
    expect(of(new ReadResp().setEvent(new ReadResp.ReadEvent().setNoPosition(new Empty())))).toBe('other');
  });

  it('is refused when it was cut off', () => {
    const whole = bytesOf('{}');
    expect(() => logMessageOf(whole.subarray(0, whole.length - 3))).toThrow(RangeError);
  });
});
