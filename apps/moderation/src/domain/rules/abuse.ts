import { RuleSet } from './rule-set';

export const abuse: RuleSet = {
  label: 'abuse',
  then: 'block',
  words: [
    ...[
      '操你妈',
      '草泥马的',
      '干你娘',
      '你妈死了',
      '死全家',
      '全家死光',
      '去死吧你',
      '狗娘养的',
      '王八蛋',
      '臭婊子',
      '贱人去死',
      '杀你全家',
      '砍死你',
      '弄死你全家',
    ],
    ...['fuck you', 'motherfucker', 'kill yourself', 'son of a bitch', 'i will kill you', 'go to hell bitch'],
  ],
};
