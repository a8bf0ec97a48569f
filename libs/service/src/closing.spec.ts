import { Closable, closeAll } from './closing';

describe('closing', () => {
  it('goes backwards, past what fails, and never waits longer than it may', async () => {
    const seen: string[] = [];
    const problems: string[] = [];
    const part = (name: string, close: () => Promise<void> | void): Closable => ({
      name,
      close: () => {
        seen.push(name);
        return close();
      },
    });
    const parts = [
      part('first', () => {}),
      part('hangs', () => new Promise(() => {})),
      part('throws', () => {
        throw new Error('no');
      }),
      part('rejects', () => Promise.reject(new Error('no'))),
      part('last', () => Promise.resolve()),
    ];
    await closeAll(parts, 50, (name) => problems.push(name));
    expect(seen).toEqual(['last', 'rejects', 'throws', 'hangs', 'first']);
    expect(problems).toEqual(expect.arrayContaining(['rejects', 'throws', 'hangs']));
  });
});
