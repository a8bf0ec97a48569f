import { hanVariants } from './han-variants';

// Pairs: a look-alike character, or one that the table of variants reads differently, then the character that the rules
// use.
const variants =
  '發发開开賣卖買买槍枪彈弹藥药錢钱銀银賭赌場场證证辦办貸贷詐诈騙骗藝艺詢询務务員员網网絡络線线號号碼码單单雙双價价優优獎奖領领獲获團团資资產产費费話话視视頻频頁页導导師师賺赚賠赔穩稳過过進进運运動动電电腦脑槓杠' +
  '樂乐無无裡里裏里偽伪製制貨货專专業业會会職职財财貴贵賓宾盜盗竊窃聽听護护書书學学論论試试題题獄狱體体檢检測测華华萬万億亿歲岁週周莖茎陽阳壯壮種种禮礼麗丽龍龙龜龟馬马鳥鸟黨党權权國国顛颠亂乱裝装備备處处變变態态' +
  '褲裤媽妈賤贱殺杀綁绑債债償偿還还歸归協协議议釣钓魚鱼針针錄录輯辑輸输轉转迴回軟软嚴严厲厉壓压擴扩據据搶抢揹背門门灣湾島岛籌筹廣广東东蘋苹鑽钻鋼钢鐵铁餘余興兴奮奋劑剂療疗癒愈瀉泻減减濟济腎肾臟脏臺台湊凑徽微薇微' +
  '仦小囯国苐第彡三弌一弍二弎三玍生氺水吔也沵你祢你迗天兲天';

// Characters written as two halves: the two characters, then the one they are read as. Pairs that ordinary sentences
// contain (女子, 白勺) are left out.
const halves =
  '木仓枪 扌仓抢 贝者赌 十尃博 弓虽强 女干奸 讠乍诈 言乍诈 亻弋代 讠正证 言正证 西示票 覀示票 女票嫖 女昌娼 女支妓 弓单弹 火乍炸 木几机 亻叚假 氵先洗 金戋钱 钅戋钱 贝戋贱 ' +
  '金肖销 钅肖销 禾中种 亻言信 忄青情 石马码 扌丁打 代贝贷 走召超 犭句狗 犭者猪 女马妈 女良娘 衤果裸 身果裸 耳卯聊 耳只职 氵去法 力口加 馬扁骗 马扁骗';

