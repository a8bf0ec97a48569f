import { Decider, DomainEvent, HarkError } from '@hark/kernel';
import { specFor } from './spec-for';

type Lit = DomainEvent<'lamp.lit', { at: string }>;
type Lamp = { readonly lit: boolean; readonly seen: readonly string[] };
type Light = { type: 'Light'; at: string };

const lamp: Decider<Lamp, Light, Lit> = {
  initial: { lit: false, seen: [] },
  decide: ({ at }, { lit }) => {
    if (at === 'never') throw new HarkError('refused', 'lamp.broken', 'it is broken');
    return lit ? [] : [{ type: 'lamp.lit', data: { at } }];
  },
  evolve: ({ seen }, { data }) => ({ lit: true, seen: [...seen, data.at] }),
};
const lit: Lit = { type: 'lamp.lit', data: { at: 'now' } };
const light: Light = { type: 'Light', at: 'now' };
const unused = (): never => {
  throw new Error('not reached');
};

describe('given, when, then', () => {
  it('holds for a decider that keeps its promises', () => {
    specFor(lamp).when(light).then(lit);
    specFor(lamp).given(lit).when(light).thenNothing();
    specFor(lamp).given(lit).when({ type: 'Light', at: 'never' }).thenRefused('lamp.broken');
  });

  it.each<[string, () => void]>([
    [
      'other events',
      () =>
        specFor(lamp)
          .when(light)
          .then({ type: 'lamp.lit', data: { at: 'later' } }),
    ],
    ['no events', () => specFor(lamp).given(lit).when(light).then(lit)],
    ['some events', () => specFor(lamp).when(light).thenNothing()],
    ['no refusal', () => specFor(lamp).when(light).thenRefused('lamp.broken')],
    ['another refusal', () => specFor(lamp).when({ type: 'Light', at: 'never' }).thenRefused('lamp.gone')],
    [
      'a second effect of a repeat',
      () =>
        specFor({ ...lamp, evolve: (state) => state })
          .when(light)
          .then(lit),
    ],
    [
      'a thrown error that is not a HarkError',
      () =>
        specFor({ ...lamp, decide: unused })
          .when(light)
          .thenRefused('lamp.broken'),
    ],
    [
      'a state that is written to',
      () =>
        specFor({ ...lamp, evolve: (state) => Object.assign(state, { lit: true }) })
          .given(lit)
          .when(light)
          .thenNothing(),
    ],
    [
      'a Date in an event',
      () =>
        specFor<Lamp, Light, DomainEvent>({
          ...lamp,
          decide: (_, state) => (state.lit ? [] : [{ type: 'lamp.lit', data: { at: new Date(0) } }]),
          evolve: () => ({ lit: true, seen: [] }),
        })
          .when(light)
          .then({ type: 'lamp.lit', data: { at: new Date(0) } }),
    ],
  ])('fails on %s', (_, spec) => expect(spec).toThrow());

  it('takes only the commands and events of its decider', () => {
    // @ts-expect-error: an event of another decider
    void (() => specFor(lamp).given({ type: 'lamp.broken', data: {} }));
    // @ts-expect-error: a command of another decider
    void (() => specFor(lamp).when({ type: 'Break' }));
    // @ts-expect-error: `then` without events would say nothing; that is thenNothing
    void (() => specFor(lamp).when(light).then());
  });
});
