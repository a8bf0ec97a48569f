import { RuleSet } from './rule-set';

export const porn: RuleSet = {
  label: 'porn',
  then: 'block',
  words: [
    ...['约炮群', '同城约炮', '援交妹', '特殊服务上门莞式', '裸照出售', '色情视频下载', '色情网站入口'],
    ...['成人视频', '成人影片', '情色小说', '裸聊', '一夜情交友', '包夜服务'],
    ...[
      '全套服务莞式',
      '莞式服务',
      '无码影片',
      '无码视频',
      '激情视频',
      '偷拍视频出售',
      '私密照出售',
      '福利姬',
      '看片加群',
      '看片神器',
      '招嫖',
    ],
    ...[
      'porn',
      'pornhub',
      'xvideos',
      'free porn',
      'nude pics',
      'live sex',
      'sex cam',
      'hot girls nearby',
      'escort service',
      'xxx videos',
    ],
  ],
  domains: ['pornhub.com', 'xvideos.com', 'xnxx.com'],
};
