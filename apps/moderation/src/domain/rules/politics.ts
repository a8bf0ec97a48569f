import { RuleSet } from './rule-set';

// Few and plain: what is said about politics is for a person to judge, so these are held, never blocked.
export const politics: RuleSet = {
  label: 'politics',
  then: 'hold',
  words: ['颠覆国家政权', '煽动分裂国家', '武装推翻政府', '煽动民族仇恨', 'overthrow the government by force'],
};
