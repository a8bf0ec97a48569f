import { DomainEvent } from '@hark/kernel';
import { FoldProjection } from '@hark/readmodel';
import { stream } from './given-stream';
import { projectionSpec } from './projection-spec';

type Lit = DomainEvent<'lamp.lit', { at: string }>;
type Gone = DomainEvent<'lamp.gone', object>;
interface LampRow {
  lamp_id: string;
  lit: number;
  place: string;
}

const lamps: FoldProjection<LampRow, Lit | Gone> = {
  name: 'test.lamps.v1',
  table: 'test.lamps',
  key: ['lamp_id'],
  categories: ['lamp'],
  keyOf: ({ id }) => ({ lamp_id: id }),
  evolve: (row, { event, id, position }) =>
    event.type === 'lamp.gone' ? undefined : { lamp_id: id, lit: (row?.lit ?? 0) + 1, place: String(position) },
};
const lit: Lit = { type: 'lamp.lit', data: { at: 'now' } };
const gone: Gone = { type: 'lamp.gone', data: {} };

describe('given and then for a projection', () => {
  it('folds the streams in the order given, each row by its key', () => {
    const { given } = projectionSpec(lamps);
    given().thenRows();
    given(stream('a', lit, lit)).thenRows({ lamp_id: 'a', lit: 2, place: '2' });
    given(stream('a', lit), stream('b', lit), stream('a', lit)).thenRows({ lit: 2, place: '3' }, { lamp_id: 'b' });
    given(stream('a', lit), stream('b', lit), stream('a', gone)).thenRows({ lamp_id: 'b' });
  });

  let calls = 0;
  it.each<[string, Partial<FoldProjection<LampRow, Lit | Gone>>]>([
    ['another row', { evolve: () => ({ lamp_id: 'a', lit: 7, place: '1' }) }],
    ['no row', { evolve: () => undefined }],
    ['a category that it does not read', { categories: ['candle'] }],
    ['a row under another key', { keyOf: () => ({ lamp_id: 'b' }) }],
    ['a key of other columns', { keyOf: ({ id }) => ({ lamp_id: id, lit: 1 }) }],
    ['an event that is written to', { evolve: (row, told) => (Object.assign(told.event.data, { at: '' }), row) }],
    ['a Date in a row', { evolve: (_, { id }) => ({ lamp_id: id, lit: 1, place: new Date(0) as never }) }],
    [
      'rows that differ when built anew',
      { evolve: (_, { id }) => ({ lamp_id: id, lit: 1, place: `${(calls += 1)}` }) },
    ],
  ])('fails on %s', (_, wrong) =>
    expect(() =>
      projectionSpec({ ...lamps, ...wrong })
        .given(stream('a', lit))
        .thenRows({ lamp_id: 'a', lit: 1 }),
    ).toThrow(),
  );
});
