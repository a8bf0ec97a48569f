import { FramedMessages } from './framed-messages';

const encoded = [Uint8Array.of(1, 2, 3), new Uint8Array(0), new Uint8Array(300).fill(7)];

it('fills the room that grpc-js makes for one message with the frames of all', () => {
  const messages = new FramedMessages(encoded);
  const target = Buffer.alloc(messages.length + 5, 0xff);
  messages.copy(target, 5);
  const frames = encoded.flatMap((message) => {
    const header = Buffer.alloc(5);
    header.writeUInt32BE(message.length, 1);
    return [header, message];
  });
  expect(target).toEqual(Buffer.concat(frames));
});

it('refuses any other room', () => {
  const messages = new FramedMessages(encoded);
  expect(() => messages.copy(Buffer.alloc(messages.length), 0)).toThrow('grpc-js');
});
