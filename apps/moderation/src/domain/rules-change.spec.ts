import { LocalVerdict } from './local-rules';
import { rulesChange } from './rules-change';

const clean: LocalVerdict = { is: 'clean' };
const hold: LocalVerdict = { is: 'hold', label: 'ads' };
const block: LocalVerdict = { is: 'block', label: 'ads' };

it.each([
  [clean, clean, undefined],
  [clean, hold, 'held'],
  [clean, block, 'blocked'],
  [hold, clean, 'released'],
  [hold, { is: 'hold', label: 'fraud' }, undefined],
  [hold, block, 'blocked'],
  [block, clean, 'released'],
  [block, hold, 'eased'],
] as const)('from %j to %j a text is %s', (before, after, expected) =>
  expect(rulesChange(before, after)).toBe(expected),
);
