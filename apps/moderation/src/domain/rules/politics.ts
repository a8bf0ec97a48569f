import { RuleSet } from './rule-set';

// Few plain words. They only hold and never block: an operator judges what a text says about politics.
export const politics: RuleSet = {
  label: 'politics',
  then: 'hold',
  words: ['颠覆国家政权', '煽动分裂国家', '武装推翻政府', '煽动民族仇恨', 'overthrow the government by force'],
};
