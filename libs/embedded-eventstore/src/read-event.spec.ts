import { ReadResp as GroupReadResp } from '@eventstore/db-client/generated/persistent_pb';
import { ReadResp } from '@eventstore/db-client/generated/streams_pb';
import fc from 'fast-check';
import { createdTicks, readUuid, streamName, type UuidForm } from './codec';
import { type LogEvent, MAX64 } from './event-log';
import { groupReadEvent, readEvent } from './read-event';

const events: fc.Arbitrary<LogEvent> = fc.record({
  position: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
  streamId: fc.string({ unit: 'grapheme', minLength: 1 }),
  revision: fc.oneof(fc.constantFrom(0n, MAX64), fc.bigInt({ min: 0n, max: 2n ** 53n })),
  id: fc.uuid(),
  type: fc.string({ unit: 'grapheme', minLength: 1 }),
  isJson: fc.boolean(),
  createdMs: fc.integer({ min: 0, max: 4_102_444_800_000 }),
  data: fc.uint8Array({ maxLength: 2_000 }),
  metadata: fc.uint8Array(),
});
const forms = fc.constantFrom<UuidForm>('string', 'structured');

/** What the generated code reads of an event. */
function decoded(message: ReadResp.ReadEvent.RecordedEvent | GroupReadResp.ReadEvent.RecordedEvent | undefined) {
  if (message === undefined) return undefined;
  return {
    streamId: streamName(message.getStreamIdentifier()),
    revision: BigInt(message.getStreamRevision()),
    id: readUuid(message.getId()),
    structured: message.getId()?.hasStructured(),
    prepare: message.getPreparePosition(),
    commit: message.getCommitPosition(),
    properties: new Map(message.getMetadataMap().toArray()),
    data: new Uint8Array(message.getData_asU8()),
    metadata: new Uint8Array(message.getCustomMetadata_asU8()),
  };
}

function expected(event: LogEvent | undefined, form: UuidForm, position = event?.position) {
  if (event === undefined) return undefined;
  return {
    streamId: event.streamId,
    revision: event.revision,
    id: event.id,
    structured: form === 'structured',
    prepare: String(position),
    commit: String(position),
    properties: new Map([
      ['type', event.type],
      ['created', createdTicks(event.createdMs)],
      ['content-type', event.isJson ? 'application/json' : 'application/octet-stream'],
    ]),
    data: event.data,
    metadata: event.metadata,
  };
}

describe('an encoded event', () => {
  it('is what the generated code reads as that event, however often it is sent', () => {
    fc.assert(
      fc.property(
        events,
        fc.option(events, { nil: undefined }),
        fc.array(forms, { minLength: 1 }),
        (event, link, all) => {
          for (const form of all) {
            const message = ReadResp.deserializeBinary(readEvent({ event, ...(link && { link }) }, form)).getEvent();
            expect(decoded(message?.getEvent())).toEqual(expected(event, form));
            expect(decoded(message?.getLink())).toEqual(expected(link, form));
            expect(message?.getCommitPosition()).toBe(String((link ?? event).position));
            expect(message?.hasNoPosition()).toBe(false);
          }
        },
      ),
    );
  });

  it('has the position of the original, and its retries, for a group', () => {
    fc.assert(
      fc.property(events, fc.option(events, { nil: undefined }), forms, fc.nat(), (event, link, form, retries) => {
        const bytes = groupReadEvent({ event, ...(link && { link }) }, form, retries);
        const message = GroupReadResp.deserializeBinary(bytes).getEvent();
        const { position } = link ?? event;
        expect(decoded(message?.getEvent())).toEqual(expected(event, form, position));
        expect(decoded(message?.getLink())).toEqual(expected(link, form, position));
        expect(message?.getCommitPosition()).toBe(String(position));
        expect(message?.getRetryCount()).toBe(retries);
        expect(message?.hasNoRetryCount()).toBe(false);
      }),
    );
  });
});
