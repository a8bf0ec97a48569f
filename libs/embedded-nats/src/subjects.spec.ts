import fc from 'fast-check';
import { type Interest, isLiteral, isSubscribable, SubjectTree } from './subjects';

/** NATS matching said as simply as possible. */
function meets(pattern: string, subject: string): boolean {
  const [want, have] = [pattern.split('.'), subject.split('.')];
  if (have.includes('')) return false;
  const open = want.at(-1) === '>';
  if (open ? have.length < want.length : have.length !== want.length) return false;
  return want.every((token, index) => token === '*' || (open && index === want.length - 1) || token === have[index]);
}

const token = fc.constantFrom('a', 'b', 'c', '*', '消', 'a*');
const pattern = fc
  .tuple(fc.array(token, { minLength: 1, maxLength: 4 }), fc.boolean())
  .map(([tokens, open]) => [...tokens, ...(open ? ['>'] : [])].join('.'));
const literal = fc
  .array(fc.constantFrom('a', 'b', 'c', '消', 'a*', ''), { minLength: 1, maxLength: 5 })
  .map((t) => t.join('.'));
const entry = (subject: string, queue?: string): Interest => ({ subject, queue });

describe('what may be subscribed to', () => {
  it.each(['a', '*', '>', 'a.*.>', 'a*', 'a>', 'a.b>c', '*.*', '消.息'])('%s may', (subject) => {
    expect(isSubscribable(subject)).toBe(true);
  });
  it.each(['', '.', 'a..b', '.a', 'a.', '>.a', 'a.>.b', '>.>'])('%p may not', (subject) => {
    expect(isSubscribable(subject)).toBe(false);
  });
  it('a literal has neither wildcards nor empty tokens', () => {
    expect(['a.b', 'a*.b', 'a>'].map(isLiteral)).toEqual([true, true, true]);
    expect(['a.*', '>', 'a..b', '', 'a.'].map(isLiteral)).toEqual([false, false, false, false, false]);
  });
});

describe('the tree', () => {
  it('finds what a plain comparison finds, at every moment while subscriptions come and go', () => {
    const step = fc.oneof(
      fc.record({ add: pattern }),
      fc.record({ remove: fc.nat({ max: 20 }) }),
      fc.record({ ask: literal }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const tree = new SubjectTree<Interest>();
        const model: Interest[] = [];
        for (const one of steps) {
          if ('add' in one) {
            model.push(entry(one.add));
            tree.add(model.at(-1)!);
          } else if ('remove' in one) {
            const [gone] = model.splice(one.remove, 1);
            if (gone) tree.remove(gone);
          } else {
            const found = tree.match(one.ask).all;
            expect(new Set(found)).toEqual(new Set(model.filter(({ subject }) => meets(subject, one.ask))));
            expect(found).toHaveLength(new Set(found).size);
          }
          expect(tree.size).toBe(model.length);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('gathers members of a queue group across patterns', () => {
    const tree = new SubjectTree<Interest>();
    const members = [entry('a.>', 'q'), entry('a.*', 'q'), entry('a.b', 'q'), entry('a.b', 'p'), entry('a.b')];
    members.forEach((member) => tree.add(member));
    const { all, groups } = tree.match('a.b');
    expect(all).toEqual([members[4]]);
    expect(groups.map((group) => group.length).sort()).toEqual([1, 3]);
  });

  it('keeps nothing of what has left, and does not mind being asked for ever new subjects', () => {
    const tree = new SubjectTree<Interest>();
    const one = entry('a.*.c.>');
    tree.add(one);
    tree.add(one);
    for (let index = 0; index < 10_000; index += 1) tree.match(`reply.${index}`);
    tree.remove(one);
    tree.remove(one);
    expect(tree).toEqual(Object.assign(new SubjectTree<Interest>(), { remembered: new Map() }));
  });
});
