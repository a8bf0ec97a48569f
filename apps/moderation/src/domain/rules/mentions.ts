import { RuleSet } from './rule-set';

// Words that are in warnings and news as well as in offers. They only hold: an operator tells them apart.

export const illegalMentions: RuleSet = {
  label: 'illegal',
  then: 'hold',
  words: ['网络赌博', '网上赌博', '毒品交易', '冰毒', '海洛因', '洗黑钱', '地下钱庄', '假身份证', '假文凭', '赌球'],
};

export const fraudMentions: RuleSet = {
  label: 'fraud',
  then: 'hold',
  words: [
    '稳赚不赔',
    '稳赚不亏',
    '保本高收益',
    '刷单兼职',
    '杀猪盘',
    '冒充公检法',
    '注销校园贷',
    '庞氏骗局',
    '转入安全账户',
    '转到安全账户',
    '刷单返佣',
    '校园贷注销',
  ],
};

export const pornMentions: RuleSet = {
  label: 'porn',
  then: 'hold',
  words: ['色情网站', '色情视频', '卖淫嫖娼', '组织卖淫', '聚众淫乱', '裸照'],
};