const syllables =
  'yi一 wan万 shang上 xia下 bu不 si丝 si私 ge个 zhong中 feng丰 wan丸 le乐 mai买 mai卖 liao了 kui亏 jiao交 ren人 chou仇 dai代 dai贷 jian件 ' +
  'jia价 fen份 fang仿 hui会 chuan传 wei位 di低 zuo作 ni你 yong佣 bao保 xin信 xiu修 zhi值 jia假 tou偷 yuan元 chong充 xian先 guang光 ru入 ' +
  'quan全 ba八 gong公 liu六 yang养 jian兼 nei内 mao冒 xie写 bing冰 dong冻 jian减 ping凭 chu出 fen分 hua划 li利 dao到 zhi制 shua刷 ke刻 ban办 ' +
  'gong功 jia加 wu务 dong动 bao包 qian千 dan单 bo博 ka卡 yuan原 qu去 you友 fa发 ke可 tai台 he合 tong同 ming名 ba吧 ting听 yuan员 pin品 shou售 ' +
  'xi喜 qi器 yin因 yuan园 guo国 zai在 di地 chang场 cheng城 qiang墙 zeng增 zhuang壮 fu复 duo多 ye夜 da大 tou头 jiang奖 tao套 jian奸 hao好 ' +
  'ma妈 jie姐 wei威 niang娘 chang娼 biao婊 piao嫖 zi子 yun孕 an安 guan官 ding定 bao宝 ke客 jia家 mi密 dao导 xiao小 wei尾 ju局 bi币 shi师 dai带 ' +
  'mu幕 gan干 ping平 zhuang庄 fu府 pang庞 kai开 nong弄 shi式 dan弹 qiang强 lu录 cai彩 ying影 zheng征 wei微 hen恨 gong恭 xi息 nin您 qing情 ' +
  'cheng成 hu户 fang房 shou手 kou扣 di抵 ya押 pai拍 zhao招 ni拟 pin拼 na拿 jie接 tui推 yuan援 ban搬 yao摇 cao操 zhi支 shou收 gai改 fang放 zheng政 ' +
  'xiao效 wen文 dou斗 fang方 zu族 wu无 ri日 shi时 yi易 ti替 yue月 fu服 mu木 ben本 ji机 sha杀 quan权 tiao条 qiang枪 cha查 xiao校 an案 jian检 kuan款 ' +
  'wu武 si死 du毒 bi比 shi氏 min民 qi气 shui水 hui汇 zhi治 fa法 ni泥 zhu注 xi洗 luo洛 hai海 xiao消 tao淘 yin淫 qu渠 yuan源 ao澳 ji激 pao炮 lian炼 ' +
  'zha炸 zhao照 shan煽 pian片 te特 gou狗 zhu猪 wang王 xian现 qiu球 li理 yong用 bing病 bai白 bai百 de的 yi益 jian监 pan盘 meng盟 mu目 kan看 zhen真 ' +
  'zhe着 ma码 kan砍 zhuan砖 zu祖 shen神 piao票 fu福 miao秒 mi秘 zu租 shui税 wen稳 qie窃 zhan站 zhang章 da答 fen粉 cu粗 yue约 xian线 jie结 luo络 ' +
  'xu续 wang网 qun群 fan翻 lao老 kao考 liao聊 zhi职 gu股 fei肥 shen肾 xiong胸 chou臭 se色 hua花 cao草 jian荐 yao药 wan莞 wei薇 xu虚 dan蛋 hang行 ' +
  'biao表 lie裂 zhuang装 luo裸 fu覆 jian见 shi视 jie解 ji计 ji记 lun论 zheng证 ping评 shi试 cheng诚 hua话 shuo说 qing请 zhang账 huo货 gou购 jian贱 ' +
  'fei费 zi资 du赌 pei赔 zhuan赚 zan赞 pao跑 gen跟 shen身 tang躺 zhuan转 ruan软 guo过 fan返 mi迷 tui退 dao道 bu部 pei配 liang量 jin金 zhen针 ' +
  'qian钱 yin银 xiao销 men门 yang阳 xiang项 ling领 pin频 dian颠 ma马 jia驾 qi骑 pian骗 gao高 ma麻 hei黑 xi西 zhi职 suo锁 fa伐 fa罚 fa乏 piao飘 piao漂 kai凯 dai带 dai待 zha诈 yi艺 ' +
  'han喊 jiao缴 na纳 wo我 tou投 bei呗 ce册 he荷 pai牌 zhi址 guai乖 zu组 zhi织 ju聚 zhong众 luan乱 mei妹 shu殊 zai载 kou口 ji姬';

/** The simplified Chinese character for a traditional, Japanese or look-alike one. */
export const simplifiedOf: ReadonlyMap<string, string> = new Map(
  ((hanVariants + variants).match(/../gu) ?? []).map((pair) => [pair[0]!, pair[1]!] as const),
);

/** Key: two UTF-16 units as the first times 65 536 plus the second. Value: the unit they are read as. */
export const joinedFrom: ReadonlyMap<number, number> = new Map(
  halves.split(' ').map((entry) => [entry.charCodeAt(0) * 0x10000 + entry.charCodeAt(1), entry.charCodeAt(2)] as const),
);

/** Toneless pinyin, one reading each, of the characters in the rules and of some that sound alike. */
export const pinyinOf: ReadonlyMap<string, string> = new Map(
  syllables.split(' ').flatMap((entry) => {
    const spelled = /^[a-z]+/.exec(entry)![0];
    return [...entry.slice(spelled.length)].map((character) => [character, spelled] as const);
  }),
);
