import { Messages } from './messages';

const encoded = [Uint8Array.of(1, 2, 3), new Uint8Array(0), new Uint8Array(300).fill(7)];

it('fills the room that grpc-js makes for one message with the frames of all', () => {
  const messages = new Messages(encoded);
  const target = Buffer.alloc(messages.byteLength + 5, 0xff);
  messages.copy(target, 5);
  const frames = encoded.flatMap((message) => {
    const header = Buffer.alloc(5);
    header.writeUInt32BE(message.length, 1);
    return [header, message];
  });
  expect(target).toEqual(Buffer.concat(frames));
});

it('refuses any other room', () => {
  const messages = new Messages(encoded);
  expect(() => messages.copy(Buffer.alloc(messages.byteLength), 0)).toThrow('grpc-js');
});
