import { RuleSet } from './rule-set';

export const fraud: RuleSet = {
  label: 'fraud',
  then: 'block',
  words: [
    ...['导师带单喊单', '缴纳解冻费', '躺着赚钱加微信', '跟我投稳赚不赔', '注销校园贷账户请转账', '接单刷单兼职'],
    ...['兼职刷单', '刷单日结', '日赚千元', '日入过千', '日入斗金', '内幕消息荐股'],
    ...[
      '荐股群',
      '跟单稳赚',
      '带单老师',
      '无抵押秒放款',
      '无视黑白户',
      '黑户可贷',
      '不看征信下款',
      '征信修复',
      '征信洗白',
    ],
    ...['强开花呗', '花呗套现', '信用卡套现', '白条套现', '恭喜您中奖请汇款', '中奖先交手续费', '先交保证金领奖'],
    ...['虚拟币搬砖', '资金盘项目', '跑分平台', '跑分赚佣金', '出租银行卡', '收购银行卡', '出售银行卡'],
    ...[
      'you have won the lottery',
      'claim your prize now',
      'send the gift card codes',
      'crypto giveaway',
      'double your bitcoin',
      'nigerian prince',
    ],
    ...['verify your bank account immediately', 'recover your wallet seed phrase', 'wire the fee to release'],
  ],
};
