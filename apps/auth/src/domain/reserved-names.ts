import { skeletonOf } from './name-skeleton';

// Names that only their proven owners may take. Compared by skeleton, so look-alikes, spaces and capitals count as the
// name itself.

/** The hub's own. */
const own = ['hark', '听见hark'];

/** Names that only the hub may give itself or an app. */
const claims = ['official', 'verified', 'certified', 'authenticated'];
const claimsInChinese = [
  '官方',
  '官网',
  '官網',
  '已认证',
  '已認證',
  '已验证',
  '已驗證',
  '已核实',
  '认证账号',
  '认证应用',
];
const claimMarks = /[✓✔☑✅🗸🗹√㊣ⓋⓥⓇ🅥🆅🅅®™℠]/u;

/** Words after a name that make it pass for its owner. */
const helpers =
  'app bot team hub push pay support service services admin security system help center notification notifications'.split(
    ' ',
  );

/** Brands that people lose money by: refused anywhere in a name. */
const guarded = 'wechat weixin wepay alipay paypal unionpay tenpay 12306'.split(' ');
const guardedInChinese = (
  '微信 支付宝 支付寶 财付通 財付通 云闪付 雲閃付 银联 銀聯 余额宝 蚂蚁集团 腾讯 騰訊 淘宝 淘寶 天猫 天貓 京东 京東 ' +
  '抖音 钉钉 釘釘 飞书 飛書 小红书 小紅書 拼多多 美团 美團 微博 百度 阿里巴巴 阿里云 阿里雲 滴滴出行 携程 ' +
  '工商银行 工商銀行 建设银行 建設銀行 农业银行 農業銀行 中国银行 中國銀行 招商银行 招商銀行 交通银行 交通銀行 邮储银行 ' +
  '中国移动 中國移動 中国联通 中國聯通 中国电信 中國電信 反诈中心 公安局 派出所 税务局 稅務局 人民法院 检察院 医保局 社保局 顺丰 順豐'
).split(' ');

/** Brands that are also words, or stand in honest names of tools for them: refused only as the whole name. */
const whole = (
  'apple google microsoft amazon facebook instagram whatsapp telegram twitter tiktok douyin taobao tmall tencent alibaba ' +
  'baidu bilibili qq github gitlab netflix visa mastercard stripe steam icloud gmail outlook binance 苹果 蘋果 小米 华为 華為 快手'
).split(' ');

// 非官方 (unofficial) is honest.
const claimInChinese = new RegExp(`(?<!非)(${claimsInChinese.join('|')})`, 'u');
const skeletons = (names: readonly string[]): ReadonlySet<string> => new Set(names.map(skeletonOf));
const ownStems = skeletons(own);
const claimStems = skeletons(claims);
const helperStems = skeletons(helpers);
const guardedStems = skeletons(guarded);
const wholeStems = skeletons(whole);

/** Whether a stored name claims to be the hub, a brand or verified. `raw` is the name as it was sent. */
export function isReserved(name: string, raw: string): boolean {
  if (claimMarks.test(raw) || claimMarks.test(name)) return true;
  const joined = skeletonOf(name);
  const han = joined.replace(/[^\p{Script=Han}]/gu, '');
  if (claimInChinese.test(han)) return true;
  if (guardedInChinese.some((brand) => han.includes(brand))) return true;
  const words = wordsOf(name);
  const isNamed = [...words, ...runsOf(joined)].some((word) => isStemmed(word));
  return isNamed || wholeStems.has(joined) || wholeStems.has(withoutHelpers(joined));
}

/** Whether a word is a reserved name or claim, also with helpers and claims attached to it. */
function isStemmed(word: string): boolean {
  return [word, withoutHelpers(word)].some(
    (stem) => ownStems.has(stem) || claimStems.has(stem) || guardedStems.has(stem),
  );
}

/** The word without one helper or claim at each end. */
function withoutHelpers(word: string): string {
  const affixes = [...helperStems, ...claimStems].sort((left, right) => right.length - left.length);
  const tail = affixes.find((affix) => word.endsWith(affix) && word.length > affix.length);
  const headless = tail ? word.slice(0, -tail.length) : word;
  const head = affixes.find((affix) => headless.startsWith(affix) && headless.length > affix.length);
  return head ? headless.slice(head.length) : headless;
}

/** The skeletons of a name's words, split at spaces, signs, scripts and capitals; single letters are joined. */
function wordsOf(name: string): readonly string[] {
  const parted = name
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Script=Han}+)/gu, ' $1 ')
    .split(/[^\p{L}\p{N}\p{M}|$@]+/u)
    .filter((word) => word !== '');
  const words: string[] = [];
  let spelled = '';
  for (const word of [...parted, '']) {
    if ([...word].length === 1) spelled += word;
    else {
      if (spelled !== '') words.push(spelled);
      spelled = '';
      if (word !== '') words.push(word);
    }
  }
  return words.map(skeletonOf);
}

/** The parts of a skeleton between Chinese characters. */
const runsOf = (skeleton: string): readonly string[] => skeleton.split(/\p{Script=Han}+/u).filter((run) => run !== '');
