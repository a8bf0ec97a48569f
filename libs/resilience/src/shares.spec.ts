import { Shares } from './shares';

describe('shares of the slots', () => {
  const shares = () => new Shares({ user: 2, server: 3 });

  it('end with what one of each kind may hold, and leave the others theirs', () => {
    const slots = shares();
    const ann = [['user', 'ann']] as const;
    const first = slots.take(ann)!;
    expect(slots.take(ann)).toBeDefined();
    expect(slots.take(ann)).toBeUndefined();
    expect(slots.take([['user', 'ben']])).toBeDefined();
    first();
    first(); // giving back twice frees one slot only
    expect(slots.take(ann)).toBeDefined();
    expect(slots.take(ann)).toBeUndefined();
  });

  it('are taken of all or of none', () => {
    const slots = shares();
    const at = (user: string) =>
      slots.take([
        ['user', user],
        ['server', 's'],
      ]);
    expect([at('a'), at('a'), at('a')].map(Boolean)).toEqual([true, true, false]);
    expect(at('b')).toBeDefined();
    expect(at('c')).toBeUndefined(); // the server has its share
    expect(slots.take([['user', 'c']])).toBeDefined();
  });
});
