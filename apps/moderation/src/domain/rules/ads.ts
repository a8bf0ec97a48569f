import { RuleSet } from './rule-set';

export const ads: RuleSet = {
  label: 'ads',
  then: 'block',
  words: [
    ...['兼职日结加微信'],
    ...['低价代充话费', '代充会员秒到', '代写论文', '论文代写', '代发论文', '代刷粉丝', '刷粉刷赞', '买粉丝加微信', '刷好评返现'],
    ...['包过包拿证', '考试包过', '祖传秘方', '一针见效', '无效退款包治', '包治百病', '丰胸神器', '减肥神药', '壮阳药', '增大增粗'],
    ...['淘宝刷销量', '拼多多刷单', '低价出售高仿', '高仿名表', '高仿包包', '一比一复刻', '原单尾货加微信', '招代理日入', '加盟躺赚'],
    ...['buy followers', 'cheap viagra', 'buy viagra', 'buy cialis', 'penis enlargement', 'replica watches', 'cheap replica', 'weight loss miracle'],
    ...['essay writing service cheap', 'buy instagram likes', 'seo backlinks cheap'],
  ],
  together: [
    {
      groups: [
        ['加微信', '加薇信', '加威信', '加vx', '加v信', '加扣扣', '加qq', '加wx', '私聊微信'],
        ['代充', '代刷', '刷单', '返利', '返佣', '日赚', '月入过万', '躺赚', '内部渠道', '特价出售', '诚招代理', '资源群'],
      ],
      within: 30,
    },
  ],
};
