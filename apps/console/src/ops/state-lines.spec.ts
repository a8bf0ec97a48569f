import { stateLines } from './state-lines';

describe('the lines of a state', () => {
  it('are its values by their place, beside what they were', () =>
    expect(
      stateLines(
        { is: 'active', level: 'strong', tries: [{ kind: 'bark' }, { kind: 'email' }], muted: null },
        { is: 'active', level: 'weak', tries: [{ kind: 'bark' }], muted: null, channels: [] },
      ),
    ).toEqual([
      { path: 'is', value: '"active"' },
      { path: 'level', value: '"weak"', was: '"strong"' },
      { path: 'tries.0.kind', value: '"bark"' },
      { path: 'muted', value: 'null' },
      { path: 'channels', value: '[]', was: null },
      { path: 'tries.1.kind', was: '"email"' },
    ]));

  it('are none of an empty state', () => expect(stateLines({}, {})).toEqual([]));
});
