/**
 * Words of people who warn of a thing, forbid it or report that it was stopped. Near one of them nothing is blocked for
 * good; an operator tells the warning from the offer.
 */
export const warnings: readonly string[] = [
  ...['禁止', '严禁', '提醒', '提示您', '警惕', '警示', '预警', '谨防', '慎防', '严防', '防范', '防骗', '反诈', '防诈'],
  ...['拦截', '屏蔽', '已封', '封禁', '举报', '打击', '查处', '查获', '破获', '抓获', '取缔', '整治', '处罚'],
  ...['切勿', '请勿', '勿信', '不要', '别信', '远离', '拒绝', '抵制', '杜绝', '识破', '揭秘', '骗局', '陷阱'],
  ...[
    '警方',
    '公安',
    '民警',
    '检察',
    '法院',
    '法官',
    '嫌疑',
    '涉嫌',
    '被捕',
    '判刑',
    '判处',
    '获刑',
    '被骗',
    '受害',
    '违法',
  ],
  ...['犯罪', '通报', '曝光', '科普', '条例', '危害', '戒毒', '禁毒', '专项行动'],
  ...[
    'warning',
    'beware',
    'blocked',
    'detected',
    'filtered',
    'quarantined',
    'removed',
    'banned',
    'prohibited',
    'forbidden',
  ],
  ...['do not', 'dont', 'reported', 'police', 'arrested', 'convicted', 'sentenced', 'fraud', 'scam'],
  ...['scams', 'phishing', 'awareness', 'prevention', 'prevent', 'avoid', 'alert', 'myth', 'addiction'],
  ...['recovery', 'harms', 'harmful', 'victims', 'illegal', 'research', 'documentary'],
];
