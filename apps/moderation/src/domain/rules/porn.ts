import { RuleSet } from './rule-set';

export const porn: RuleSet = {
  label: 'porn',
  then: 'block',
  words: [
    ...['色情网站', '色情视频', '成人视频', '成人影片', '情色小说', '裸聊', '约炮', '一夜情交友', '上门服务小姐', '小姐上门', '同城约会上门', '援交', '包夜服务'],
    ...['全套服务莞式', '莞式服务', '无码影片', '无码视频', '激情视频', '偷拍视频出售', '私密照出售', '福利姬', '看片加群', '看片神器', '裸照', '卖淫', '嫖娼', '招嫖'],
    ...['porn', 'pornhub', 'xvideos', 'free porn', 'nude pics', 'live sex', 'sex cam', 'hot girls nearby', 'escort service', 'xxx videos'],
  ],
  domains: ['pornhub.com', 'xvideos.com', 'xnxx.com'],
};
