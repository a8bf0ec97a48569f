import { AllStreamPosition, StreamIdentifier, UUID } from '@eventstore/db-client/generated/shared_pb';
import { Status } from '@eventstore/db-client/generated/status_pb';
import { BatchAppendReq, BatchAppendResp } from '@eventstore/db-client/generated/streams_pb';
import { Any } from 'google-protobuf/google/protobuf/any_pb';
import { appendAnswerOf, appendRequest } from './append-messages';

const id = '01936f00-0000-7000-8000-000000000001';
const event = (n: number) => ({
  id: `01936f00-0000-7000-8000-00000000001${n}`,
  type: 'note.gelöscht',
  data: Buffer.from(`{"n":${n}}`),
  metadata: Buffer.from('{}'),
});

describe('the messages of appends', () => {
  const read = (...given: Parameters<typeof appendRequest>) =>
    BatchAppendReq.deserializeBinary(appendRequest(...given));

  it('say all that the generated code reads of them', () => {
    const read1 = read(id, 'note-ü', 0, [event(1), event(2)], 1_795_000_000_250);
    expect(read1.getCorrelationId()!.getString()).toBe(id);
    expect(read1.getIsFinal()).toBe(true);
    const options = read1.getOptions()!;
    expect(Buffer.from(options.getStreamIdentifier()!.getStreamName_asU8()).toString()).toBe('note-ü');
    expect(options.getExpectedStreamPositionCase()).toBe(
      BatchAppendReq.Options.ExpectedStreamPositionCase.STREAM_POSITION,
    );
    expect(options.getStreamPosition()).toBe('0');
    expect(options.getDeadline()!.toDate().getTime()).toBe(1_795_000_000_250);
    const proposed = read1.getProposedMessagesList().map((one) => ({
      id: one.getId()!.getString(),
      properties: one.getMetadataMap().toObject(),
      data: Buffer.from(one.getData_asU8()).toString(),
      metadata: Buffer.from(one.getCustomMetadata_asU8()).toString(),
    }));
    const properties = [
      ['content-type', 'application/json'],
      ['type', 'note.gelöscht'],
    ];
    expect(proposed).toEqual([
      { id: event(1).id, properties, data: '{"n":1}', metadata: '{}' },
      { id: event(2).id, properties, data: '{"n":2}', metadata: '{}' },
    ]);
    const far = read(id, 's', 2 ** 40, [event(1)], 0).getOptions()!;
    expect(far.getStreamPosition()).toBe(String(2 ** 40));
    expect(
      read(id, 's', 'no-stream', [event(1)], 0)
        .getOptions()!
        .hasNoStream(),
    ).toBe(true);
  });

  const answer = (write: (answer: BatchAppendResp) => void) => {
    const message = new BatchAppendResp().setCorrelationId(new UUID().setString(id));
    write(message.setStreamIdentifier(new StreamIdentifier().setStreamName(Buffer.from('s'))));
    return appendAnswerOf(Buffer.from(message.serializeBinary()));
  };

  it.each([
    [0, 0],
    [7, 2 ** 45],
  ])('are read: appended as revision %d at %d', (revision, position) => {
    const at = new AllStreamPosition().setCommitPosition(String(position)).setPreparePosition(String(position));
    const success = new BatchAppendResp.Success().setCurrentRevision(String(revision)).setPosition(at);
    expect(answer((message) => message.setSuccess(success))).toEqual({
      id,
      outcome: { revision, position: BigInt(position) },
    });
  });

  it('are read: refused, with or without a reason', () => {
    const details = new Any();
    details.pack(new Uint8Array(0), 'event_store.client.WrongExpectedVersion');
    const error = new Status().setCode(6).setDetails(details);
    expect(answer((message) => message.setError(error))).toMatchObject({
      id,
      outcome: { code: 'eventstore.lost-race' },
    });
    expect(answer(() => undefined)).toMatchObject({ id, outcome: { code: 'eventstore.failed' } });
  });
});
