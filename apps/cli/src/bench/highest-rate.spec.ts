import { holds } from './highest-rate';
import { LoadResult } from './push-load';

const summary = (ms: number | null) => ({ count: 100, p50: ms, p95: ms, p99: ms, max: ms });
const good: LoadResult = {
  offeredPerSecond: 100,
  offered: 100,
  accepted: 100,
  errors: {},
  lost: 0,
  doubled: 0,
  acceptedPerSecond: 100,
  arrivedPerSecond: 100,
  acceptMs: summary(5),
  endToEndMs: summary(20),
  generatorLateMs: summary(1),
  timeline: [],
};

describe('a rate', () => {
  it('holds when everything arrived in time', () => expect(holds(good)).toEqual({ held: true }));

  it.each<[string, Partial<LoadResult>, string]>([
    ['an error', { errors: { '503 service.overloaded': 1 } }, 'errors: 503 service.overloaded'],
    ['a push that did not arrive', { lost: 1 }, '1 not arrived'],
    ['too few accepted', { accepted: 98 }, '98 of 100 accepted'],
    ['a slow end to end', { endToEndMs: summary(1_001) }, 'end to end p99 1001 ms'],
    ['nothing measured', { endToEndMs: summary(null) }, 'end to end p99 0 ms'],
  ])('does not hold with %s', (_what, part, because) => {
    expect(holds({ ...good, ...part })).toEqual({ held: false, because });
  });
});
