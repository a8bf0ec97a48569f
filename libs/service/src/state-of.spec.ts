import { mask } from './masked';
import { foldedBy, shownState } from './state-of';

const counted = foldedBy<{ readonly sum: number }, { type: 'added'; data: { by: number } }>({
  initial: { sum: 0 },
  evolve: ({ sum }, { data: { by } }) => ({ sum: sum + by }),
});
const added = (by: number) => ({ type: 'added', data: { by } });

describe('the state of a stream', () => {
  it('is what its events add up to, before the last one and after it', () => {
    expect(counted([])).toEqual([{ sum: 0 }, { sum: 0 }]);
    expect(counted([added(2)])).toEqual([{ sum: 0 }, { sum: 2 }]);
    expect(counted([added(2), added(3)])).toEqual([{ sum: 2 }, { sum: 5 }]);
  });

  it('is shown as plain JSON, masked, without what is not there', () =>
    expect(
      shownState({
        is: 'active',
        openid: 'ann',
        sealed: 'v1.a.b',
        muted: undefined,
        tries: new Map([['bark', { count: 2n }]]),
        kinds: new Set(['email']),
      }),
    ).toEqual({ is: 'active', openid: mask, sealed: mask, tries: { bark: { count: 2 } }, kinds: ['email'] }));

  it('is cut where it is long, the latest kept, and a list is named', () => {
    const long = Array.from({ length: 101 }, (_, at) => at);
    expect(shownState(long)).toEqual({ items: long.slice(1) });
    expect(shownState({ long })).toEqual({ long: long.slice(1) });
  });
});
