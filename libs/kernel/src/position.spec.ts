import { parsePosition, positionToken } from './position';

describe('a position token', () => {
  it('reads back what it was made of', () => {
    expect(parsePosition(positionToken(8123n, 'binding_request'))).toEqual({
      position: 8123n,
      category: 'binding_request',
    });
  });

  it.each(['', '8123', '-1-binding', '8123-', '8123-Binding', '8123-binding-x', '9999999999999999999-binding', '1 -a'])(
    'refuses %j',
    (token) => {
      expect(() => parsePosition(token)).toThrow('not one of ours');
    },
  );
});
